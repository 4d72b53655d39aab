"""What each rule of foresight does at its edge: what it names, and what it leaves to the builder."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from hfspace_action.errors import Place
from hfspace_action.foresight import Tree, foresee
from tests.kit.trees import APP, GRADIO, SLIM, Space, docker, gradio

RUN = "COPY . .\nCMD python app.py\n"
PIP = "RUN pip install -r requirements.txt\n"


class Case(NamedTuple):
    name: str
    files: Mapping[str, str]
    id: str = ""
    place: Place | None = None
    said: str = ""
    hardware: str | None = None


DOCKERFILES = [
    Case("no instruction", docker("# nothing\n"), "dockerfile-invalid", Place("Dockerfile", 1), "no instruction"),
    Case("an instruction before FROM", docker("RUN true\n" + SLIM), "dockerfile-invalid", Place("Dockerfile", 1), "before the first FROM"),
    Case("an argument before FROM", docker("ARG TAG=1\n" + SLIM + RUN, **{"app.py": ""})),
    Case("an instruction that is none", docker(SLIM + "RUNN true\n"), "dockerfile-invalid", Place("Dockerfile", 3), "no instruction RUNN"),
    Case("an instruction that says nothing", docker(SLIM + "RUN\n"), "dockerfile-invalid", Place("Dockerfile", 3), "RUN says nothing"),
    Case("a command that is reset", docker(SLIM + "COPY . .\nENTRYPOINT\nCMD python app.py\n", **{"app.py": ""})),
    Case("a copy without a destination", docker(SLIM + "COPY app.py\n"), "dockerfile-invalid", Place("Dockerfile", 3), "a source and a destination"),
    Case("two words behind FROM", docker("FROM python as\n"), "dockerfile-invalid", Place("Dockerfile", 1), "FROM takes an image"),
    Case("a frontend of somebody's own", docker("# syntax=octo/frontend:1\nMAKE it\n")),
    Case("a file that .dockerignore names", docker(SLIM + "COPY app.py .\n", **{"app.py": "", ".dockerignore": "*.py\n"}),
         "copy-missing", Place("Dockerfile", 3), "app.py"),
    Case("a copy in the form of JSON", docker(SLIM + 'COPY ["gone.py", "."]\n'), "copy-missing", Place("Dockerfile", 3), "gone.py"),
    Case("a copy in the form of broken JSON", docker(SLIM + 'COPY ["gone.py", "."\n')),
    Case("a copy of another stage", docker(SLIM + "COPY --from=web /x .\n")),
    Case("a copy of what an address has", docker(SLIM + "ADD https://example.org/x.tar .\n")),
    Case("requirements that the build writes", docker(SLIM + "RUN echo flask > requirements.txt\n" + PIP + RUN)),
    Case("pip where Debian has its own Python", docker("FROM debian:12\nRUN pip install flask\n" + RUN), "python-managed", Place("Dockerfile", 2)),
    Case("pip in an environment of its own", docker("FROM debian:12\nRUN python3 -m venv /v && /v/bin/pip install flask\n" + RUN, **{"app.py": ""})),
    Case("git+ in a line, and no git", docker(SLIM + "RUN pip install git+https://github.com/a/b\n" + RUN), "git-missing", Place("Dockerfile", 3)),
    Case("git+ in a file, and no git", docker(SLIM + RUN.replace("CMD", PIP + "CMD"), **{"requirements.txt": "flask\ngit+https://github.com/a/b\n"}),
         "git-missing", Place("requirements.txt", 2)),
    Case("git+ and git", docker(SLIM + "RUN apt-get install -y git\nRUN pip install git+https://github.com/a/b\n" + RUN)),
    Case("uvicorn without a host", docker(SLIM + "COPY . .\nCMD uvicorn app:app --port 7860\n"), "loopback-only", Place("Dockerfile", 4)),
    Case("uvicorn without a port", docker(SLIM + "COPY . .\nCMD uvicorn app:app --host 0.0.0.0\n"), "wrong-port", Place("Dockerfile", 4), "8000"),
    Case("uvicorn by variables", docker(SLIM + "ENV UVICORN_PORT=7860 UVICORN_HOST=0.0.0.0\nCOPY . .\nCMD uvicorn app:app\n", **{"app.py": ""})),
]  # fmt: skip
REQUIREMENTS = [
    Case("a marker for Windows", gradio("pywin32==1 ; sys_platform == 'win32'\n")),
    Case("a marker that can't be evaluated", gradio("flask==1 ; python_version >= 'three'\n")),
    Case("an option that is none", gradio("--indexurl https://example.org\n"), "requirement-invalid", Place("requirements.txt", 1)),
    Case("a wheel for another system", gradio("https://example.org/a-1-cp310-cp310-win_amd64.whl\n"), "requirement-platform", Place("requirements.txt", 1), "win_amd64"),
    Case("a wheel for another Python", gradio("https://example.org/a-1-cp313-cp313-manylinux_2_17_x86_64.whl\n"),
         "requirement-python", Place("requirements.txt", 1), "cp313"),
    Case("a wheel for each Python", gradio("https://example.org/a-1-cp38-abi3-manylinux_2_17_x86_64.whl\n")),
    Case("a wheel whose name says nothing", gradio("https://example.org/a.whl\n")),
    Case("pins that exclude one another", gradio("flask==1.0\nflask==2.0\n"), "requirements-conflict", Place("requirements.txt", 2), "flask"),
    Case("bounds that exclude one another", gradio("flask>=3,<2\n"), "requirements-conflict", Place("requirements.txt", 1), "flask"),
    Case("a version of pip's old days", gradio("flask==2004d\n"), "requirement-invalid", Place("requirements.txt", 1)),
]  # fmt: skip
READMES = [
    Case("a Python to come", gradio(readme=GRADIO.replace("title", 'python_version: "3.99"\ntitle')), "python-version-unknown", Place("README.md", 2), "3.99"),
    Case("scopes without a login", gradio(readme=GRADIO.replace("title", "hf_oauth_scopes: [email]\ntitle")),
         "key-without-effect", Place("README.md", 2), "hf_oauth: true"),
    Case("scopes with one", gradio(readme=GRADIO.replace("title", "hf_oauth: true\nhf_oauth_scopes: [email]\ntitle"))),
    Case("a port of Docker's", gradio(readme=GRADIO.replace("title", "app_port: 80\ntitle")), "key-without-effect", Place("README.md", 2), "docker"),
    Case("ZeroGPU that nothing uses", gradio(), "zero-gpu-unused", Place("app.py", 1), hardware="zero-a10g"),
    Case("ZeroGPU that is used", gradio(app="import spaces\n\n\n@spaces.GPU\ndef run(): ...\n" + APP), hardware="zero-a10g"),
    Case("code with a NUL", gradio(app=APP + "\0"), "syntax-error", Place("app.py"), "null bytes"),
    Case("a port of its own", gradio(app=APP.replace("launch()", "launch(server_port=8000)")), "wrong-port", Place("app.py", 7), "8000"),
    Case("an address of its own", gradio(app=APP.replace("launch()", 'launch(server_name="127.0.0.1")')), "loopback-only", Place("app.py", 7)),
    Case("launched twice", gradio(app=APP.replace("demo.launch()", "demo.launch(server_port=1)\n    demo.launch(server_port=2)"))),
]  # fmt: skip


@pytest.mark.parametrize("case", [*DOCKERFILES, *REQUIREMENTS, *READMES], ids=lambda case: case.name)
def test_rule(case: Case) -> None:
    space = Space(case.name, case.files)
    sdk = str(space.data["sdk"])

    found = foresee(Tree(space.deployed, sdk, space.data, hardware=case.hardware))

    told = [(one.id, one.place, f"{one.message} {one.advice}") for one in (*found.certain, *found.likely)]
    if not case.id:
        assert told == []
    else:
        matching = [said for failure, place, said in told if (failure, place) == (case.id, case.place)]
        assert matching, told
        assert any(case.said in said for said in matching), matching
