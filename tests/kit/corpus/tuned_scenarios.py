"""The failures that `explain` was written with."""

from hfspace_action.errors import Place
from tests.kit.corpus.scenario import DOCKER, GRADIO, Scenario

BASE = "FROM python:3.13-slim\nWORKDIR /app\n"
APP = "import gradio as gr\n\ngr.Interface(lambda text: text, 'text', 'text').launch()\n"

SCENARIOS = [
    # pip and uv
    Scenario(
        name="pip-unknown-package", id="requirement-not-found", place=Place("requirements.txt", 3), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "# what the app needs\nflask\nnumpyy-typo\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-unknown-version", id="requirement-not-found", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "flask\nitsdangerous==99.1  # soon\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-conflict", id="requirements-conflict", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "Werkzeug==2.0.0\nflask==3.0.0\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-conflict-twice", id="requirements-conflict", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "click==8.1.0\nidna\nclick>=8.2\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-invalid-line", id="requirement-invalid", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "idna\nflask=>2.0\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-build-failed", id="requirement-build-failed", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "idna\nsklearn\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-compile-failed", id="requirement-build-failed", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "mysqlclient==2.2.4\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-needs-newer-python", id="requirement-python", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "idna\nnumpy==2.3.0\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-sdk-version-conflict", id="sdk-version-conflict", place=Place("README.md", 4), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "gradio==4.44.0\n"},
        run=lambda at: at.pip("-r requirements.txt 'gradio[oauth]==5.49.1' 'uvicorn>=0.14.0'"),
    ),
    Scenario(
        name="pip-in-dockerfile", id="requirement-not-found", place=Place("Dockerfile", 4), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE + "RUN pip install --break-system-packages \\\n      flask-typo-nosuch\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="pip-requirements-not-copied", id="requirements-missing", place=Place("Dockerfile", 3), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "requirements.txt": "idna\n",
               "Dockerfile": BASE + "RUN pip install --break-system-packages -r requirements.txt\nCOPY . .\n"},
        run=lambda at: at.classic(),
    ),
    Scenario(
        name="uv-unknown-package", id="requirement-not-found", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "requirements.txt": "idna\nnumpyy-typo>=1\n"},
        run=lambda at: at.uv(),
    ),
    Scenario(
        name="uv-conflict", id="requirements-conflict", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "requirements.txt": "Werkzeug==2.0.0\nflask==3.0.0\n"},
        run=lambda at: at.uv(),
    ),
    # apt
    Scenario(
        name="apt-packages-txt", id="system-package-not-found", place=Place("packages.txt", 2), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "packages.txt": "file\nlibgl1-mesa-glx\n"},
        run=lambda at: at.hub_build(
            "RUN --mount=target=/root/packages.txt,source=packages.txt \tapt-get update && xargs -r -a packages.txt apt-get install -y",
            "apt-get update -q && xargs -r -a packages.txt apt-get install -y",
        ),
    ),
    # Python
    Scenario(
        name="module-missing", id="module-missing", place=Place("app.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import json\nimport transformers\n", "requirements.txt": ""},
        run=lambda at: at.app(),
    ),
    Scenario(
        name="module-missing-other-name", id="module-missing", place=Place("src/vision.py", 3), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "from src.vision import see\n", "src/__init__.py": "",
               "src/vision.py": "import json\n\nimport cv2\n", "requirements.txt": "numpy\n"},
        run=lambda at: at.app(python="3.12"),
    ),
    Scenario(
        name="module-missing-in-uvicorn", id="module-missing", place=Place("main.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "main.py": "from fastapi import FastAPI\nfrom PIL import Image\n"},
        run=lambda at: at.app("uvicorn main:app --host 0.0.0.0 --port 7860", packages=["fastapi", "uvicorn"]),
    ),
    Scenario(
        name="module-of-the-repository-not-copied", id="local-module-missing", place=Place("app.py", 1), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "app.py": "from helpers.text import clean\n", "helpers/text.py": "def clean(): ...\n",
               "Dockerfile": BASE + "COPY app.py .\nCMD [\"python\", \"app.py\"]\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="import-of-a-removed-name", id="import-failed", place=Place("app.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import json\nfrom markupsafe import soft_unicode\n", "requirements.txt": "markupsafe\n"},
        run=lambda at: at.app(packages=["markupsafe"]),
    ),
    Scenario(
        name="library-missing", id="library-missing", place=Place("app.py", 3), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import ctypes\n\nsound = ctypes.CDLL('libportaudio.so.2')\n"},
        run=lambda at: at.app(),
    ),
    Scenario(
        name="syntax-error", id="syntax-error", place=Place("app.py", 3), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import json\n\ndef greet(name:\n    return name\n"},
        run=lambda at: at.app(),
    ),
    Scenario(
        name="indentation-error", id="syntax-error", place=Place("lib/model.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "from lib import model\n", "lib/model.py": "def load():\nreturn 1\n"},
        run=lambda at: at.app(python="3.12"),
    ),
    Scenario(
        name="crash-in-library", id="app-crashed", place=Place("app.py", 4), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import json\n\ndef load():\n    return json.loads('{oops')\n\nload()\n"},
        run=lambda at: at.app(),
    ),
    Scenario(
        name="crash-while-handling", id="app-crashed", place=Place("app.py", 4), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "try:\n    open('model.bin')\nexcept OSError as error:\n    raise RuntimeError('no model') from error\n"},
        run=lambda at: at.app(python="3.13"),
    ),
    Scenario(
        name="gradio-wrong-argument", id="app-crashed", place=Place("app.py", 4), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Textbox(lable='Name')\n\ndemo.launch()\n"},
        run=lambda at: at.app(packages=["gradio==5.49.1"]),
    ),
    Scenario(
        name="environment-missing", id="environment-missing", place=Place("app.py", 3), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import os\n\nkey = os.environ['OPENAI_API_KEY']\n"},
        run=lambda at: at.app(),
    ),
    Scenario(
        name="permission-denied", id="permission-denied", place=Place("app.py", 3), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "app.py": "import os\n\nos.makedirs('/app/cache')\n",
               "Dockerfile": BASE + "COPY . .\nCMD [\"python\", \"app.py\"]\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="gated-model", id="gated-model", place=Place("app.py", 3), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "from huggingface_hub import hf_hub_download\n\nhf_hub_download('maker/model', 'config.json')\n"},
        run=lambda at: at.app(packages=["huggingface_hub==2.4.0"], refusal=(
            401, "GatedRepo", "Access to model maker/model is restricted. You must be authenticated to access it.")),
    ),
    Scenario(
        name="model-missing", id="model-missing", place=Place("app.py", 4), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "from huggingface_hub import snapshot_download\n\n\nsnapshot_download('maker/modle')\n"},
        run=lambda at: at.app(packages=["huggingface_hub==2.4.0"], refusal=(401, "RepoNotFound", "Repository not found")),
    ),
    # Ports
    Scenario(
        name="wrong-port-uvicorn", id="wrong-port", place=Place("README.md", 4), stage="APP_STARTING",
        files={"README.md": DOCKER, "Dockerfile": BASE, "main.py": "async def app(scope, receive, send): ...\n"},
        run=lambda at: at.app("uvicorn main:app --host 0.0.0.0 --port 8123", packages=["fastapi", "uvicorn"], until="running on"),
    ),
    Scenario(
        name="wrong-port-gradio", id="wrong-port", place=Place("app.py", 3), stage="RUNTIME_ERROR",
        message="Launch timed out, workload was not healthy after 30 min",
        files={"README.md": GRADIO, "app.py": "import gradio as gr\n\ngr.Interface(lambda text: text, 'text', 'text').launch(server_name='0.0.0.0', server_port=8085)\n"},
        run=lambda at: at.app(packages=["gradio==5.49.1"], until="Running on"),
    ),
    Scenario(
        name="wrong-port-http-server", id="wrong-port", place=Place("README.md", 3), stage="RUNTIME_ERROR",
        message="Launch timed out, workload was not healthy after 30 min",
        files={"README.md": "---\ntitle: Files\nsdk: docker\n---\n", "Dockerfile": BASE + "CMD python -m http.server 8000\n"},
        run=lambda at: at.app("python -m http.server 8231 --bind 0.0.0.0", until="Serving"),
    ),
    Scenario(
        name="loopback-flask", id="loopback-only", place=Place("app.py", 4), stage="RUNTIME_ERROR",
        message="Launch timed out, workload was not healthy after 30 min",
        files={"README.md": DOCKER.replace("7860", "7861"), "Dockerfile": BASE, "app.py": "from flask import Flask\n\napp = Flask('demo')\napp.run(port=7861)\n"},
        run=lambda at: at.app(packages=["flask"], until="Running on"),
    ),
    Scenario(
        name="never-healthy", id="never-healthy", place=None, stage="RUNTIME_ERROR",
        message="Launch timed out, workload was not healthy after 30 min",
        files={"README.md": DOCKER, "Dockerfile": BASE, "app.py": "print('Loading the model')\n"},
        run=lambda at: at.app(until="Loading"),
    ),
    # Memory
    Scenario(
        name="memory-run", id="out-of-memory", place=None, stage="RUNTIME_ERROR", message="Exit code: 137. Reason: ",
        files={"README.md": DOCKER, "app.py": "print('Loading', flush=True)\nbytearray(512 << 20)\n",
               "Dockerfile": BASE + "COPY . .\nCMD [\"python\", \"app.py\"]\n"},
        run=lambda at: at.container("--memory", "64m", "--memory-swap", "64m"),
    ),
    Scenario(
        name="memory-build", id="out-of-memory", place=Place("Dockerfile", 3), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE + "RUN python -c 'import os; print(\"compiling\", flush=True); os.kill(os.getpid(), 9)'\n"},
        run=lambda at: at.classic(),
    ),
    # Dockerfile
    Scenario(
        name="step-failed-classic", id="docker-step-failed", place=Place("Dockerfile", 3), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE + "RUN mkdir /data && \\\n    ls /data/model.bin\nCOPY . .\n"},
        run=lambda at: at.classic(),
    ),
    Scenario(
        name="step-failed-buildkit", id="docker-step-failed", place=Place("Dockerfile", 5), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE + "# prepare\nRUN mkdir /data\nRUN ls /data/model.bin\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="copy-missing-classic", id="copy-missing", place=Place("Dockerfile", 4), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE + "\nCOPY weights/model.bin /app/\n"},
        run=lambda at: at.classic(),
    ),
    Scenario(
        name="copy-missing-buildkit", id="copy-missing", place=Place("Dockerfile", 4), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE + "\nCOPY weights/model.bin /app/\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="unknown-instruction", id="dockerfile-invalid", place=Place("Dockerfile", 3), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE + "RUNN echo hello\n"},
        run=lambda at: at.classic(),
    ),
    Scenario(
        name="unknown-instruction-buildkit", id="dockerfile-invalid", place=Place("Dockerfile", 4), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE + "\nRUNN echo hello\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="start-script-not-executable", id="start-command", place=Place("Dockerfile", 4), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "start.sh": "#!/bin/sh\necho hi\n", "Dockerfile": BASE + "COPY . .\nCMD [\"./start.sh\"]\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="start-command-not-found", id="start-command", place=Place("Dockerfile", 3), stage="RUNTIME_ERROR",
        message="Exit code: 127. Reason: ",
        files={"README.md": DOCKER, "Dockerfile": BASE + "CMD gunicorn app:app\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="app-file-missing", id="app-file-missing", place=Place("Dockerfile", 4), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "main.py": "", "Dockerfile": BASE + "COPY . .\nCMD [\"python\", \"app.py\"]\n"},
        run=lambda at: at.container(),
    ),
    # Node
    Scenario(
        name="node-module-missing", id="module-missing", place=Place("server.js", 2), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "package.json": "{}\n", "server.js": "const fs = require('fs')\nconst web = require('express')\n"},
        run=lambda at: at.node("node server.js"),
    ),
    Scenario(
        name="node-package-missing", id="module-missing", place=Place("src/main.mjs", 3), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "src/main.mjs": "import fs from 'node:fs'\n\nimport web from 'koa'\n"},
        run=lambda at: at.node("node src/main.mjs"),
    ),
    Scenario(
        name="node-syntax-error", id="syntax-error", place=Place("server.js", 2), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "server.js": "const a = 1\nfunction f( { return 2 }\n"},
        run=lambda at: at.node("node server.js"),
    ),
    Scenario(
        name="node-crash", id="app-crashed", place=Place("server.js", 2), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "server.js": "const config = undefined\nconsole.log(config.port)\n"},
        run=lambda at: at.node("node server.js"),
    ),
    Scenario(
        name="npm-unknown-package", id="npm-failed", place=Place("package.json", 4), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "package.json": '{\n  "name": "demo",\n  "dependencies": {\n    "nosuch-pkg-zzz-123": "1"\n  }\n}\n'},
        run=lambda at: at.node("npm install"),
    ),
    Scenario(
        name="npm-unknown-version", id="npm-failed", place=Place("package.json", 3), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": BASE, "package.json": '{\n  "dependencies": {\n    "isarray": "99.0.0"\n  }\n}\n'},
        run=lambda at: at.node("npm install"),
    ),
]  # fmt: skip
