"""Builds that fail, written before the rules that explain them, and never looked at while these were written."""

from hfspace_action.errors import Place
from tests.kit.corpus.scenario import DOCKER, GRADIO, Scenario
from tests.kit.corpus.workshop import Workshop

APP = "import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Markdown('Hello')\n\ndemo.launch()\n"
SLIM = "FROM python:3.13-slim\nWORKDIR /app\n"
PACKAGES = "RUN --mount=target=/root/packages.txt,source=packages.txt \tapt-get update && xargs -r -a packages.txt apt-get install -y"
APT = "apt-get update -q && xargs -r -a packages.txt apt-get install -y"
PEER = '{\n  "name": "site",\n  "dependencies": {\n    "react": "17.0.2",\n    "react-dom": "18.2.0"\n  }\n}\n'


def gradio(requirements: str, **files: str) -> dict[str, str]:
    return {"README.md": GRADIO, "app.py": APP, "requirements.txt": requirements, **files}


def docker(requirements: str, **files: str) -> dict[str, str]:
    return {"README.md": DOCKER, "Dockerfile": SLIM, "requirements.txt": requirements, **files}


def npm(package: str, **files: str) -> dict[str, str]:
    return {"README.md": DOCKER, "Dockerfile": SLIM, "package.json": package, **files}


def private(at: Workshop, tool: str) -> str:
    with at.private_git() as env:
        return at.uv(python="3.12", env=env) if tool == "uv" else at.pip(python="3.12", env=env)


SCENARIOS = [
    # Builds for other machines, other Pythons
    Scenario(
        name="pip-windows-package", id="requirement-platform", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\npywin32==306\n"), run=lambda at: at.pip(python="3.11"), words="Windows",
    ),
    Scenario(
        name="uv-windows-package", id="requirement-platform", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("windows-curses==2.3.3\ncertifi\n"), run=lambda at: at.uv(python="3.11"), words="windows-curses",
    ),
    Scenario(
        name="pip-too-old-for-python", id="requirement-python", place=Place("requirements.txt", 3), stage="BUILD_ERROR",
        files=gradio("# model\ncertifi\ntensorflow==2.10.0\n"), run=lambda at: at.pip(python="3.12"), words="tensorflow==2.10.0",
    ),
    Scenario(
        name="uv-too-old-for-python", id="requirement-python", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("onnxruntime==1.15.1\n"), run=lambda at: at.uv(python="3.12"), words="onnxruntime",
    ),
    Scenario(
        name="uv-needs-newer-python", id="requirement-python", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("certifi\nipython==9.1.0\n"), run=lambda at: at.uv(), words="3.11",
    ),
    Scenario(
        name="pip-label-of-torchvision", id="requirement-label", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\ntorchvision==0.16.0+cu118\n"), run=lambda at: at.pip(), words="+cu118",
    ),
    Scenario(
        name="uv-label-of-torch", id="requirement-label", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("torch==2.1.0+cpu\n"), run=lambda at: at.uv(), words="+cpu",
    ),
    # Names
    Scenario(
        name="pip-misspelt-soup", id="requirement-not-found", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\nbeautifulsop4\n"), run=lambda at: at.pip(), words="beautifulsoup4",
    ),
    Scenario(
        name="uv-misspelt-sklearn", id="requirement-not-found", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("scikit-laern\ncertifi\n"), run=lambda at: at.uv(), words="scikit-learn",
    ),
    Scenario(
        name="pip-part-of-python", id="requirement-not-found", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\nsqlite3\n"), run=lambda at: at.pip(python="3.12"), words="Python",
    ),
    Scenario(
        name="pip-version-latest", id="requirement-invalid", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\nidna==latest==\n"), run=lambda at: at.pip(python="3.13"),
    ),
    Scenario(
        name="uv-invalid-line", id="requirement-invalid", place=Place("requirements.txt", 3), stage="BUILD_ERROR",
        files=docker("# web\ncertifi\nidna=2.0\n"), run=lambda at: at.uv(python="3.12"),
    ),
    # Indexes that can't be reached
    Scenario(
        name="pip-mirror-gone", id="index-unreachable", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("--index-url https://mirror.invalid/simple\ncertifi\n"), run=lambda at: at.pip(), words="mirror.invalid",
    ),
    Scenario(
        name="uv-offline", id="index-unreachable", place=None, stage="BUILD_ERROR",
        files=docker("certifi\n"), run=lambda at: at.uv(offline=True),
    ),
    Scenario(
        name="apt-offline-in-dockerfile", id="index-unreachable", place=None, stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM + "RUN apt-get update && apt-get install -y ffmpeg\n"},
        run=lambda at: at.classic("none"),
    ),
    Scenario(
        name="npm-offline", id="index-unreachable", place=None, stage="BUILD_ERROR",
        files=npm('{\n  "dependencies": {"left-pad": "1.3.0"}\n}\n'), run=lambda at: at.node("npm install", offline=True),
    ),
    # Repositories
    Scenario(
        name="uv-private-repository", id="requirement-repository", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("certifi\nprivatelib @ git+https://github.com/acme/privatelib.git@v2\n"), run=lambda at: private(at, "uv"), words="acme/privatelib",
    ),
    Scenario(
        name="pip-repository-without-branch", id="requirement-repository", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("git+https://github.com/acme/tools@no-such-branch\n"),
        run=lambda at: at.pip(python="3.12", env=at.git_with("acme/tools", {"setup.py": "from setuptools import setup\nsetup(name='tools')\n"})),
        words="no-such-branch",
    ),
    Scenario(
        name="git-missing-in-image", id="git-missing", place=Place("Dockerfile", 5), stage="BUILD_ERROR",
        files=docker("git+https://github.com/acme/tools\n", Dockerfile=SLIM + "COPY requirements.txt .\nRUN rm -f /usr/bin/git\nRUN pip install --break-system-packages -r requirements.txt\n"),
        run=lambda at: at.classic(), words="git",
    ),
    # Paths
    Scenario(
        name="uv-conda-wheel", id="requirement-path", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("certifi\nnumpy @ file:///build/numpy_and_numpy_base_1707225421156/dist/numpy-1.26.4-cp310-cp310-linux_x86_64.whl\n"),
        run=lambda at: at.uv(), words="numpy==",
    ),
    Scenario(
        name="pip-conda-folder", id="requirement-path", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("packaging @ file:///build/packaging_1734472117206/work\nidna\n"), run=lambda at: at.pip(), words="packaging==",
    ),
    Scenario(
        name="pip-local-wheel", id="requirement-path", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\n./wheels/mylib-1.0-py3-none-any.whl\n"), run=lambda at: at.pip(python="3.12"),
    ),
    Scenario(
        name="pip-editable-folder", id="requirement-path", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\n-e ./src/mypkg\n", **{"src/mypkg/setup.py": ""}), absent=("src/mypkg/setup.py",),
        run=lambda at: at.pip(python="3.12"),
    ),
    # Hashes, conflicts
    Scenario(
        name="pip-one-hash", id="requirements-hashes", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("certifi\nidna==3.7 --hash=sha256:82fee1fc78add43492d3a1898bfa6d8a904cc97d8427f683ed8e798d07761aa0\n"),
        run=lambda at: at.pip(python="3.12"),
    ),
    Scenario(
        name="uv-conflict-below", id="requirements-conflict", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("httpx==0.20.0\nopenai==1.40.0\n"), run=lambda at: at.uv(python="3.12"), words="openai",
    ),
    Scenario(
        name="pip-conflict-with-gradio", id="requirements-conflict", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\npydantic==1.10.7\n"), words="gradio",
        run=lambda at: at.pip("-r requirements.txt 'gradio[oauth,mcp]==5.49.1' 'uvicorn>=0.14.0' 'websockets>=10.4'"),
    ),
    Scenario(
        name="uv-sdk-version-conflict", id="sdk-version-conflict", place=Place("README.md", 4), stage="BUILD_ERROR",
        files=gradio("gradio==4.44.0\n"), run=lambda at: at.uv("-r requirements.txt 'gradio[oauth]==5.49.1'"), words="4.44.0",
    ),
    Scenario(
        name="pip-build-failed-mysql", id="requirement-build-failed", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("certifi\nMySQL-python==1.2.5\n"), run=lambda at: at.pip(python="3.12"),
    ),
    Scenario(
        name="pip-in-debian-python", id="python-managed", place=Place("Dockerfile", 3), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM + "RUN pip install --no-cache-dir flask\n"}, run=lambda at: at.classic(),
    ),
    # packages.txt
    Scenario(
        name="packages-txt-comment-behind", id="packages-txt", place=Place("packages.txt", 1), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "packages.txt": "file  # for audio\n"},
        run=lambda at: at.hub_build(PACKAGES, APT), words="comment",
    ),
    Scenario(
        name="packages-txt-crlf-two", id="packages-txt", place=Place("packages.txt", 1), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "packages.txt": "file\r\nless\r\n"},
        run=lambda at: at.hub_build(PACKAGES, APT), words="CRLF",
    ),
    # npm
    Scenario(
        name="npm-lock-other-version", id="npm-lock", place=Place("package.json", 3), stage="BUILD_ERROR",
        files=npm('{\n  "dependencies": {\n    "left-pad": "1.3.0"\n  }\n}\n', **{"package-lock.json": '{"lockfileVersion": 3, "requires": true, "packages": {"": {"dependencies": {"left-pad": "1.2.0"}}, "node_modules/left-pad": {"version": "1.2.0"}}}\n'}),
        run=lambda at: at.node("npm ci"), words="left-pad",
    ),
    Scenario(
        name="npm-native-package", id="npm-package-script", place=Place("package.json", 4), stage="BUILD_ERROR",
        files=npm('{\n  "name": "bot",\n  "dependencies": {\n    "canvas": "2.11.2"\n  }\n}\n'), run=lambda at: at.node("npm install"), words="canvas",
    ),
    Scenario(
        name="npm-tsc-not-found", id="node-command-missing", place=Place("package.json", 4), stage="BUILD_ERROR",
        files=npm('{\n  "name": "site",\n  "scripts": {\n    "build": "tsc -p . && vite build"\n  }\n}\n'), run=lambda at: at.node("npm run build"), words="tsc",
    ),
    Scenario(
        name="npm-no-package-json", id="npm-failed", place=None, stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM}, run=lambda at: at.node("npm install"),
    ),
    Scenario(
        name="npm-package-json-comma", id="npm-failed", place=Place("package.json"), stage="BUILD_ERROR",
        files=npm('{\n  "name": "site",\n}\n'), run=lambda at: at.node("npm install"),
    ),
    Scenario(
        name="npm-peer-conflict", id="requirements-conflict", place=Place("package.json", 5), stage="BUILD_ERROR",
        files=npm(PEER), run=lambda at: at.node("npm install"), words="react@17.0.2",
    ),
]  # fmt: skip
