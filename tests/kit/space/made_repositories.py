"""Made repositories in the shapes of real ones: those that are Spaces as they stand, and those that need lines to become one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Files = Mapping[str, str | bytes]

GRADIO = "import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Markdown('hi')\n\nif __name__ == '__main__':\n    demo.launch()\n"
PART = (
    "import gradio as gr\n\n\ndef build():\n    with gr.Blocks() as demo:\n        gr.Markdown('hi')\n    return demo\n"
)
STREAMLIT = "import streamlit as st\n\nst.title('hi')\n"
FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef root():\n    return {'hi': 1}\n"
FLASK = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route('/')\ndef root():\n    return 'hi'\n"
PAGE = "<!doctype html><title>x</title><h1>hi</h1>\n"
VITE = '<!doctype html><div id="root"></div><script type="module" src="/src/main.tsx"></script>\n'
DOCKERFILE = "FROM python:3.13-slim\nCOPY . .\nEXPOSE 7860\nCMD python -m http.server 7860\n"


def package(build: str = "", start: str = "", *packages: str) -> str:
    """A package.json with a build or start script and these packages."""
    scripts = ", ".join(f'"{name}": "{text}"' for name, text in (("build", build), ("start", start)) if text)
    return f'{{"scripts": {{{scripts}}}, "dependencies": {{{", ".join(f"{chr(34)}{name}{chr(34)}: {chr(34)}*{chr(34)}" for name in packages)}}}}}'


@dataclass(frozen=True)
class Space:
    """A tree that is a Space: what is chosen, what the front matter gets, and the words that say why."""

    files: Files
    sdk: str
    origin: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """A tree that is none yet: the failure, words of its message, and the SDK that it has once the lines are pasted; none where
    there is nothing that lines could mend."""

    files: Files
    error: str
    says: str
    becomes: str | None


VITE_BUILD = {"app_build_command": "npm install && npm run build -- --base=./", "app_file": "dist/index.html"}

SPACES = {
    # Gradio: which file is the app
    "app.py": Space({"app.py": GRADIO}, "gradio", "app.py, which imports gradio and calls launch()"),
    "demo.py alone": Space({"demo.py": GRADIO}, "gradio", "demo.py, which imports gradio and calls launch()", {"app_file": "demo.py"}),
    "any name alone": Space({"ocr_tool.py": GRADIO, "utils.py": "import os\n"}, "gradio", "ocr_tool.py", {"app_file": "ocr_tool.py"}),
    "app.py before others": Space({"app.py": GRADIO, "demo.py": GRADIO, "webui.py": GRADIO}, "gradio", "app.py"),
    "main.py before demo.py": Space({"demo.py": GRADIO, "main.py": GRADIO}, "gradio", "main.py", {"app_file": "main.py"}),
    "webui.py before an odd name": Space({"webui.py": GRADIO, "batch.py": GRADIO}, "gradio", "webui.py", {"app_file": "webui.py"}),
    "gradio_app.py": Space({"gradio_app.py": GRADIO, "train.py": "import torch\n"}, "gradio", "gradio_app.py", {"app_file": "gradio_app.py"}),
    "parts of an app": Space({"app.py": "from ui import build\n\nbuild().launch()\n", "ui.py": PART}, "gradio", "app.py, which imports gradio by way of ui.py and calls launch()"),
    "a part that could start by itself": Space({"main.py": "import tabs\n\ntabs.demo.launch()\n", "tabs.py": GRADIO}, "gradio", "main.py", {"app_file": "main.py"}),
    "run.py starts app.py": Space({"app.py": "import gradio as gr\n\ndemo = gr.Blocks()\n", "run.py": "from app import demo\n\ndemo.launch()\n"}, "gradio", "run.py", {"app_file": "run.py"}),
    "a package with relative imports": Space({"app.py": "from pkg.ui import demo\n\ndemo.launch()\n", "pkg/__init__.py": "", "pkg/ui.py": "from .blocks import demo\n", "pkg/blocks.py": PART}, "gradio", "by way of pkg/blocks.py"),
    "app.py of something else": Space({"app.py": "print()\n", "ui.py": GRADIO}, "gradio", "ui.py", {"app_file": "ui.py"}),
    "Gradio by way of a package": Space({"app.py": "from smolagents import GradioUI\n\nGradioUI(None).launch()\n", "requirements.txt": "smolagents[gradio]\n"}, "gradio", "is started with smolagents[gradio] from requirements.txt"),
    "Gradio by way of fastrtc": Space({"app.py": "from fastrtc import Stream\n\nstream = Stream()\nstream.ui.launch()\n", "requirements.txt": "fastrtc\n"}, "gradio", "is started with fastrtc"),
    "launch in another package": Space({"app.py": "import mylib\n\nmylib.demo().launch()\n", "requirements.txt": "gradio\nmylib\n"}, "gradio", "is started with gradio from requirements.txt"),
    "below a folder": Space({"src/app.py": GRADIO, "requirements.txt": "gradio\n", "src/util.py": ""}, "gradio", "src/app.py", {"app_file": "src/app.py"}),
    "below two folders": Space({"python/web/demo.py": GRADIO, "setup.py": ""}, "gradio", "python/web/demo.py", {"app_file": "python/web/demo.py"}),
    "at the top before a folder": Space({"demo.py": GRADIO, "examples/app.py": GRADIO}, "gradio", "demo.py", {"app_file": "demo.py"}),
    "tests beside it": Space({"demo.py": GRADIO, "tests/test_demo.py": GRADIO, "test_it.py": GRADIO}, "gradio", "demo.py", {"app_file": "demo.py"}),
    "a template beside it": Space({"app.py": GRADIO, "index.html": "{% extends 'x' %}<h1>{{ title | safe }}</h1>"}, "gradio", "app.py"),
    "a landing page beside it": Space({"app.py": GRADIO, "index.html": PAGE}, "gradio", "app.py"),
    "a Node front end beside it": Space({"app.py": GRADIO, "package.json": package("vite build", "", "vite"), "index.html": VITE, "src/main.tsx": ""}, "gradio", "app.py"),
    "FastAPI in the same app": Space({"app.py": "import gradio as gr\nimport uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\napp = gr.mount_gradio_app(app, gr.Blocks(), path='/')\nuvicorn.run(app, port=7860)\n"}, "gradio", "app.py, which imports gradio and starts a server with it"),
    "no launch, but named app.py": Space({"app.py": "from gradio.blocks import Blocks\n"}, "gradio", "app.py, which imports gradio"),
    "another Python's syntax": Space({"app.py": "import gradio\nthis is new = syntax\n"}, "gradio", "app.py, which imports gradio"),
    "an optional import": Space({"app.py": "try:\n    import gradio\nexcept ImportError:\n    pass\n"}, "gradio", "app.py"),
    "saved by Windows": Space({"app.py": b"\xef\xbb\xbf" + GRADIO.replace("\n", "\r\n").encode(), "requirements.txt": "gradio==4.44.1\r\n".encode("utf-16")}, "gradio", "app.py", {"sdk_version": "4.44.1"}),
    "in Latin-1, as it says": Space({"app.py": "# -*- coding: latin-1 -*-\n# caf\xe9\n".encode("latin-1") + GRADIO.encode()}, "gradio", "app.py"),
    "app_file in the README": Space({"README.md": "---\napp_file: one.py\n---\n", "one.py": GRADIO, "two.py": GRADIO}, "gradio", "one.py", {"app_file": "one.py"}),
    "app_file below a folder": Space({"README.md": "---\napp_file: demo/run.py\n---\n", "demo/run.py": GRADIO, "index.html": PAGE}, "gradio", "demo/run.py"),
    "pinned in an included file": Space({"app.py": GRADIO, "requirements.txt": "-r req/base.txt\n", "req/base.txt": "numpy\ngradio==5.1.0\n"}, "gradio", "app.py", {"sdk_version": "5.1.0"}),
    # Pages
    "a page": Space({"index.html": PAGE}, "static", "index.html, which is a page"),
    "a page with its files": Space({"index.html": '<script src="app.js"></script><link rel=stylesheet href="./css/a.css?v=2">', "app.js": "", "css/a.css": ""}, "static", "index.html"),
    "a page and tools to check it": Space({"index.html": PAGE, "package.json": package("", "", "prettier")}, "static", "index.html"),
    "a page with modules": Space({"index.html": '<script type="module" src="js/main.js"></script>', "js/main.js": ""}, "static", "index.html"),
    "Gradio-Lite": Space({"index.html": "<script src='https://cdn.jsdelivr.net/npm/@gradio/lite/dist/lite.js'></script><gradio-lite src='app.py'></gradio-lite>", "app.py": GRADIO}, "static", "index.html, which is a page and runs Gradio in the browser"),
    "one page of another name": Space({"game.html": PAGE, "game.js": ""}, "static", "game.html", {"app_file": "game.html"}),
    "pages in docs": Space({"docs/index.html": PAGE, "README.md": "# x\n"}, "static", "docs/index.html", {"app_file": "docs/index.html"}),
    "a built folder that was committed": Space({"dist/index.html": '<script src="./a.js"></script>', "dist/a.js": ""}, "static", "dist/index.html", {"app_file": "dist/index.html"}),
    "app_file that is a page": Space({"README.md": "---\napp_file: site/a.html\n---\n", "site/a.html": PAGE}, "static", "app_file: site/a.html"),
    # Pages that the Hub builds
    "Vite": Space({"index.html": VITE, "src/main.tsx": "", "package.json": package("tsc && vite build", "", "vite")}, "static", "package.json, which builds the page with Vite", VITE_BUILD),
    "Vite by its configuration": Space({"index.html": VITE, "src/main.tsx": "", "package.json": package("vite build"), "vite.config.ts": "export default {build: {outDir: 'public'}}"}, "static", "vite.config.ts", {**VITE_BUILD, "app_file": "public/index.html"}),
    "Vite with a lock file": Space({"index.html": VITE, "src/main.tsx": "", "package.json": package("vite build", "", "vite"), "package-lock.json": "{}"}, "static", "Vite", {**VITE_BUILD, "app_build_command": "npm ci && npm run build -- --base=./"}),
    "Vite with pnpm": Space({"index.html": VITE, "src/main.tsx": "", "package.json": package("vite build", "", "vite"), "pnpm-lock.yaml": ""}, "static", "Vite", {**VITE_BUILD, "app_build_command": "npx --yes pnpm install && npx --yes pnpm run build --base=./"}),
    "Vite below a root": Space({"src/index.html": VITE, "package.json": package("vite build", "", "vite"), "vite.config.js": "export default {root: 'src', build: {outDir: '../dist'}}"}, "static", "vite.config.js", VITE_BUILD),
    "Create React App": Space({"public/index.html": "<link href=%PUBLIC_URL%/x>", "src/index.js": "", "package.json": package("react-scripts build", "react-scripts start", "react-scripts")}, "static", "Create React App", {"app_build_command": "npm install && PUBLIC_URL=. npm run build", "app_file": "build/index.html"}),
    "Astro": Space({"src/pages/index.astro": "", "astro.config.mjs": "export default {}", "package.json": package("astro build", "astro dev", "astro")}, "static", "astro.config.mjs", {"app_build_command": "npm install && npm run build", "app_file": "dist/index.html"}),
    "Next export": Space({"app/page.tsx": "", "next.config.mjs": "export default { output: 'export' }", "package.json": package("next build", "next start", "next")}, "static", "Next.js", {"app_build_command": "npm install && npm run build", "app_file": "out/index.html"}),
    "SvelteKit": Space({"src/app.html": "", "svelte.config.js": "", "package.json": package("vite build", "", "@sveltejs/kit", "@sveltejs/adapter-static", "vite")}, "static", "SvelteKit", {"app_file": "build/index.html"}),
    "Vue CLI": Space({"public/index.html": "<%= BASE_URL %>", "package.json": package("vue-cli-service build", "", "@vue/cli-service")}, "static", "Vue CLI", {"app_file": "dist/index.html"}),
    "Eleventy": Space({"index.md": "# x", "package.json": package("eleventy", "", "@11ty/eleventy")}, "static", "Eleventy", {"app_file": "_site/index.html"}),
    "Parcel": Space({"src/index.html": '<script type=module src="main.ts">', "src/main.ts": "", "package.json": package("parcel build src/index.html", "", "parcel")}, "static", "Parcel", {"app_file": "dist/index.html"}),
    "a script that bundles in place": Space({"index.html": '<script src="bundle.js"></script>', "main.js": "", "package.json": package("esbuild main.js --bundle --outfile=bundle.js", "", "esbuild")}, "static", "esbuild", {"app_build_command": "npm install && npm run build", "app_file": "index.html"}),
    "a folder that Vite builds": Space({"web/index.html": VITE, "web/src/main.tsx": "", "web/package.json": package("vite build", "", "vite"), "data.csv": ""}, "static", "web/package.json", {"app_build_command": "cd web && npm install && npm run build -- --base=./", "app_file": "web/dist/index.html"}),
    # Which of several is the app
    "one that another replaced": Space({"app_v2.py": GRADIO, "app_old.py": GRADIO}, "gradio", "app_v2.py", {"app_file": "app_v2.py"}),
    "a program that starts a module": Space({"app.py": "import runpy\n\nrunpy.run_module('web.ui', run_name='__main__')\n", "web/__init__.py": "", "web/ui.py": "from .parts import x\n" + GRADIO, "web/parts.py": "x = 1\n"}, "gradio", "app.py, which imports gradio by way of web/ui.py and calls launch()"),
    "an app by way of src/": Space({"app.py": "from shop.ui import build\n\nbuild().launch()\n", "src/shop/__init__.py": "", "src/shop/ui.py": PART}, "gradio", "by way of src/shop/ui.py"),
    "the way of a web UI": Space({"launch.py": "import webui\n\nwebui.main()\n", "webui.py": "from modules import ui\n\n\ndef main():\n    ui.build().launch()\n", "modules/__init__.py": "", "modules/ui.py": PART}, "gradio", "webui.py", {"app_file": "webui.py"}),
    "an app and documentation beside it": Space({"app.py": GRADIO, "mkdocs.yml": "site_name: x\n", "docs/index.md": "# x\n"}, "gradio", "app.py"),
    # Pages that need no build
    "modules of src/ with a map of imports": Space({"index.html": '<script type="importmap">{}</script><script type="module" src="./src/app.js"></script>', "src/app.js": "import 'three'\n"}, "static", "index.html"),
    "modules of src/ that import one another": Space({"index.html": '<script type="module" src="src/app.js"></script>', "src/app.js": "import { a } from './a.js'\n", "src/a.js": "export const a = 1\n"}, "static", "index.html"),
    "a page that Babel compiles": Space({"index.html": '<script src="https://unpkg.com/@babel/standalone"></script><script type="text/babel" src="app.jsx"></script>', "app.jsx": ""}, "static", "index.html"),
    "PyScript": Space({"index.html": '<script type="module" src="https://pyscript.net/core.js"></script><script type="py" src="main.py"></script>', "main.py": "print()\n"}, "static", "index.html"),
    # Pages that the Hub builds
    "Vite that puts its pages outside": Space({"index.html": VITE, "src/main.tsx": "", "package.json": package("vite build", "", "vite"), "vite.config.js": "export default {build: {outDir: '../static'}}"}, "static", "vite.config.js", {"app_build_command": "npm install && npm run build -- --base=./ --outDir=dist", "app_file": "dist/index.html"}),
    "Angular 17": Space({"angular.json": '{"projects": {"shop": {"architect": {"build": {"builder": "@angular-devkit/build-angular:application", "options": {"outputPath": "dist/shop", "browser": "src/main.ts"}}}}}}', "src/index.html": PAGE, "package.json": package("ng build", "ng serve", "@angular/core")}, "static", "angular.json", {"app_build_command": "npm install && npm run build -- --base-href=./", "app_file": "dist/shop/browser/index.html"}),
    "Angular 15": Space({"angular.json": '{"projects": {"shop": {"architect": {"build": {"builder": "@angular-devkit/build-angular:browser", "options": {"outputPath": "dist/shop"}}}}}}', "src/index.html": PAGE, "package.json": package("ng build", "ng serve", "@angular/core")}, "static", "angular.json", {"app_file": "dist/shop/index.html"}),
    "Nuxt that generates": Space({"nuxt.config.ts": "", "app.vue": "", "package.json": package("nuxt generate", "", "nuxt")}, "static", "nuxt.config.ts", {"app_build_command": "npm install && npm run build", "app_file": ".output/public/index.html"}),
    "Nuxt without a server": Space({"nuxt.config.ts": "export default defineNuxtConfig({ ssr: false })", "package.json": package("nuxt build", "", "nuxt")}, "static", "nuxt.config.ts", {"app_build_command": "npm install && npx nuxt generate"}),
    "VitePress in docs": Space({"docs/.vitepress/config.ts": "", "docs/index.md": "", "package.json": '{"scripts": {"docs:build": "vitepress build docs"}, "devDependencies": {"vitepress": "1"}}'}, "static", "VitePress", {"app_build_command": "npm install && npm run docs:build", "app_file": "docs/.vitepress/dist/index.html"}),
    "Docusaurus": Space({"docusaurus.config.ts": "", "docs/intro.md": "", "package.json": package("docusaurus build", "docusaurus start", "@docusaurus/core")}, "static", "docusaurus.config.ts", {"app_file": "build/index.html"}),
    "Eleventy with folders of its own": Space({"eleventy.config.js": "export default () => ({ dir: { input: 'src', output: 'public' } })", "package.json": package("eleventy", "", "@11ty/eleventy")}, "static", "eleventy.config.js", {"app_file": "public/index.html"}),
    "Gatsby": Space({"gatsby-config.js": "", "package.json": package("gatsby build", "gatsby develop", "gatsby")}, "static", "gatsby-config.js", {"app_file": "public/index.html"}),
    "React Router without a server": Space({"react-router.config.ts": "export default { ssr: false }", "package.json": package("react-router build", "", "@react-router/dev")}, "static", "React Router", {"app_file": "build/client/index.html"}),
    "Svelte": Space({"index.html": '<script type="module" src="/src/main.js"></script>', "src/main.js": "import App from './App.svelte'\n", "package.json": package("vite build", "", "vite", "svelte")}, "static", "Vite", VITE_BUILD),
    # Docker
    "a Dockerfile": Space({"Dockerfile": DOCKERFILE, "index.html": PAGE, "app.py": GRADIO}, "docker", "Dockerfile"),
    "a Dockerfile of an app": Space({"Dockerfile": "FROM python:3.12\nCOPY . .\nCMD uvicorn main:app --host 0.0.0.0 --port 8000\n", "main.py": FASTAPI}, "docker", "Dockerfile", {"app_port": 8000}),
}  # fmt: skip

REFUSED = {
    "a tie": Refused({"one.py": GRADIO, "two.py": GRADIO}, "sdk-several", "one.py, which imports gradio and calls launch(); two.py", "gradio"),
    "a folder of demos": Refused({f"demo/{name}/run.py": GRADIO for name in ("audio", "chat", "image")}, "sdk-several", "demo/audio/run.py", "gradio"),
    "two pages": Refused({"a.html": PAGE, "b.html": PAGE}, "sdk-unknown", "2 pages (a.html, b.html)", None),
    "nothing": Refused({"notes.txt": "x"}, "sdk-unknown", "no Dockerfile, no index.html", None),
    "Go": Refused({"go.mod": "", "main.go": ""}, "sdk-unknown", "go.mod (Go)", None),
    "Rust": Refused({"Cargo.toml": "", "src/main.rs": ""}, "sdk-unknown", "Cargo.toml (Rust)", None),
    "Compose": Refused({"docker-compose.yml": ""}, "sdk-unknown", "docker-compose.yml (Docker Compose)", None),
    "notebooks": Refused({"demo.ipynb": "{}", "a.ipynb": "{}"}, "sdk-unknown", "2 notebooks (a.ipynb, demo.ipynb)", None),
    "a library": Refused({"pyproject.toml": "", "lib/__init__.py": "", "lib/a.py": "import os\n"}, "sdk-unknown", "pyproject.toml (Python), 2 Python files (lib/__init__.py, lib/a.py) without Gradio", None),
    "Gradio's client": Refused({"app.py": "import gradio_client\nfrom .gradio import x\nprint('import gradio')\n"}, "sdk-unknown", "1 Python file (app.py) without Gradio", None),
    "Streamlit": Refused({"streamlit_app.py": STREAMLIT, "requirements.txt": "streamlit\n"}, "sdk-streamlit", "streamlit_app.py, which imports streamlit", "docker"),
    "Streamlit by its requirements": Refused({"app.py": "", "requirements.txt": "streamlit==1.0\n"}, "sdk-streamlit", "app.py, which is beside streamlit in requirements.txt", "docker"),
    "a Space of Streamlit": Refused({"README.md": "---\nsdk: streamlit\napp_file: src/Home.py\n---\n", "src/Home.py": STREAMLIT}, "sdk-streamlit", "src/Home.py", "docker"),
    "Streamlit below a folder": Refused({"src/app.py": STREAMLIT, "src/util.py": "import os\n"}, "sdk-streamlit", "src/app.py", "docker"),
    "FastAPI": Refused({"main.py": FASTAPI, "requirements.txt": "fastapi\nuvicorn\n"}, "sdk-server", "main.py, which makes an app of FastAPI", "docker"),
    "FastAPI in a package": Refused({"app/__init__.py": "", "app/main.py": FASTAPI, "app/db.py": ""}, "sdk-server", "app/main.py", "docker"),
    "FastAPI with its page": Refused({"main.py": FASTAPI + "page = 'index.html'\n", "index.html": PAGE}, "sdk-server", "FastAPI", "docker"),
    "FastAPI said to be Gradio": Refused({"README.md": "---\nsdk: gradio\n---\n", "main.py": FASTAPI}, "sdk-server", "FastAPI", "docker"),
    "Flask": Refused({"app.py": FLASK}, "sdk-server", "app.py, which makes an app of Flask", "docker"),
    "a Flask factory": Refused({"wsgi.py": "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n"}, "sdk-server", "wsgi.py", "docker"),
    "Flask with templates": Refused({"app.py": FLASK, "templates/index.html": "{% block x %}"}, "sdk-server", "Flask", "docker"),
    "Dash": Refused({"app.py": "from dash import Dash\n\napp = Dash(__name__)\n"}, "sdk-server", "Dash", "docker"),
    "Chainlit": Refused({"app.py": "import chainlit as cl\n"}, "sdk-server", "Chainlit", "docker"),
    "Django": Refused({"manage.py": "", "site/wsgi.py": "", "site/settings.py": ""}, "sdk-server", "Django", "docker"),
    "Express": Refused({"package.json": package("", "node server.js", "express"), "server.js": ""}, "sdk-server", "makes a server with express", "docker"),
    "Next.js": Refused({"package.json": package("next build", "next start", "next"), "app/page.tsx": ""}, "sdk-server", "makes a server with Next.js", "docker"),
    "Gradio inside FastAPI": Refused({"main.py": "import gradio as gr\nfrom fastapi import FastAPI\n\napp = FastAPI()\napp = gr.mount_gradio_app(app, gr.Blocks(), path='/ui')\n"}, "sdk-server", "FastAPI", "docker"),
    "a Dockerfile in docker/": Refused({"docker/Dockerfile": DOCKERFILE, "main.py": FASTAPI}, "dockerfile-elsewhere", "docker/Dockerfile", "docker"),
    "a Dockerfile of another name": Refused({"Dockerfile.prod": DOCKERFILE, "server.go": ""}, "dockerfile-elsewhere", "Dockerfile.prod", "docker"),
    "a dockerfile in lower case": Refused({"dockerfile": DOCKERFILE, "server.go": ""}, "dockerfile-elsewhere", "dockerfile", "docker"),
    "sdk docker without a Dockerfile": Refused({"README.md": "---\nsdk: docker\n---\n", "build/Dockerfile": DOCKERFILE, "x.go": ""}, "dockerfile-elsewhere", "build/Dockerfile", "docker"),
    "an app with its Dockerfile in a folder": Refused({"service/Dockerfile": "FROM x\nCOPY server.py .\nEXPOSE 7860\n", "service/server.py": "", "docs/a.md": ""}, "sdk-folder", "service/Dockerfile", "docker"),
    "pages that take their folder for the top": Refused({"public/index.html": '<script src="/a.js"></script>', "public/a.js": ""}, "sdk-folder", "public/index.html", "static"),
    # Apps of Python
    "a module of a package": Refused({"src/shop/__init__.py": "", "src/shop/__main__.py": "from .ui import demo\n\ndemo.launch()\n", "src/shop/ui.py": "import gradio as gr\n\ndemo = gr.Blocks()\n"}, "sdk-module", "src/shop/__main__.py", "gradio"),
    "two of Streamlit": Refused({"one.py": STREAMLIT, "two.py": STREAMLIT}, "sdk-several", "one.py, which imports streamlit; two.py", "docker"),
    "Streamlit by way of a module": Refused({"app.py": "from ui import show\n\nshow()\n", "ui.py": "import streamlit as st\n\n\ndef show():\n    st.write('x')\n"}, "sdk-streamlit", "app.py, which imports streamlit by way of ui.py", "docker"),
    "Streamlit in several pages": Refused({"Home.py": STREAMLIT, "pages/1_Map.py": STREAMLIT, "requirements.txt": "streamlit\n"}, "sdk-streamlit", "Home.py", "docker"),
    "Flask by a factory of its package": Refused({"run.py": "from shop import create_app\n\napp = create_app()\n", "shop/__init__.py": "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n"}, "sdk-server", "run.py, which makes an app of Flask", "docker"),
    "Flask in a package": Refused({"shop/__init__.py": FLASK + "\nfrom shop import routes\n", "shop/routes.py": "from shop import app\n", "wsgi.py": "from shop import app\n"}, "sdk-server", "wsgi.py, which makes an app of Flask", "docker"),
    "FastAPI in src/": Refused({"src/shop/main.py": "from shop.api import x\n" + FASTAPI, "src/shop/__init__.py": "", "src/shop/api.py": "x = 1\n"}, "sdk-server", "src/shop/main.py", "docker"),
    "FastAPI and a front end": Refused({"backend/main.py": FASTAPI, "backend/requirements.txt": "fastapi\nuvicorn\n", "frontend/package.json": package("vite build", "", "vite"), "frontend/index.html": VITE}, "sdk-server", "backend/main.py", "docker"),
    "FastAPI with documentation": Refused({"main.py": FASTAPI, "mkdocs.yml": "site_name: x\n", "docs/index.md": "# x\n"}, "sdk-server", "main.py", "docker"),
    "Sanic": Refused({"app.py": "from sanic import Sanic\n\napp = Sanic('x')\n"}, "sdk-server", "Sanic", "docker"),
    "Bottle": Refused({"app.py": "from bottle import Bottle\n\napp = Bottle()\n"}, "sdk-server", "Bottle", "docker"),
    "aiohttp": Refused({"main.py": "from aiohttp import web\n\nweb.run_app(web.Application())\n"}, "sdk-server", "starts a server of aiohttp", "docker"),
    "Tornado": Refused({"main.py": "import tornado.web\n\napp = tornado.web.Application([])\napp.listen(8889)\n"}, "sdk-server", "Tornado", "docker"),
    "Python's own server": Refused({"server.py": "from http.server import HTTPServer, SimpleHTTPRequestHandler\n\nHTTPServer(('', 8000), SimpleHTTPRequestHandler).serve_forever()\n"}, "sdk-server", "Python's http.server", "docker"),
    "Marimo": Refused({"app.py": "import marimo\n\napp = marimo.App()\n"}, "sdk-server", "imports marimo", "docker"),
    "Bokeh": Refused({"main.py": "from bokeh.io import curdoc\n\ncurdoc()\n"}, "sdk-server", "Bokeh", "docker"),
    "Solara": Refused({"app.py": "import solara\n"}, "sdk-server", "Solara", "docker"),
    "Mesop": Refused({"main.py": "import mesop as me\n"}, "sdk-server", "Mesop", "docker"),
    # Servers of Node.js
    "Node.js alone": Refused({"package.json": package("", "node server.js"), "server.js": "require('http').createServer().listen(3000)\n"}, "sdk-server", "makes a server with Node.js", "docker"),
    "Express without a script": Refused({"package.json": '{"main": "index.js", "dependencies": {"express": "5"}}', "index.js": "require('express')().listen(3000)\n"}, "sdk-server", "express", "docker"),
    "NestJS": Refused({"package.json": package("nest build", "nest start", "@nestjs/core"), "src/main.ts": ""}, "sdk-server", "@nestjs/core", "docker"),
    "Bun": Refused({"package.json": package("", "bun run index.ts", "elysia"), "index.ts": "", "bun.lock": ""}, "sdk-server", "elysia", "docker"),
    "a client and a server": Refused({"client/package.json": package("vite build", "", "vite"), "client/index.html": VITE, "server/package.json": package("", "node index.js", "express"), "server/index.js": ""}, "sdk-server", "server/package.json", "docker"),
    "SvelteKit": Refused({"package.json": package("vite build", "", "@sveltejs/kit", "vite"), "svelte.config.js": "", "src/app.html": ""}, "sdk-server", "SvelteKit", "docker"),
    "Nuxt": Refused({"package.json": package("nuxt build", "", "nuxt"), "nuxt.config.ts": ""}, "sdk-server", "Nuxt", "docker"),
    "Remix": Refused({"package.json": package("remix vite:build", "remix-serve build/server/index.js", "@remix-run/dev"), "app/root.tsx": ""}, "sdk-server", "Remix", "docker"),
    # What only needs another name, encoding or folder
    "an ending that Windows hides": Refused({"app.py.txt": GRADIO}, "sdk-unknown", "Seen: nothing", "gradio"),
    "an app in UTF-16": Refused({"app.py": GRADIO.encode("utf-16")}, "sdk-unknown", "it is UTF-16", "gradio"),
    "pages of a game": Refused({"export/web/index.html": PAGE, "project.godot": ""}, "sdk-unknown", "project.godot (Godot)", "static"),
    "several Dockerfiles": Refused({"api/Dockerfile": "FROM x\nCOPY a.py .\n", "api/a.py": "", "web/Dockerfile": "FROM x\nCOPY b.py .\n", "web/b.py": ""}, "sdk-several", "api/Dockerfile; web/Dockerfile", "docker"),
    # Sites
    "Sphinx": Refused({"docs/conf.py": "project = 'x'\n", "docs/index.rst": "x\n=\n"}, "site-source", "docs/conf.py", "static"),
    "MkDocs with a folder of its own": Refused({"mkdocs.yml": "site_name: x\nsite_dir: public\n", "docs/index.md": "# x\n"}, "site-source", "MkDocs", "static"),
    "MkDocs with its requirements": Refused({"mkdocs.yml": "site_name: x\nplugins: [section-index]\n", "docs/index.md": "# x\n", "docs/requirements.txt": "mkdocs\nmkdocs-section-index\n"}, "site-source", "MkDocs", "static"),
    "Hugo by a folder of settings": Refused({"config/_default/hugo.toml": "title = 'x'\n", "layouts/index.html": PAGE}, "site-source", "config/_default/hugo.toml", "static"),
    "Zola": Refused({"config.toml": "base_url = 'https://x'\n", "content/_index.md": "", "templates/index.html": "x"}, "site-source", "Zola", "static"),
    "Jekyll without a Gemfile": Refused({"_config.yml": "theme: jekyll-theme-cayman\n", "index.md": "# x\n"}, "site-source", "Jekyll", "static"),
    "Jupyter Book": Refused({"_config.yml": "title: x\n", "_toc.yml": "format: jb-book\nroot: intro\n", "intro.md": "# x\n"}, "site-source", "Jupyter Book", "static"),
    "Trunk": Refused({"index.html": "<link data-trunk rel=rust />", "Cargo.toml": "", "src/main.rs": ""}, "site-source", "Trunk", "static"),
    "Flutter": Refused({"pubspec.yaml": "", "lib/main.dart": "", "web/index.html": '<base href="$FLUTTER_BASE_HREF">'}, "site-source", "Flutter", "static"),
    "Hugo": Refused({"hugo.toml": "title = 'x'\n", "layouts/index.html": PAGE}, "site-source", "Hugo", "static"),
    "MkDocs": Refused({"mkdocs.yml": "site_name: x\n", "docs/index.md": "# x\n"}, "site-source", "MkDocs", "static"),
    "Jekyll": Refused({"_config.yml": "", "Gemfile": "", "index.html": "---\nlayout: home\n---\n"}, "site-source", "Jekyll", None),
}  # fmt: skip
