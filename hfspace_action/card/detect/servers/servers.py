"""Apps of frameworks that are no SDK of Spaces: what shows them, and the Dockerfile with which they run."""

import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template
from typing import NamedTuple

from hfspace_action.card.detect.evidence import Candidate, Clue
from hfspace_action.card.detect.gradio import NAMES
from hfspace_action.card.detect.web import builds
from hfspace_action.readers import project, requirements
from hfspace_action.readers.files import Deployed
from hfspace_action.readers.node import Package
from hfspace_action.readers.python import python_apps
from hfspace_action.readers.python.python_apps import Source, Sources
from hfspace_action.readers.requirements import Asked

PORT = 7860
_TEMPLATES = Path(__file__).parent / "templates"  # a Space's container runs as user 1000, and is asked on one port
_PACKAGES = """\
COPY packages.txt /tmp/
RUN apt-get update && xargs apt-get install --yes --no-install-recommends < /tmp/packages.txt && rm -rf /var/lib/apt/lists/*
"""

FRAMEWORK = {
    "streamlit": 55,
    "chainlit": 55,
    "panel": 50,
    "nicegui": 50,
    "fastapi": 52,
    "flask": 52,
    "dash": 52,
    "shiny": 50,
}
"""How much it weighs that a file is an app of a framework."""
TITLES = {
    "streamlit": "Streamlit", "chainlit": "Chainlit", "panel": "Panel", "nicegui": "NiceGUI", "fastapi": "FastAPI",
    "flask": "Flask", "dash": "Dash", "shiny": "Shiny", "django": "Django", "node": "Node.js",
}  # fmt: skip
NODE = Clue(50)
DJANGO = Clue(52, "is Django's")
PAGE_NAMES = {"streamlit_app": 21, "home": 15, "🏠_home": 15, "api": 8, "wsgi": 9, "asgi": 9, "application": 9, **NAMES}
# How an app that is a file starts. `{file}` is its path.
_NAME = re.compile(r"[^\w.-]")
_BY_FILE = {
    "streamlit": ["streamlit", "run", "{file}", "--server.address=0.0.0.0", f"--server.port={PORT}"],
    "chainlit": ["chainlit", "run", "{file}", "--headless", "--host=0.0.0.0", f"--port={PORT}"],
    "panel": ["panel", "serve", "{file}", "--address=0.0.0.0", f"--port={PORT}", "--allow-websocket-origin=*"],
    "shiny": ["shiny", "run", "--host=0.0.0.0", f"--port={PORT}", "{file}"],
}


class Server(NamedTuple):
    """An app that needs a Dockerfile: the framework, the file that starts it, and the Dockerfile for it."""

    framework: str
    path: str
    dockerfile: str

    @property
    def title(self) -> str:
        """The framework's name."""
        return TITLES.get(self.framework, self.framework)


def candidates(files: Deployed, sources: Sources, asked: Asked) -> Iterator[Candidate]:
    """Every app of such a framework."""
    yield from _by_requirements(sources, asked)
    for source in sources.by_path.values():
        framework = _framework(source)
        if framework and python_apps.may_be_app(source.path):
            how = (
                f"imports {framework}"
                if framework in _BY_FILE
                else f"makes an app of {TITLES.get(framework, framework)}"
            )
            name = Clue(PAGE_NAMES.get(source.name.lower(), 0) // 5)
            yield Candidate(
                framework, source.path, [Clue(FRAMEWORK.get(framework, 45), how), name, Clue(-source.depth)]
            )
    if "manage.py" in files.paths and (wsgi := _django(files)):
        yield Candidate("django", wsgi, [DJANGO])
    package = Package.read(files)
    made = package and builds.server(package, files)
    if package and made and ("start" in package.scripts or package.server is None):
        yield Candidate("node", package.path, [NODE, Clue(0, f"makes a server with {made}")])


def _by_requirements(sources: Sources, asked: Asked) -> Iterator[Candidate]:
    """The app of a framework that requirements.txt names and no file imports: the file by whose name apps go."""
    apps = [each for each in sources.by_path.values() if each.depth == 0 and each.name.lower() in PAGE_NAMES]
    app = max(apps, key=lambda each: PAGE_NAMES[each.name.lower()], default=None)
    for framework in _BY_FILE:
        entry = asked.get(framework)
        if entry and app and not any(framework in each.packages for each in sources.by_path.values()):
            yield Candidate(framework, app.path, [Clue(20, f"is beside {framework} in {entry.path}")])


def named(candidate: Candidate, files: Deployed, sources: Sources, asked: Asked) -> Server:
    """The app of a candidate, with its Dockerfile."""
    if candidate.kind == "node":
        return Server("node", candidate.path, _node(files))
    from packaging.utils import canonicalize_name  # not before: a Space with a Dockerfile needs none of ours

    source = sources.by_path.get(candidate.path, Source(candidate.path))
    start = _start(candidate.kind, source, sources)
    has_file = requirements.MANIFEST in files.paths
    own = [] if has_file else project.dependencies(files)
    known = {entry.name for entry in asked.entries} | {canonicalize_name(_NAME.split(each, 1)[0]) for each in own}
    wanted = [*own, *(name for name in start.packages if name not in known)]
    rendered = _rendered(
        "python.Dockerfile",
        packages=_PACKAGES if "packages.txt" in files.paths else "",
        install=" ".join(
            [*(["-r requirements.txt"] if requirements.MANIFEST in files.paths else []), *map(shlex.quote, wanted)]
        ),
        command=json.dumps(start.command),
        port=start.port,
    )
    return Server(candidate.kind, candidate.path, rendered)


def _framework(source: Source) -> str | None:
    """The framework of which a file is an app; those with a start command of their own only by what the file imports."""
    for framework in _BY_FILE:
        if framework in source.packages:
            return framework
    if "nicegui" in source.packages and source.serves:
        return "nicegui"
    return next((framework for _, framework in (*source.apps, *source.factories)), None)


class _Start(NamedTuple):
    """How an app is started: the command, the packages that this needs, and the port."""

    command: list[str]
    packages: Sequence[str]
    port: int = PORT


def _start(framework: str, source: Source, sources: Sources) -> _Start:
    if framework in _BY_FILE:
        return _Start([word.format(file=source.path) for word in _BY_FILE[framework]], [framework])
    if framework == "nicegui":
        return _Start(["python", source.path], [framework], source.port or 8080)
    bind = f"--bind=0.0.0.0:{PORT}"
    if framework == "django":
        module = source.path.removesuffix(".py").replace("/", ".")
        return _Start(["gunicorn", bind, f"{module}:application"], ["django", "gunicorn"])
    folder, module = _module(source, sources)
    name, called = (source.apps[0][0], "") if source.apps else (source.factories[0][0], "()")
    if framework == "dash":
        path = f"import sys; sys.path.insert(0, '{folder}'); " if folder else ""
        code = f"{path}from {module} import {name} as app; app{called}.run(host='0.0.0.0', port={PORT})"
        return _Start(["python", "-c", code], ["dash"])
    if framework == "flask":
        where = [f"--chdir={folder}"] if folder else []
        return _Start(["gunicorn", *where, bind, f"{module}:{name}{called}"], ["flask", "gunicorn"])
    where = [*([f"--app-dir={folder}"] if folder else []), *(["--factory"] if called else [])]
    return _Start(["uvicorn", *where, "--host=0.0.0.0", f"--port={PORT}", f"{module}:{name}"], [framework, "uvicorn"])


def _module(source: Source, sources: Sources) -> tuple[str, str]:
    """The folder to start in and the module there. It is the file's own folder where the app imports from it by short names."""
    folder = posixpath.dirname(source.path)
    short = any(
        posixpath.join(folder, name.partition(".")[0] + end) in sources.by_path
        for name in source.imports for end in (".py", "/__init__.py")
    )  # fmt: skip
    if folder and (short or not folder.replace("/", "").isidentifier()):
        return folder, source.name
    return "", source.path.removesuffix(".py").replace("/", ".")


def _django(files: Deployed) -> str | None:
    return next((path for path in files.paths if path.count("/") == 1 and path.endswith("/wsgi.py")), None)


def _node(files: Deployed) -> str:
    package = Package.read(files)
    assert package  # noqa: S101 - it made the candidate
    return _rendered(
        "node.Dockerfile",
        install=package.install,
        build="RUN npm run build\n" if "build" in package.scripts else "",
        command=json.dumps(["npm", "start"] if "start" in package.scripts else ["npm", "run", "preview"]),
        port=PORT,
    )


def _rendered(template: str, **facts: object) -> str:
    return Template((_TEMPLATES / template).read_text("utf-8")).substitute(facts)
