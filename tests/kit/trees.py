"""Small Spaces: thirty that can't run, each with what has to be foreseen of it, and thirty that can."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from hfspace_action.errors import Place
from hfspace_action.file import File
from hfspace_action.readers.files import Deployed

GRADIO = "---\ntitle: Demo\nsdk: gradio\nsdk_version: 5.49.1\n---\n"
DOCKER = "---\ntitle: Demo\nsdk: docker\napp_port: 7860\n---\n"
STATIC = "---\ntitle: Demo\nsdk: static\n---\n"
BUILT = "---\nsdk: static\napp_build_command: npm run build\napp_file: dist/index.html\n---\n"
APP = "import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Markdown('Hello')\n\nif __name__ == '__main__':\n    demo.launch()\n"
SLIM = "FROM python:3.13-slim\nWORKDIR /app\n"
NODE = "FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\n"
SITE = '{\n  "name": "site",\n  "scripts": {"build": "vite build", "start": "node server.js"},\n  "devDependencies": {"vite": "5.4.0"}\n}\n'
LOCK = '{"name": "site", "lockfileVersion": 3, "packages": {"": {"name": "site"}, "node_modules/vite": {"version": "5.4.0"}}}\n'


@dataclass(frozen=True)
class Space:
    """The files of a Space. `id` and `place` are those of what has to be foreseen, if it can't run."""

    name: str
    files: Mapping[str, str]
    id: str = ""
    place: Place | None = None
    certain: bool = True
    hardware: str | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(self.files)

    def text(self, path: str) -> str | None:
        """The text of one."""
        return self.files.get(path)

    @property
    def deployed(self) -> Deployed:
        """The files as a deploy has them."""
        return Deployed({path: File.of(path, text.encode()) for path, text in self.files.items()})

    @property
    def data(self) -> dict[str, object]:
        """The front matter."""
        return yaml.safe_load(self.files["README.md"].split("---\n")[1]) or {}


def gradio(requirements: str | None = None, app: str = APP, readme: str = GRADIO, **files: str) -> dict[str, str]:
    """A Gradio Space."""
    asked = {} if requirements is None else {"requirements.txt": requirements}
    return {"README.md": readme, "app.py": app, **asked, **files}


def docker(dockerfile: str, **files: str) -> dict[str, str]:
    """A Docker Space."""
    return {"README.md": DOCKER, "Dockerfile": dockerfile, **files}


FAULTY = [
    # The file that starts
    Space("no app.py", {"README.md": GRADIO, "main.py": APP}, "app-file-missing", Place("README.md", 3)),
    Space("app_file misspelt", gradio(readme="---\nsdk: gradio\napp_file: src/ap.py\n---\n", **{"src/app.py": APP}), "app-file-missing", Place("README.md", 3)),
    Space("no index.html", {"README.md": STATIC, "home.html": "<p>"}, "app-file-missing", Place("README.md", 3)),
    Space("no Dockerfile", {"README.md": DOCKER, "docker/Dockerfile": SLIM}, "app-file-missing", Place("README.md", 3)),
    # Versions
    Space("sdk_version against the pin", gradio("numpy\ngradio==4.44.1\n"), "sdk-version-conflict", Place("requirements.txt", 2)),
    Space("sdk_version against a range", gradio("gradio>=4,<5\n"), "sdk-version-conflict", Place("requirements.txt", 1)),
    Space("sdk_version latest", gradio(readme=GRADIO.replace("5.49.1", "latest")), "sdk-version-unknown", Place("README.md", 4)),
    Space("python_version 2.7", gradio(readme="---\nsdk: gradio\npython_version: '2.7'\n---\n"), "python-version-unknown", Place("README.md", 3)),
    # Requirements
    Space("a requirement with =>", gradio("numpy\nflask=>2.0\n"), "requirement-invalid", Place("requirements.txt", 2)),
    Space("a command for a requirement", gradio("pip install numpy\n"), "requirement-invalid", Place("requirements.txt", 1)),
    Space("two pins of one package", gradio("click==8.1.0\nnumpy\nclick>=8.2\n"), "requirements-conflict", Place("requirements.txt", 3)),
    Space("a local label", gradio("numpy\ntorch==2.1.0+cu118\n"), "requirement-label", Place("requirements.txt", 2)),
    Space("a path of conda", gradio("numpy\nexceptiongroup @ file:///build/exceptiongroup_170/work\n"), "requirement-path", Place("requirements.txt", 2)),
    Space("editable self", gradio("-e .\n", **{"pyproject.toml": "[project]\nname='x'\n"}), "requirement-path", Place("requirements.txt", 1)),
    Space("nested requirements", gradio("-r requirements/base.txt\n", **{"requirements/base.txt": "numpy\n"}), "requirements-missing", Place("requirements.txt", 1)),
    Space("a package for Windows", gradio("numpy\npywin32==306\n"), "requirement-platform", Place("requirements.txt", 2)),
    Space("a part of Python", gradio("sqlite3\nnumpy\n"), "requirement-not-found", Place("requirements.txt", 1)),
    # packages.txt
    Space("packages.txt with a comment", gradio(**{"packages.txt": "ffmpeg\n# for OCR\ntesseract-ocr\n"}), "packages-txt", Place("packages.txt", 2)),
    Space("packages.txt with CRLF", gradio(**{"packages.txt": "ffmpeg\r\n"}), "packages-txt", Place("packages.txt", 1)),
    # Code
    Space("a syntax error", gradio(app="import gradio as gr\n\ndef greet(name:\n    return name\n"), "syntax-error", Place("app.py", 3)),
    Space("a syntax error in a module", gradio(app="import gradio\nfrom ui import page\n" + APP, **{"ui/__init__.py": "", "ui/page.py": "x = = 1\n"}), "syntax-error", Place("ui/page.py", 1)),
    Space("no launch", gradio(app=APP.split("if __name__", maxsplit=1)[0]), "app-ended", Place("app.py", 3)),
    Space("dependencies in pyproject.toml", gradio(app="import humanize\n" + APP, **{"pyproject.toml": "[project]\ndependencies = ['humanize']\n"}), "module-missing", Place("app.py", 1), certain=False),
    Space("a port of its own", gradio(app=APP.replace("launch()", "launch(server_port=8080)")), "wrong-port", Place("app.py", 7), certain=False),
    # Dockerfile
    Space("COPY of a missing file", docker(SLIM + "COPY weights/model.bin ./\nCMD [\"python\", \"app.py\"]\n", **{"app.py": ""}), "copy-missing", Place("Dockerfile", 3)),
    Space("an unknown instruction", docker(SLIM + "RUNN pip install flask\n"), "dockerfile-invalid", Place("Dockerfile", 3)),
    Space("app_port against the start command", docker(SLIM + "COPY . .\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8000\"]\n"), "wrong-port", Place("Dockerfile", 4), certain=False),
    Space("a start script with CRLF", docker(SLIM + "COPY . .\nRUN chmod +x start.sh\nCMD [\"./start.sh\"]\n", **{"start.sh": "#!/bin/bash\r\nset -e\r\n"}), "line-ends", Place("start.sh", 1)),
    Space("npm ci without a lock", docker(NODE + "RUN npm ci\nCOPY . .\nCMD npm start\n", **{"package.json": SITE}), "npm-lock", Place("Dockerfile", 4)),
    Space("a build without its script", {"README.md": BUILT, "package.json": '{"scripts": {"biuld": "vite build"}}\n'}, "npm-failed", Place("README.md", 3)),
]  # fmt: skip

HEALTHY = [
    Space("gradio alone", gradio()),
    Space("gradio with its pin", gradio("gradio==5.49.1\nnumpy\n")),
    Space("gradio in a range", gradio("gradio[oauth]>=5,<6\n")),
    Space("requirements of many kinds", gradio(
        "# models\n--extra-index-url https://download.pytorch.org/whl/cpu\ntorch==2.1.0+cpu\nnumpy>=1.24,<3 ; python_version >= '3.9'\n"
        "transformers[torch] @ git+https://github.com/huggingface/transformers@v4.57.0\n\npywin32==306 ; sys_platform == 'win32'\n"
        "https://example.com/demo-1.0-py3-none-any.whl\nscikit_learn~=1.5\nPillow!=10.0\nidna==3.7 \\\n  --config-settings=x=y\n")),
    Space("constraints of an older pip", gradio("numpy (>=1.20)\nclick (>=8,<9)\n")),
    Space("twice, and both can be", gradio("click>=8\nclick<9\nnumpy==1.26.*\nnumpy==1.26.4\n")),
    Space("other files for other machines", gradio("numpy\n", **{"requirements-dev.txt": "-r requirements.txt\n-e .\n", "environment.yml": "dependencies: [python=2.7]\n"})),
    Space("pre-requirements", gradio("numpy\n", **{"pre-requirements.txt": "pip>=24\n", "packages.txt": "ffmpeg\nlibgl1\ntesseract-ocr=5*\n"})),
    Space("an app in a folder", gradio(readme="---\nsdk: gradio\napp_file: src/main.py\n---\n", **{"src/main.py": "import helpers\n" + APP, "src/helpers.py": ""})),
    Space("launch in another file", gradio(app="from ui import build\n\ndemo = build()\ndemo.queue()\n", **{"ui.py": APP.replace("if __name__ == '__main__':\n    demo.launch()", "def build():\n    demo.launch()")})),
    Space("served by uvicorn", gradio("fastapi\nuvicorn\n", app="import gradio as gr, uvicorn\nwith gr.Blocks() as demo:\n    pass\napp = gr.mount_gradio_app(None, demo, '/')\nuvicorn.run(app, port=7860)\n")),
    Space("launched by a library", gradio("evaluate\n", app="import evaluate\nfrom evaluate.utils import launch_gradio_widget\n\nlaunch_gradio_widget(evaluate.load('x'))\n")),
    Space("a port by the environment", gradio(app="import os\n" + APP.replace("launch()", "launch(server_name='0.0.0.0', server_port=int(os.environ.get('PORT', 7860)))"))),
    Space("imports that may fail", gradio(app="try:\n    import humanize\nexcept ImportError:\n    humanize = None\nimport numpy, pandas, requests, PIL\n" + APP)),
    Space("a newer Python", gradio(readme="---\nsdk: gradio\npython_version: '3.13'\n---\n", app="type Row = list[int]\n" + APP)),
    Space("ZeroGPU", gradio("spaces\ntorch\n", app="import spaces\n\n@spaces.GPU\ndef run(): ...\n" + APP), hardware="zero-a10g"),
    Space("a page", {"README.md": STATIC, "index.html": "<h1>Hi</h1>"}),
    Space("a page of another name", {"README.md": "---\nsdk: static\napp_file: docs/home.html\n---\n", "docs/home.html": "<h1>Hi</h1>"}),
    Space("a page that is built", {"README.md": BUILT, "package.json": SITE, "package-lock.json": LOCK}),
    Space("docker", docker(SLIM + "COPY . .\nRUN pip install -r requirements.txt\nEXPOSE 7860\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"7860\"]\n", **{"requirements.txt": "uvicorn\n./libs/tools\n-r more.txt\n", "more.txt": "", "main.py": ""})),
    Space("stages", docker(
        "# syntax=docker/dockerfile:1\nARG TAG=22\nFROM node:${TAG}-slim AS web\nWORKDIR /web\nCOPY web/package*.json ./\nRUN npm ci\nCOPY web .\nRUN npm run build\n"
        "FROM python:3.13-slim AS unused\nCOPY nothing.txt /x\nFROM python:3.13-slim\nCOPY --from=web /web/dist /srv\nCOPY --chown=1000 [\"app.py\", \"data files/\", \"/srv/\"]\n"
        "ADD https://example.com/model.bin /srv/\nENV PORT=7860\nEXPOSE $PORT\nCMD python /srv/app.py --port $PORT\n",
        **{"web/package.json": SITE, "web/package-lock.json": LOCK, "web/src/x.js": "", "app.py": "", "data files/a.csv": ""})),
    Space("here-documents", docker(SLIM + "COPY <<EOF /start.sh\nexec python -m http.server 7860\nEOF\nRUN <<EOF\nNOTANINSTRUCTION x\nEOF\nCMD [\"sh\", \"/start.sh\"]\n")),
    Space("behind nginx", docker("FROM nginx\nCOPY nginx.conf /etc/nginx/\nCOPY start.sh /\nEXPOSE 7860\nCMD uvicorn main:app --port 8000 & nginx -g 'daemon off;'\n", **{"nginx.conf": "", "start.sh": "#!/bin/sh\n"})),
    Space("a script with CRLF that is mended", docker(SLIM + "COPY . .\nRUN sed -i 's/\\r$//' start.sh && chmod +x start.sh\nCMD [\"./start.sh\"]\n", **{"start.sh": "#!/bin/bash\r\nset -e\r\n"})),
    Space("npm with a guard", docker(NODE + "RUN npm ci || npm install\nRUN npm run lint --if-present\nCOPY . .\nCMD npm start\n", **{"package.json": SITE})),
    Space("npm with its lock", docker(NODE + "RUN npm ci\nCOPY . .\nRUN npm run build\nCMD npm start\n", **{"package.json": SITE, "package-lock.json": LOCK})),
    Space("requirements that the build makes", docker(SLIM + "COPY pyproject.toml .\nRUN pip install uv && uv export -o requirements.txt && pip install -r requirements.txt\nCMD python -m http.server 7860\n", **{"pyproject.toml": ""})),
    Space("a virtual environment on Debian", docker("FROM debian:bookworm\nRUN apt-get install -y python3-venv && python3 -m venv /v\nENV PATH=/v/bin:$PATH\nRUN pip install flask\nEXPOSE 7860\nCMD python -m http.server 7860\n")),
    Space("lower case and continued lines", docker("from python:3.13-slim as base\nrun pip install \\\n  # the server\n  flask \\\n  gunicorn\ncopy . .\ncmd gunicorn --bind 0.0.0.0:7860 app:app\n", **{"app.py": ""})),
    Space("old keys that hurt nobody", {"README.md": DOCKER.replace("title: Demo", "title: Demo\npinned: false\nhf_oauth: true\nhf_oauth_scopes: [email]\nbase_path: /web"), "Dockerfile": SLIM + "EXPOSE 7860\nCMD python -m http.server 7860\n"}),
]  # fmt: skip
