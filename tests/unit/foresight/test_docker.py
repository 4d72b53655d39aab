"""What a Dockerfile shows: what its build copies, what its command starts, where that listens, and what builders can't read."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from hfspace_action.errors import Place
from hfspace_action.foresight import Tree, foresee
from tests.kit.trees import NODE, SITE, SLIM, Space, docker

START = "CMD python -m http.server 7860\n"
COPY = "COPY . .\n"


class Case(NamedTuple):
    name: str
    files: Mapping[str, str]
    id: str = ""
    line: int = 0
    certain: bool = True
    file: str = "Dockerfile"


def copies(instruction: str, **files: str) -> dict[str, str]:
    return docker(f"{SLIM}{instruction}\n{START}", **files)


def starts(command: str, **files: str) -> dict[str, str]:
    return docker(f"{SLIM}{COPY}{command}\n", **files)


FAULTY = [
    Case("a pattern that matches nothing", copies("COPY models/*.bin ./", **{"models/a.txt": ""}), "copy-missing", 3, certain=False),
    Case("a pattern beside a missing file", copies("COPY package.json yarn.lock* ./"), "copy-missing", 3),
    Case("a name in other letters", copies("COPY App.py ./", **{"app.py": ""}), "copy-missing", 3),
    Case("a file above the repository", copies("COPY ../shared /shared"), "copy-missing", 3),
    Case("a mount of a missing file", copies("RUN --mount=type=bind,source=reqs.txt,target=/r pip install -r /r"), "copy-missing", 3),
    Case("a file that is ignored by a pattern for all folders", copies("COPY docs/a.md ./", **{"docs/a.md": "", ".dockerignore": "**/*.md\n"}),
         "copy-missing", 3, certain=False),
    Case("all that a pattern means is ignored", copies("COPY *.py ./", **{"a.py": "", ".dockerignore": "*.py\n"}), "copy-missing", 3, certain=False),
    Case("all is ignored but another folder", copies("COPY app.py ./", **{"app.py": "", ".dockerignore": "*\n!src\n"}), "copy-missing", 3, certain=False),
    Case("Windows line ends", {**docker((SLIM + "COPY gone.py .\n").replace("\n", "\r\n"))}, "copy-missing", 3),
    Case("a stage misspelt", docker("FROM python:3.12 AS builder\nRUN true\nFROM python:3.12\nCOPY --from=build /x /y\n" + START), "base-image-missing", 4, certain=False),
    Case("a stage by a number that is too high", docker("FROM python:3.12\nCOPY --from=3 /x /y\n" + START), "dockerfile-invalid", 2),
    Case("a variable without a value", copies("ENV FOO"), "dockerfile-invalid", 3),
    Case("a label without a value", copies("LABEL foo"), "dockerfile-invalid", 3),
    Case("a port that is none", copies("EXPOSE web"), "dockerfile-invalid", 3),
    Case("a health check without CMD", copies("HEALTHCHECK curl localhost"), "dockerfile-invalid", 3),
    Case("a shell that is no list", copies("SHELL /bin/bash -c"), "dockerfile-invalid", 3),
    Case("FROM with two names", docker("FROM python as a b\n" + START), "dockerfile-invalid", 1),
    Case("a flag misspelt", copies("COPY --chwon=1000 a.py ./", **{"a.py": ""}), "dockerfile-invalid", 3, certain=False),
    Case("a list in single quotes", starts("CMD ['python', 'app.py']", **{"app.py": ""}), "start-command", 4, certain=False),
    Case("a program that is not there", starts('CMD ["python", "-u", "/app/main.py"]', **{"app.py": ""}), "app-file-missing", 4, certain=False),
    Case("a script that is not there", starts('CMD ["./start.sh"]'), "app-file-missing", 4, certain=False),
    Case("a module that is not there", starts("CMD uvicorn server:app --host 0.0.0.0 --port 7860", **{"app.py": ""}), "app-file-missing", 4, certain=False),
    Case("a program beside ENTRYPOINT", starts('ENTRYPOINT ["python"]\nCMD ["main.py"]', **{"app.py": ""}), "app-file-missing", 5, certain=False),
    Case("requirements before they are copied", docker(f"{SLIM}RUN pip install -r requirements.txt\n{COPY}{START}", **{"requirements.txt": ""}),
         "requirements-missing", 3, certain=False),
    Case("requirements that can't be read", docker(f"{SLIM}{COPY}RUN pip install -r requirements.txt\n{START}", **{"requirements.txt": "numpy\nflask=>2\n"}),
         "requirement-invalid", 2, file="requirements.txt"),
    Case("requirements for Windows", docker(f"{SLIM}{COPY}RUN pip install -r requirements.txt\n{START}", **{"requirements.txt": "pywin32\n"}),
         "requirement-platform", 1, file="requirements.txt"),
    Case("streamlit's own port", starts("CMD streamlit run app.py", **{"app.py": ""}), "wrong-port", 4, certain=False),
    Case("gunicorn's own port", starts("CMD gunicorn app:app", **{"app.py": ""}), "wrong-port", 4, certain=False),
    Case("flask's own port", starts("CMD flask run --host=0.0.0.0", **{"app.py": ""}), "wrong-port", 4, certain=False),
    Case("a port by a variable", starts("ENV PORT=8000\nCMD uvicorn a:a --host 0.0.0.0 --port $PORT", **{"a.py": ""}), "wrong-port", 5, certain=False),
    Case("a port by a default", starts("CMD uvicorn a:a --host 0.0.0.0 --port ${PORT:-8000}", **{"a.py": ""}), "wrong-port", 4, certain=False),
    Case("flask for itself alone", starts("CMD flask run --port 7860", **{"app.py": ""}), "loopback-only", 4, certain=False),
    Case("a range of ports", starts("EXPOSE 8000-8010\nCMD ./server", server=""), "port-not-exposed", 4, certain=False, file="README.md"),
    Case("Python's program with CR", starts('CMD ["./run.py"]', **{"run.py": "#!/usr/bin/env python3\r\nprint(1)\r\n"}), "line-ends", 1, file="run.py"),
]  # fmt: skip

HEALTHY = [
    Case("a pattern that matches", copies("COPY app[12].py src/*/main.py ./", **{"app1.py": "", "src/a/main.py": ""})),
    Case("lock files of which one is there", docker(NODE.replace("package*.json", "package.json yarn.lock* pnpm-lock.yaml*") + START, **{"package.json": SITE})),
    Case("an image that others made", copies("COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/")),
    Case("a file that is ignored and taken back", copies("COPY app.py ./", **{"app.py": "", ".dockerignore": "*\n!app.py\n"})),
    Case("a folder of which one file is taken back", copies("COPY src src", **{"src/app.py": "", ".dockerignore": "*\n!src/app.py\n"})),
    Case("a pattern for the top alone", copies("COPY src/a.py ./", **{"src/a.py": "", ".dockerignore": "*.py\n"})),
    Case("ignored by the file that does not count", copies("COPY a.md ./", **{"a.md": "", ".dockerignore": "a.md\n", "Dockerfile.dockerignore": "\n"})),
    Case("several here-documents", copies("COPY <<one <<two /d/\nx\none\nCOPY gone .\ntwo")),
    Case("a here-document with tabs", copies("RUN <<-'EOF'\n\tCOPY gone .\n\tEOF")),
    Case("an end that is indented", copies("RUN <<EOF\nx\n  EOF\nCOPY gone .\nEOF")),
    Case("a here-string of bash", copies("RUN bash -c 'cat <<<word'")),
    Case("a shift of bits", copies("RUN echo $((1 << 2))\nEXPOSE 7860")),
    Case("a byte order mark", docker("\ufeff" + SLIM + START)),
    Case("requirements by an address", copies("RUN pip install -r https://example.org/requirements.txt")),
    Case("requirements of two names", docker(f"{SLIM}{COPY}RUN pip install -r api/requirements.txt\n{START}",
                                             **{"api/requirements.txt": "flask\n", "web/requirements.txt": "=>\n"})),
    Case("requirements with an index of their own", docker(f"{SLIM}{COPY}RUN pip install -r r.txt --index-url https://example.org\n{START}", **{"r.txt": "torch==2.1.0+cu118\n"})),
    Case("requirements by a marker", docker(f"{SLIM}{COPY}RUN pip install -r r.txt\n{START}", **{"r.txt": "pywin32 ; sys_platform == 'win32'\n"})),
    Case("a health check", copies("HEALTHCHECK --interval=5s cmd curl localhost")),
    Case("a module in a folder", starts("CMD uvicorn api.main:app --host 0.0.0.0 --port 7860", **{"src/api/main.py": ""})),
    Case("a program that the build makes", docker(NODE + "RUN npm install && npm run build\nCOPY . .\nCMD node dist/server.js\n", **{"package.json": SITE})),
    Case("a script that the build fetches", docker(f"{SLIM}RUN wget https://example.org/start.sh\n{COPY}CMD ./start.sh\n")),
    Case("a script of the image", docker("FROM ghcr.io/octo/app\nCOPY . .\nCMD [\"node\", \"server.js\"]\n")),
    Case("a port by a default that is right", starts("CMD uvicorn a:a --host 0.0.0.0 --port ${PORT:-7860}", **{"a.py": ""})),
    Case("ENTRYPOINT and CMD", starts('ENTRYPOINT ["uvicorn"]\nCMD ["a:a", "--host", "0.0.0.0", "--port", "7860"]', **{"a.py": ""})),
    Case("a range with the port in it", starts("EXPOSE 7000-8000\nCMD ./server", server="")),
    Case("the port in quotes", {**starts("EXPOSE 3000\nCMD ./server", server=""), "README.md": '---\nsdk: docker\napp_port: "3000"\n---\n'}),
]  # fmt: skip


def told(case: Case) -> list[tuple[str, Place | None, bool]]:
    space = Space(case.name, case.files)
    found = foresee(Tree(space.deployed, "docker", space.data))
    return [(one.id, one.place, sure) for sure, each in ((True, found.certain), (False, found.likely)) for one in each]


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.name)
def test_faulty(case: Case) -> None:
    assert (case.id, Place(case.file, case.line), case.certain) in told(case)


@pytest.mark.parametrize("case", HEALTHY, ids=lambda case: case.name)
def test_healthy(case: Case) -> None:
    assert told(case) == []
