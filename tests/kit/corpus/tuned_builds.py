"""Builds that fail, by which the rules about pip, uv, apt, git and npm were written."""

from hfspace_action.errors import Place
from tests.kit.corpus.scenario import DOCKER, GRADIO, Scenario
from tests.kit.corpus.workshop import Workshop

APP = "import gradio as gr\n\ngr.Interface(lambda text: text, 'text', 'text').launch()\n"
SLIM = "FROM python:3.13-slim\nWORKDIR /app\n"
PACKAGES = "RUN --mount=target=/root/packages.txt,source=packages.txt \tapt-get update && xargs -r -a packages.txt apt-get install -y"
APT = "apt-get update -q && xargs -r -a packages.txt apt-get install -y"
HASHED = "idna==3.7 --hash=sha256:82fee1fc78add43492d3a1898bfa6d8a904cc97d8427f683ed8e798d07761aa0\n"
LOCK = '{"name": "site", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "site"}}}\n'
TOOL = {"setup.py": "from setuptools import setup\nsetup(name='tool')\n"}


def gradio(requirements: str, **files: str) -> dict[str, str]:
    return {"README.md": GRADIO, "app.py": APP, "requirements.txt": requirements, **files}


def docker(requirements: str, **files: str) -> dict[str, str]:
    return {"README.md": DOCKER, "Dockerfile": SLIM, "requirements.txt": requirements, **files}


def npm(package: str, **files: str) -> dict[str, str]:
    return {"README.md": DOCKER, "Dockerfile": SLIM, "package.json": package, **files}


def private(at: Workshop, tool: str) -> str:
    with at.private_git() as env:
        return at.uv(env=env) if tool == "uv" else at.pip(env=env)


SCENARIOS = [
    # Builds for other machines, other Pythons
    Scenario(
        name="pip-platform", id="requirement-platform", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\nwindows-curses\n"), run=lambda at: at.pip(python="3.12"), words="windows-curses",
    ),
    Scenario(
        name="uv-platform", id="requirement-platform", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("pywin32>=305\nidna\n"), run=lambda at: at.uv(python="3.12"), words="win_amd64",
    ),
    Scenario(
        name="pip-wheel-of-another-python", id="requirement-python", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\nonnxruntime==1.16.0\n"), run=lambda at: at.pip(python="3.13"), words="onnxruntime==1.16.0",
    ),
    Scenario(
        name="uv-python-tag", id="requirement-python", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("idna\ntensorflow==2.8.0\n"), run=lambda at: at.uv(python="3.11"), words="cp310",
    ),
    Scenario(
        name="uv-needs-newer", id="requirement-python", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("numpy==2.3.0\n"), run=lambda at: at.uv(), words="3.11",
    ),
    Scenario(
        name="pip-label", id="requirement-label", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("gradio\ntorch==2.1.0+cu118\n"), run=lambda at: at.pip(), words="https://download.pytorch.org/whl/cu118",
    ),
    Scenario(
        name="uv-label", id="requirement-label", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("idna\ntorchaudio==2.2.0+cu121\n"), run=lambda at: at.uv(python="3.11"), words="whl/cu121",
    ),
    Scenario(
        name="pip-newer-than-any", id="requirement-not-found", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("onnxruntime>=99\nidna\n"), run=lambda at: at.pip(python="3.12"), words="onnxruntime>=99",
    ),
    # Names
    Scenario(
        name="pip-misspelt", id="requirement-not-found", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\ntransfomers>=4\n"), run=lambda at: at.pip(), words="Did you mean `transformers` (https://pypi.org/project/transformers/)?",
    ),
    Scenario(
        name="uv-misspelt", id="requirement-not-found", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("idna\nmatplotllib\n"), run=lambda at: at.uv(), words="Pip finds no package named `matplotllib`. Did you mean `matplotlib` (",
    ),
    Scenario(
        name="uv-part-of-python", id="requirement-not-found", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("threading\nidna\n"), run=lambda at: at.uv(), words="part of Python",
    ),
    Scenario(
        name="pip-invalid-option", id="requirement-invalid", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\n--no-such-option x\n"), run=lambda at: at.pip(python="3.12"), words="--no-such-option",
    ),
    Scenario(
        name="pip-command-for-a-line", id="requirement-invalid", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("pip install idna\n"), run=lambda at: at.pip(python="3.13"), words="pip install idna",
    ),
    Scenario(
        name="uv-invalid", id="requirement-invalid", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("idna\nflask=>2.0\n"), run=lambda at: at.uv(),
    ),
    # Indexes that can't be reached
    Scenario(
        name="pip-offline", id="index-unreachable", place=None, stage="BUILD_ERROR",
        files=gradio("requests\n"), run=lambda at: at.pip(offline=True), words="again",
    ),
    Scenario(
        name="pip-index-refuses", id="index-unreachable", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\n--extra-index-url http://127.0.0.1:9/simple\nno-such-package-of-ours\n"), run=lambda at: at.pip(), words="127.0.0.1",
    ),
    Scenario(
        name="uv-index-gone", id="index-unreachable", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("--index-url https://packages.invalid/simple\nidna\n"), run=lambda at: at.uv(), words="packages.invalid",
    ),
    Scenario(
        name="apt-offline", id="index-unreachable", place=None, stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM + "RUN apt-get update && \\\n    apt-get install -y --no-install-recommends libgl1\n"},
        run=lambda at: at.classic("none"),
    ),
    Scenario(
        name="npm-registry-gone", id="index-unreachable", place=Place(".npmrc", 1), stage="BUILD_ERROR",
        files=npm('{\n  "dependencies": {"left-pad": "1.3.0"}\n}\n', **{".npmrc": "registry=https://packages.invalid/\n"}),
        run=lambda at: at.node("npm install"), words="packages.invalid",
    ),
    # Repositories
    Scenario(
        name="pip-private-repository", id="requirement-repository", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\ngit+https://github.com/acme/private-lib.git\n"), run=lambda at: private(at, "pip"), words="private",
    ),
    Scenario(
        name="uv-private-repository-named", id="requirement-repository", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("lib @ git+https://github.com/acme/lib.git\n"), run=lambda at: private(at, "uv"), words="acme/lib",
    ),
    Scenario(
        name="pip-repository-without-tag", id="requirement-repository", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\ntool @ git+https://github.com/acme/tool@v9.9\n"), run=lambda at: at.pip(env=at.git_with("acme/tool", TOOL)), words="v9.9",
    ),
    Scenario(
        name="uv-repository-without-tag", id="requirement-repository", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("other @ git+https://github.com/acme/other@v9.9\n"), run=lambda at: at.uv(env=at.git_with("acme/other", TOOL)), words="v9.9",
    ),
    Scenario(
        name="pip-git-missing", id="git-missing", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("git+https://github.com/acme/third.git\n"), run=lambda at: at.pip(env=at.without_git()),
    ),
    # Paths
    Scenario(
        name="pip-conda", id="requirement-path", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("gradio\nexceptiongroup @ file:///build/exceptiongroup_170/work\n"), run=lambda at: at.pip(), words="`exceptiongroup==<version>`",
    ),
    Scenario(
        name="uv-conda", id="requirement-path", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("brotlipy @ file:///opt/conda/conda-bld/brotlipy_1605539827309/work\n"), run=lambda at: at.uv(), words="`brotlipy==<version>`",
    ),
    Scenario(
        name="pip-editable-self", id="requirement-path", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\n-e .\n", **{"pyproject.toml": "[project]\nname = 'x'\n"}), absent=("pyproject.toml",), run=lambda at: at.pip(), words="-e .",
    ),
    Scenario(
        name="uv-editable-self", id="requirement-path", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker("-e .\n"), run=lambda at: at.uv(), words="requirements.txt",
    ),
    Scenario(
        name="pip-folder", id="requirement-path", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("./libs/tools\n"), run=lambda at: at.pip(),
    ),
    Scenario(
        name="pip-nested-requirements", id="requirements-missing", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("-r requirements/base.txt\n", **{"requirements/base.txt": "idna\n"}), absent=("requirements/base.txt",), run=lambda at: at.pip(),
    ),
    # Hashes, conflicts
    Scenario(
        name="pip-hashes-and-sdk", id="requirements-hashes", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio(HASHED), run=lambda at: at.pip("-r requirements.txt 'gradio[oauth]==5.49.1'", python="3.12"),
    ),
    Scenario(
        name="pip-hash-of-another-file", id="requirement-hash", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio(f"{HASHED}six==1.16.0 --hash=sha256:{'0' * 64}\n"), run=lambda at: at.pip(python="3.11"), words="six==1.16.0",
    ),
    Scenario(
        name="uv-hash-of-another-file", id="requirement-hash", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=docker(f"six==1.16.0 --hash=sha256:{'0' * 64}\n"), run=lambda at: at.uv(python="3.11"), words="six==1.16.0",
    ),
    Scenario(
        name="uv-include-missing", id="requirements-missing", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("six\n-r more/base.txt\n"), run=lambda at: at.uv(python="3.11"), words="more/base.txt",
    ),
    Scenario(
        name="uv-merge-conflict", id="requirement-invalid", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("six\n<<<<<<< HEAD\n"), run=lambda at: at.uv(python="3.11"), words="<<<<<<< HEAD",
    ),
    Scenario(
        name="pip-address-gone", id="requirement-not-found", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("six\nhttps://pypi.org/nothing/a-1.0.tar.gz\n"), run=lambda at: at.pip(python="3.11"), words="HTTP 404",
    ),
    Scenario(
        name="pip-name-that-refuses", id="requirement-build-failed", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("six\nsklearn\n"), run=lambda at: at.pip(python="3.11"), words="scikit-learn",
    ),
    Scenario(
        name="pip-conflict-of-two", id="requirements-conflict", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=gradio("idna\nhttpx==0.20.0\nopenai==1.40.0\n"), run=lambda at: at.pip(python="3.12"), words="openai 1.40.0",
    ),
    Scenario(
        name="pip-conflict-with-sdk", id="requirements-conflict", place=Place("requirements.txt", 1), stage="BUILD_ERROR",
        files=gradio("huggingface_hub==0.10.0\n"), run=lambda at: at.pip("-r requirements.txt 'gradio[oauth]==5.49.1'", python="3.12"), words="gradio",
    ),
    Scenario(
        name="uv-conflict-of-two", id="requirements-conflict", place=Place("requirements.txt", 2), stage="BUILD_ERROR",
        files=docker("idna\npydantic==1.10.7\nfastapi==0.128.0\n"), run=lambda at: at.uv(python="3.12"), words="fastapi==0.128.0",
    ),
    Scenario(
        name="uv-sdk-version", id="sdk-version-conflict", place=Place("README.md", 4), stage="BUILD_ERROR",
        files=gradio("idna\ngradio==4.20.0\n"), run=lambda at: at.uv("-r requirements.txt gradio==5.49.1"), words="gradio==4.20.0",
    ),
    Scenario(
        name="pip-managed", id="python-managed", place=Place("Dockerfile", 4), stage="BUILD_ERROR",
        files={"README.md": DOCKER, "Dockerfile": SLIM + "COPY . .\nRUN python -m pip install idna\n"}, run=lambda at: at.classic(), words="venv",
    ),
    # packages.txt
    Scenario(
        name="packages-txt-comment", id="packages-txt", place=Place("packages.txt", 1), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "packages.txt": "# audio\nfile\n"},
        run=lambda at: at.hub_build(PACKAGES, APT), words="comment",
    ),
    Scenario(
        name="packages-txt-crlf", id="packages-txt", place=Place("packages.txt", 1), stage="BUILD_ERROR",
        files={"README.md": GRADIO, "app.py": APP, "packages.txt": "file\r\n"},
        run=lambda at: at.hub_build(PACKAGES, APT), words="CRLF",
    ),
    # npm
    Scenario(
        name="npm-lock-out-of-step", id="npm-lock", place=Place("package.json", 4), stage="BUILD_ERROR",
        files=npm('{\n  "name": "site",\n  "dependencies": {\n    "is-odd": "3.0.1"\n  }\n}\n', **{"package-lock.json": LOCK}), run=lambda at: at.node("npm ci"), words="is-odd@3.0.1",
    ),
    Scenario(
        name="npm-lock-absent", id="npm-lock", place=Place("package.json"), stage="BUILD_ERROR",
        files=npm('{\n  "name": "site",\n  "dependencies": {"is-odd": "3.0.1"}\n}\n'), run=lambda at: at.node("npm ci"), words="npm install",
    ),
    Scenario(
        name="npm-install-script", id="npm-package-script", place=Place("package.json", 3), stage="BUILD_ERROR",
        files=npm('{\n  "dependencies": {\n    "native": "file:./native"\n  }\n}\n', **{"native/package.json": '{"name": "native", "version": "1.0.0", "scripts": {"install": "echo building >&2; exit 3"}}\n'}),
        run=lambda at: at.node("npm install"), words="native",
    ),
    Scenario(
        name="npm-vite-not-found", id="node-command-missing", place=Place("package.json", 4), stage="BUILD_ERROR",
        files=npm('{\n  "name": "site",\n  "scripts": {\n    "build": "vite build"\n  },\n  "devDependencies": {\n    "vite": "5.4.0"\n  }\n}\n'),
        run=lambda at: at.node("npm run build"), words="vite",
    ),
    Scenario(
        name="npm-conflict", id="requirements-conflict", place=Place("package.json", 4), stage="BUILD_ERROR",
        files=npm('{\n  "dependencies": {\n    "eslint": "9.0.0",\n    "eslint-plugin-import": "2.29.1"\n  }\n}\n'),
        run=lambda at: at.node("npm install"), words="eslint@9.0.0",
    ),
    Scenario(
        name="npm-script-missing", id="npm-failed", place=Place("package.json"), stage="BUILD_ERROR",
        files=npm('{\n  "name": "site",\n  "scripts": {"biuld": "vite build"}\n}\n'), run=lambda at: at.node("npm run build"), words='"build"',
    ),
]  # fmt: skip
