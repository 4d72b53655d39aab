"""The Dockerfiles of refusals: what they install, and how they start the app."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from hfspace_action.card import card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure
from tests.kit.gitrepo import write
from tests.kit.space.made_repositories import FASTAPI, FLASK, STREAMLIT, Files, package

NODE = "require('http').createServer().listen("
PANDAS = "import pandas as pd\nimport sklearn\n" + STREAMLIT


class Case(NamedTuple):
    name: str
    files: Files
    install: str
    command: list[str]
    port: int = 7860


CASES = [
    Case("requirements", {"app.py": STREAMLIT, "requirements.txt": "streamlit\n"}, "pip install --no-cache-dir -r requirements.txt", ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=7860"]),
    Case("requirements without the framework", {"app.py": STREAMLIT, "requirements.txt": "numpy\n"}, "-r requirements.txt streamlit", ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=7860"]),
    Case("requirements beside the app", {"backend/main.py": FASTAPI, "backend/requirements.txt": "fastapi\nuvicorn\n"}, "-r backend/requirements.txt", ["uvicorn", "--host=0.0.0.0", "--port=7860", "backend.main:app"]),
    Case("requirements for several", {"app.py": STREAMLIT, "requirements/prod.txt": "streamlit\n"}, "-r requirements/prod.txt", ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=7860"]),
    Case("no requirements: what the code imports", {"app.py": PANDAS}, "pandas scikit-learn streamlit", ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=7860"]),
    Case("no requirements: what its modules import", {"app.py": "import ui\n" + STREAMLIT, "ui.py": "import os\nimport yaml\n"}, "streamlit pyyaml", ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=7860"]),
    Case("pyproject", {"app.py": PANDAS, "pyproject.toml": "[project]\nname = 'x'\ndependencies = ['streamlit>=1.30']\n"}, "'streamlit>=1.30'", ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=7860"]),
    Case("Pipfile", {"app.py": PANDAS, "Pipfile": "[packages]\nstreamlit = '*'\nscikit-learn = '==1.5.0'\n"}, "streamlit scikit-learn", ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=7860"]),
    Case("src/", {"src/shop/main.py": "from shop.api import x\n" + FASTAPI, "src/shop/__init__.py": "", "src/shop/api.py": "x = 1\n"}, "fastapi uvicorn", ["uvicorn", "--app-dir=src", "--host=0.0.0.0", "--port=7860", "shop.main:app"]),
    Case("a factory of another module", {"run.py": "from shop import create_app\n\nserver = create_app()\n", "shop/__init__.py": "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n"}, "flask gunicorn", ["gunicorn", "--bind=0.0.0.0:7860", "run:server"]),
    Case("a package that is the app", {"shop/__init__.py": FLASK}, "flask gunicorn", ["gunicorn", "--bind=0.0.0.0:7860", "shop:app"]),
    Case("Tornado, on a port of its own", {"main.py": "import tornado.web\n\napp = tornado.web.Application([])\napp.listen(8889)\n"}, "tornado", ["python", "main.py"], 8889),
    Case("aiohttp, on its default", {"main.py": "from aiohttp import web\n\nweb.run_app(web.Application())\n"}, "aiohttp", ["python", "main.py"], 8080),
    Case("Python's own server", {"server.py": "from http.server import *\n\nHTTPServer(('', 8000), SimpleHTTPRequestHandler).serve_forever()\n"}, "", ["python", "server.py"], 8000),
    Case("Node.js, on a port of its own", {"package.json": package("", "node server.js"), "server.js": f"{NODE}3000)\n"}, "npm install", ["npm", "start"], 3000),
    Case("Node.js, which asks for the port", {"package.json": package("", "node server.js"), "server.js": f"{NODE}process.env.PORT || 3000)\n"}, "npm install", ["npm", "start"]),
    Case("Node.js without a script", {"package.json": '{"main": "lib/start.js", "dependencies": {"koa": "3"}}', "lib/start.js": f"{NODE}8081)\n"}, "npm install", ["node", "lib/start.js"], 8081),
    Case("Node.js in a folder", {"server/package.json": package("", "node index.js", "express"), "server/index.js": ""}, "npm install", ["npm", "start"]),
    Case("Node.js by Bun", {"package.json": package("", "bun run index.ts", "elysia"), "index.ts": "", "bun.lock": ""}, "npm install && npm install --no-save bun", ["npm", "start"]),
    Case("SvelteKit for Node.js", {"package.json": package("vite build", "", "@sveltejs/kit", "@sveltejs/adapter-node")}, "npm install", ["node", "build"]),
    Case("SvelteKit for any", {"package.json": package("vite build", "", "@sveltejs/kit", "vite")}, "npm install", ["npx", "vite", "preview", "--host=0.0.0.0", "--port=7860", "--strictPort"]),
    Case("Nuxt", {"package.json": package("nuxt build", "nuxt dev", "nuxt")}, "npm install", ["node", ".output/server/index.mjs"]),
    Case("Next.js without a script", {"package.json": package("next build", "", "next")}, "npm install", ["npx", "next", "start"]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_app_s_packages_are_installed_and_its_server_is_reached(case: Case, tmp_path: Path) -> None:
    with pytest.raises(Failure) as refused:
        card.complete(walk.read(write(tmp_path, case.files), "."), space="alice/x", sdk=None, front_matter={})

    dockerfile = refused.value.advice
    assert json.loads(re.findall(r"^CMD (.*)$", dockerfile, re.MULTILINE)[0]) == case.command
    assert re.findall(r"^EXPOSE (.*)$", dockerfile, re.MULTILINE) == [str(case.port)]
    installs = re.findall(r"^RUN (?:pip|npm) .*$", dockerfile, re.MULTILINE)
    assert installs == [] if not case.install else installs[0].endswith(case.install)


def test_a_server_in_a_folder_is_built_there(tmp_path: Path) -> None:
    files = {"server/package.json": package("tsc", "node index.js", "express"), "server/index.js": ""}
    with pytest.raises(Failure) as refused:
        card.complete(walk.read(write(tmp_path, files), "."), space="alice/x", sdk=None, front_matter={})

    assert (
        "COPY --chown=node . .\nWORKDIR /home/node/app/server\nRUN npm install\nRUN npm run build\n"
        in refused.value.advice
    )
