"""Apps that don't start, written before the rules that explain them, and never looked at while these were written."""

from hfspace_action.errors import Place
from tests.kit.corpus.scenario import DOCKER, GRADIO, Scenario

SLIM = "FROM python:3.13-slim\nWORKDIR /app\n"
LAUNCHED = "Exit code: 0. Reason: application does not seem to be initialized"
SLOW = "Launch timed out, workload was not healthy after 30 min"
BOT = "import gradio as gr\n\n\ndef reply(message, history):\n    return message\n\n\nbot = gr.ChatInterface(reply)\nbot.queue()\n"
PYPROJECT = '[project]\nname = "demo"\nversion = "1"\ndependencies = ["humanize"]\n'

SCENARIOS = [
    Scenario(
        name="ended-chat-interface", id="app-ended", place=Place("app.py", 8), stage="RUNTIME_ERROR", message=LAUNCHED,
        files={"README.md": GRADIO, "app.py": BOT, "requirements.txt": ""},
        run=lambda at: at.app(packages=["gradio==5.49.1"], code=0), words="bot.launch()",
    ),
    Scenario(
        name="ended-flask-in-container", id="app-ended", place=Place("Dockerfile", 4), stage="RUNTIME_ERROR", message="Exit code: 0. Reason: ",
        files={"README.md": DOCKER, "app.py": "import json\napp = json.dumps({})\nprint('ready')\n", "Dockerfile": SLIM + "COPY . .\nCMD [\"python\", \"app.py\"]\n"},
        run=lambda at: at.container(code=0),
    ),
    Scenario(
        name="crlf-entrypoint", id="line-ends", place=Place("docker/entrypoint.sh", 1), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "docker/entrypoint.sh": "#!/bin/sh\r\nexec python -m http.server 7860\r\n",
               "Dockerfile": SLIM + "COPY docker/entrypoint.sh /entrypoint.sh\nRUN chmod +x /entrypoint.sh\nENTRYPOINT [\"/entrypoint.sh\"]\n"},
        run=lambda at: at.container(), words="CRLF",
    ),
    Scenario(
        name="crlf-run-by-sh", id="line-ends", place=Place("run.sh", 1), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "run.sh": "set -e\r\ncd /app\r\npython -m http.server 7860\r\n", "Dockerfile": SLIM + "COPY . .\nCMD [\"sh\", \"run.sh\"]\n"},
        run=lambda at: at.container(), words="CRLF",
    ),
    Scenario(
        name="crlf-in-build", id="line-ends", place=Place("build.sh", 1), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "build.sh": "#!/bin/bash\r\nset -euo pipefail\r\necho built\r\n", "Dockerfile": SLIM + "COPY . .\nRUN bash build.sh\n"},
        run=lambda at: at.classic(), words="CRLF",
    ),
    Scenario(
        name="zero-gpu-without-function", id="zero-gpu-unused", place=None, stage="RUNTIME_ERROR", message="No @spaces.GPU function detected during startup",
        files={"README.md": GRADIO, "app.py": "import gradio as gr\n\ngr.Interface(lambda text: text, 'text', 'text').launch()\n"},
        run=lambda at: at.app(packages=["gradio==5.49.1"], until="Running on"), words="@spaces.GPU",
    ),
    Scenario(
        name="pyproject-only", id="module-missing", place=Place("app.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import os\nimport humanize\n", "pyproject.toml": PYPROJECT},
        run=lambda at: at.app(python="3.12"), words="requirements.txt",
    ),
    Scenario(
        name="uvicorn-attribute", id="start-command", place=Place("Dockerfile", 5), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "main.py": "from fastapi import FastAPI\n\napi = FastAPI()\n",
               "Dockerfile": SLIM + "RUN pip install fastapi uvicorn\nCOPY . .\nCMD uvicorn main:app --host 0.0.0.0 --port 7860\n"},
        run=lambda at: at.app("uvicorn main:app --host 0.0.0.0 --port 7860", packages=["fastapi", "uvicorn"]), words="app",
    ),
    Scenario(
        name="uvicorn-default-port", id="wrong-port", place=Place("README.md", 4), stage="APP_STARTING",
        files={"README.md": DOCKER, "main.py": "async def app(scope, receive, send): ...\n", "Dockerfile": SLIM + "CMD uvicorn main:app\n"},
        run=lambda at: at.app("uvicorn main:app", packages=["fastapi", "uvicorn"], until="running on"), words="8000",
    ),
    Scenario(
        name="express-like-port", id="wrong-port", place=Place("README.md", 4), stage="RUNTIME_ERROR", message=SLOW,
        files={"README.md": DOCKER, "Dockerfile": SLIM, "server.js": "const port = 3000\nrequire('http').createServer().listen(port, () => {\n  console.log(`Example app listening on port ${port}!`)\n})\n"},
        run=lambda at: at.node("node server.js", until="listening"), words="3000",
    ),
    Scenario(
        name="audio-module-of-an-older-python", id="module-missing", place=Place("app.py", 1), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO.replace("3.10", "3.13"), "app.py": "from pydub import AudioSegment\n", "requirements.txt": "pydub\n"},
        run=lambda at: at.app(packages=["pydub"], python="3.13"), words="audioop-lts",
    ),
]  # fmt: skip
