"""Failures that `explain` was never tuned on: other packages, other scripts. They are only measured."""

from hfspace_action.errors import Place
from tests.kit.corpus.scenario import DOCKER, GRADIO, Scenario

SLIM = "FROM python:3.13-slim\nENV HOME=/home/user\nWORKDIR /home/user/app\n"
APP = "import gradio as gr\n\ndemo = gr.ChatInterface(lambda message, history: message)\ndemo.launch()\n"

SCENARIOS = [
    Scenario(
        name="pip-unknown-in-included-file", id="requirement-not-found", place=Place("deps/base.txt", 2), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "-r deps/base.txt\nidna\n", "deps/base.txt": "certifi\ntorchh-visionn==0.1\n"},
        run=lambda at: at.pip(python="3.12"),
    ),
    Scenario(
        name="pip-unknown-version-with-extra", id="requirement-not-found", place=Place("requirements.txt", 4), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "certifi\n\n# web\nuvicorn[standard]==0.0.999 ; python_version > '3'\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-conflict-three", id="requirements-conflict", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "requests==2.31.0\nurllib3==1.20\n"},
        run=lambda at: at.pip(python="3.12"),
    ),
    Scenario(
        name="pip-invalid-name", id="requirement-invalid", place=Place("requirements.txt", 3), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "certifi\nidna\npillow >> 9\n"},
        run=lambda at: at.pip(python="3.12"),
    ),
    Scenario(
        name="pip-build-failed-pycairo", id="requirement-build-failed", place=Place("requirements.txt", 3), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "certifi\nidna\npycairo==1.27.0\n"},
        run=lambda at: at.pip(python="3.12"),
    ),
    Scenario(
        name="pip-needs-newer-python-ipython", id="requirement-python", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "requirements.txt": "ipython>=9.1\ncertifi\n"},
        run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-sdk-version-unknown", id="sdk-version-unknown", place=Place("README.md", 4), stage="BUILD_ERROR",
        files={"README.md": GRADIO.replace("5.49.1", "99.0.1"), "app.py": APP, "requirements.txt": "certifi\n"},
        run=lambda at: at.pip("-r requirements.txt 'gradio[oauth,mcp]==99.0.1' 'uvicorn>=0.14.0'"),
    ),
    Scenario(
        name="uv-unknown-version", id="requirement-not-found", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "requirements.txt": "certifi==1.0.0rc9\nidna\n"},
        run=lambda at: at.uv(python="3.12"),
    ),
    Scenario(
        name="uv-build-failed", id="requirement-build-failed", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "requirements.txt": "idna\npygraphviz==1.13\n"},
        run=lambda at: at.uv(),
    ),
    Scenario(
        name="apt-in-dockerfile", id="system-package-not-found", place=Place("Dockerfile", 5), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM + "RUN apt-get update && \\\n    apt-get install -y libgthread-nosuch file\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="pip-two-requirements-not-copied", id="requirements-missing", place=Place("Dockerfile", 4), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "deps/app.txt": "idna\n",
               "Dockerfile": SLIM + "RUN pip install --break-system-packages --no-cache-dir -r deps/app.txt\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="module-missing-sklearn", id="module-missing", place=Place("ml/train.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import os\nfrom ml import train\n", "ml/__init__.py": "",
               "ml/train.py": "import csv\nfrom sklearn.svm import SVC\n", "requirements.txt": "numpy\n"},
        run=lambda at: at.app(python="3.13"),
    ),
    Scenario(
        name="module-missing-in-flask", id="module-missing", place=Place("web.py", 1), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "web.py": "import yaml\nfrom flask import Flask\napp = Flask('web')\n"},
        run=lambda at: at.app("flask --app web run --port 7860", packages=["flask"]),
    ),
    Scenario(
        name="module-of-the-repository-wrong-folder", id="local-module-missing", place=Place("server/app.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "server/app.py": "import json\nimport prompts\n", "common/prompts.py": "HELLO = 1\n",
               "Dockerfile": SLIM + "COPY . .\nCMD python server/app.py\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="import-of-a-moved-name", id="import-failed", place=Place("core/tools.py", 1), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import core.tools\n", "core/tools.py": "from werkzeug import url_quote\n", "requirements.txt": "flask\n"},
        run=lambda at: at.app(packages=["flask"], python="3.12"),
    ),
    Scenario(
        name="library-missing-gl", id="library-missing", place=Place("app.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "packages.txt": "ffmpeg\n", "app.py": "import os\nimport cv2\n",
               "Dockerfile": SLIM + "RUN pip install --break-system-packages -q opencv-python==4.10.0.84\nCOPY . .\nCMD [\"python\", \"app.py\"]\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="unterminated-string", id="syntax-error", place=Place("app.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import os\nprint('hello)\n"},
        run=lambda at: at.app(python="3.13"),
    ),
    Scenario(
        name="tabs-and-spaces", id="syntax-error", place=Place("ui/page.py", 3), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import ui.page\n", "ui/page.py": "def page():\n    x = 1\n\ty = 2\n"},
        run=lambda at: at.app(),
    ),
    Scenario(
        name="crash-in-class", id="app-crashed", place=Place("models/store.py", 5), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "from models.store import Store\n\nStore('/nowhere/data.csv')\n",
               "models/store.py": "import csv\n\nclass Store:\n    def __init__(self, path):\n        self.rows = list(csv.reader(open(path)))\n"},
        run=lambda at: at.app(python="3.13"),
    ),
    Scenario(
        name="crash-in-fastapi-startup", id="app-crashed", place=Place("main.py", 7), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "main.py": "from contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n\n\n@asynccontextmanager\nasync def life(app):\n    raise ValueError('no database')\n    yield\n\n\napp = FastAPI(lifespan=life)\n"},
        run=lambda at: at.app("uvicorn main:app --port 7860", packages=["fastapi", "uvicorn"]),
    ),
    Scenario(
        name="gradio-wrong-event", id="app-crashed", place=Place("app.py", 5), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import gradio as gr\n\nwith gr.Blocks() as demo:\n    box = gr.Textbox()\n    box.push(print)\ndemo.launch()\n"},
        run=lambda at: at.app(packages=["gradio==5.49.1"]),
    ),
    Scenario(
        name="environment-missing-settings", id="environment-missing", place=Place("conf/settings.py", 2), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "from conf import settings\n", "conf/settings.py": "from os import environ\nURL = environ['DATABASE_URL'].strip()\n"},
        run=lambda at: at.app(python="3.13"),
    ),
    Scenario(
        name="permission-denied-in-script", id="permission-denied", place=Place("Dockerfile", 5), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "run.sh": "set -e\nmkdir /home/user/app/logs\n", "Dockerfile": SLIM + "COPY . .\nCMD [\"sh\", \"run.sh\"]\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="gated-model-not-in-list", id="gated-model", place=Place("load.py", 4), stage="RUNTIME_ERROR",
        files={"README.md": GRADIO, "app.py": "import load\nload.weights()\n",
               "load.py": "import huggingface_hub as hub\n\ndef weights():\n    return hub.snapshot_download('maker/big-model', revision='main')\n"},
        run=lambda at: at.app(python="3.12", packages=["huggingface_hub==2.4.0"], refusal=(
            403, "GatedRepo", "Access to model maker/big-model is restricted and you are not in the authorized list.")),
    ),
    Scenario(
        name="wrong-port-flask", id="wrong-port", place=Place("README.md", 5), stage="RUNTIME_ERROR",
        message="Launch timed out, workload was not healthy after 30 min",
        files={"README.md": "---\ntitle: Web\nemoji: x\nsdk: docker\napp_port: 8080\n---\n", "Dockerfile": SLIM,
               "web.py": "from flask import Flask\napp = Flask('web')\n"},
        run=lambda at: at.app("flask --app web run --host 0.0.0.0 --port 5005", packages=["flask"], until="http://"),
    ),
    Scenario(
        name="wrong-port-streamlit", id="wrong-port", place=Place("README.md", 4), stage="APP_STARTING",
        files={"README.md": DOCKER, "Dockerfile": SLIM + "CMD streamlit run page.py\n", "page.py": "import streamlit as st\nst.write('hi')\n"},
        run=lambda at: at.app("streamlit run page.py --server.port 8507 --server.address 0.0.0.0 --server.headless true", packages=["streamlit"], until="URL:"),
    ),
    Scenario(
        name="loopback-gunicorn", id="loopback-only", place=Place("Dockerfile", 4), stage="RUNTIME_ERROR",
        message="Launch timed out, workload was not healthy after 30 min",
        files={"README.md": DOCKER.replace("7860", "7866"), "Dockerfile": SLIM + "CMD gunicorn --bind 127.0.0.1:7866 web:app\n", "web.py": "def app(environ, start): ...\n"},
        run=lambda at: at.app("gunicorn --bind 127.0.0.1:7866 web:app", packages=["gunicorn"], until="Listening"),
    ),
    Scenario(
        name="memory-node", id="out-of-memory", place=None, stage="RUNTIME_ERROR", message="Exit code: 134. Reason: ",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "hog.js": "const kept = []\nfor (;;) kept.push(new Array(1e5).fill('x'))\n"},
        run=lambda at: at.node("node --max-old-space-size=30 hog.js"),
    ),
    Scenario(
        name="memory-build-buildkit", id="out-of-memory", place=Place("Dockerfile", 4), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM + "RUN echo bundling && sh -c 'kill -9 $$'\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="step-failed-script", id="docker-step-failed", place=Place("Dockerfile", 6), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "build.sh": "echo preparing\nfalse\n", "Dockerfile": "ARG TAG=3.13-slim\nFROM python:${TAG} AS base\n\nCOPY . /src\nWORKDIR /src\nRUN set -e; sh build.sh \\\n  && echo done\n"},
        run=lambda at: at.classic(),
    ),
    Scenario(
        name="step-failed-second-stage", id="docker-step-failed", place=Place("Dockerfile", 5), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": "FROM python:3.13-slim AS tools\nRUN echo 1\nFROM python:3.13-slim\nCOPY --from=tools /etc/hostname /h\nRUN tar xf /nothing.tar\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="copy-missing-add", id="copy-missing", place=Place("Dockerfile", 5), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "app.py": "", "Dockerfile": SLIM + "ENV A=1\nADD app.py assets.tar /data/\n"},
        run=lambda at: at.classic(),
    ),
    Scenario(
        name="copy-missing-from-stage", id="copy-missing", place=Place("Dockerfile", 5), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": "FROM python:3.13-slim AS build\nRUN mkdir /out\n\nFROM python:3.13-slim\nCOPY --from=build /out/dist /dist\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="from-without-image", id="dockerfile-invalid", place=Place("Dockerfile", 2), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": "# demo\nFROM\nRUN echo\n"},
        run=lambda at: at.buildkit(),
    ),
    Scenario(
        name="start-command-in-list-not-found", id="start-command", place=Place("Dockerfile", 6), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM + "EXPOSE 7860\nUSER 1000\nENTRYPOINT [\"uvicorn\", \"main:app\"]\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="app-file-missing-in-folder", id="app-file-missing", place=Place("Dockerfile", 5), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "src/run.py": "", "Dockerfile": SLIM + "COPY . .\nCMD python source/run.py --port 7860\n"},
        run=lambda at: at.container(),
    ),
    Scenario(
        name="node-local-module-missing", id="local-module-missing", place=Place("index.js", 1), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "index.js": "const db = require('./lib/db')\n", "lib/db.js": "exports.x = 1\n"},
        absent=("lib/db.js",), run=lambda at: at.node("node index.js"),
    ),
    Scenario(
        name="node-crash-async", id="app-crashed", place=Place("src/start.mjs", 3), stage="RUNTIME_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "src/start.mjs": "import { readFile } from 'node:fs/promises'\nasync function start() {\n  const all = JSON.parse('{broken')\n  return readFile(all)\n}\nawait start()\n"},
        run=lambda at: at.node("node src/start.mjs"),
    ),
    Scenario(
        name="npm-missing-script", id="npm-failed", place=Place("package.json", None), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "package.json": '{\n  "name": "site",\n  "scripts": {"start": "node ."}\n}\n'},
        run=lambda at: at.node("npm run build"),
    ),
    Scenario(
        name="npm-lock-missing", id="npm-lock", place=Place("package.json", None), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM, "package.json": '{\n  "name": "site"\n}\n'},
        run=lambda at: at.node("npm ci"),
    ),
]  # fmt: skip
