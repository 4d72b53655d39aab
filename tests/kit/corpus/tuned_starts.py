"""Apps that don't start, by which the rules about how apps end and are started were written."""

from hfspace_action.errors import Place
from tests.kit.corpus.scenario import DOCKER, GRADIO, Scenario

SLIM = "FROM python:3.13-slim\nWORKDIR /app\n"
ENDED = "Exit code: 0. Reason: application does not seem to be initialized"
BLOCKS = "import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Markdown('hi')\n"

SCENARIOS = [
    Scenario(
        name="ended-without-launch", id="app-ended", place=Place("app.py", 3), stage="RUNTIME_ERROR", message=ENDED,
        files={"README.md": GRADIO, "app.py": BLOCKS, "requirements.txt": ""},
        run=lambda at: at.app(packages=["gradio==5.49.1"], code=0), words="demo.launch()",
    ),
    Scenario(
        name="ended-in-container", id="app-ended", place=Place("Dockerfile", 4), stage="RUNTIME_ERROR", message="Exit code: 0. Reason: ",
        files={"README.md": DOCKER, "main.py": "print('loaded')\n", "Dockerfile": SLIM + "COPY . .\nCMD python main.py\n"},
        run=lambda at: at.container(code=0), words="server",
    ),
    Scenario(
        name="crlf-script", id="line-ends", place=Place("start.sh", 1), stage="RUNTIME_ERROR", message="Exit code: 255. Reason: exec ./start.sh: no such file or directory",
        files={"README.md": DOCKER, "start.sh": "#!/bin/bash\r\nset -e\r\n", "Dockerfile": SLIM + "COPY . .\nRUN chmod +x start.sh\nCMD [\"./start.sh\"]\n"},
        run=lambda at: at.container(), words="*.sh text eol=lf",
    ),
    Scenario(
        name="crlf-run-by-bash", id="line-ends", place=Place("start.sh", 1), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "start.sh": "set -euo pipefail\r\npython app.py\r\n", "Dockerfile": SLIM + "COPY . .\nCMD [\"bash\", \"start.sh\"]\n"},
        run=lambda at: at.container(), words="CRLF",
    ),
    Scenario(
        name="crlf-in-run", id="line-ends", place=Place("scripts/setup.sh", 1), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "scripts/setup.sh": "#!/bin/sh\r\necho hello\r\n", "Dockerfile": SLIM + "COPY . .\nRUN chmod +x scripts/setup.sh && ./scripts/setup.sh\n"},
        run=lambda at: at.classic(), words="CRLF",
    ),
    Scenario(
        name="zero-gpu", id="zero-gpu-unused", place=None, stage="RUNTIME_ERROR", message="No @spaces.GPU function detected during startup",
        files={"README.md": GRADIO, "app.py": BLOCKS + "demo.launch()\n", "requirements.txt": ""},
        run=lambda at: at.app(packages=["gradio==5.49.1"], until="Running on"), words="cpu-basic",
    ),
    Scenario(
        name="dependencies-in-pyproject", id="module-missing", place=Place("app.py", 1), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import inflect\n" + BLOCKS, "pyproject.toml": "[project]\nname='x'\nversion='1'\ndependencies=['inflect']\n"},
        run=lambda at: at.app(), words="pyproject.toml",
    ),
    Scenario(
        name="gunicorn-attribute", id="start-command", place=Place("Dockerfile", 4), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "web.py": "app = None\n", "Dockerfile": SLIM + "COPY . .\nCMD [\"gunicorn\", \"-b\", \"0.0.0.0:7860\", \"web:application\"]\n"},
        run=lambda at: at.app("gunicorn -b 127.0.0.1:7897 web:application", packages=["gunicorn"]), words="application",
    ),
    Scenario(
        name="uvicorn-attribute-missing", id="start-command", place=Place("Dockerfile", 4), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "web.py": "application = None\n", "Dockerfile": SLIM + "COPY . .\nCMD [\"uvicorn\", \"web:app\", \"--port\", \"7860\"]\n"},
        run=lambda at: at.app("uvicorn web:app --port 7860", packages=["fastapi", "uvicorn"]), words="web",
    ),
    Scenario(
        name="node-port", id="wrong-port", place=Place("README.md", 4), stage="APP_STARTING",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "index.js": "require('http').createServer().listen(8080, '0.0.0.0', () => console.log('Server is running on http://0.0.0.0:8080'))\n"},
        run=lambda at: at.node("node index.js", until="running"), words="8080",
    ),
    Scenario(
        name="module-removed-from-python", id="module-missing", place=Place("app.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import json\nimport cgi\n", "requirements.txt": "idna\n"},
        run=lambda at: at.app(python="3.13"), words="python_version",
    ),
]  # fmt: skip
