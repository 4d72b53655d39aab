"""Evidence for apps of Python's frameworks."""

from collections.abc import Iterator

from hfspace_action.card.detect.evidence import Candidate, Clue
from hfspace_action.card.detect.gradio import LEFT_BEHIND, NAMES, is_left_behind
from hfspace_action.readers.files import Deployed
from hfspace_action.readers.python import python_apps
from hfspace_action.readers.python.python_apps import Source, Sources
from hfspace_action.readers.requirements import Asked

from . import installs, starts
from .dockerfile import rendered

FRAMEWORK = {"streamlit": 55, "chainlit": 55, "fastapi": 52, "flask": 52, "dash": 52, "http.server": 30}
"""How much it weighs that a file is an app of a framework; others weigh 45."""
OTHERS = 45
TITLES = {
    "streamlit": "Streamlit", "chainlit": "Chainlit", "panel": "Panel", "nicegui": "NiceGUI", "fastapi": "FastAPI",
    "flask": "Flask", "dash": "Dash", "shiny": "Shiny", "django": "Django", "bokeh": "Bokeh", "solara": "Solara",
    "bottle": "Bottle", "sanic": "Sanic", "tornado": "Tornado", "mesop": "Mesop", "litestar": "Litestar", "quart": "Quart",
    "starlette": "Starlette", "http.server": "Python's http.server",
}  # fmt: skip
DJANGO = Clue(52, "is Django's")
IMPORTED = Clue(-6)
"""For a part of another file's app."""
PACKAGE = Clue(-5)
"""For a package's own __init__.py, which is the app if nothing starts it."""
PAGE_NAMES = {"streamlit_app": 21, "home": 15, "🏠_home": 15, "api": 8, "wsgi": 9, "asgi": 9, "application": 9, **NAMES}
_PACKAGES = """\
COPY packages.txt /tmp/
RUN apt-get update && tr -d '\\r' < /tmp/packages.txt | xargs apt-get install --yes --no-install-recommends && rm -rf /var/lib/apt/lists/*
"""
# Frameworks that are an app only by a part of them: what an import of it ends with.
_PARTS = {"bokeh": "curdoc"}


def candidates(files: Deployed, sources: Sources, asked: Asked) -> Iterator[Candidate]:
    """Every app of such a framework."""
    yield from _by_requirements(sources, asked)
    for source in sources.by_path.values():
        framework, how = _framework(source, sources)
        is_package = source.name == "__init__" and source.depth == 1
        if framework and (python_apps.may_be_app(source.path) or (is_package and framework not in starts.BY_FILE)):
            clues = [Clue(FRAMEWORK.get(framework, OTHERS), how), Clue(PAGE_NAMES.get(source.name.lower(), 0) // 5)]
            imported = source.path in sources.imported
            clues += [*([IMPORTED] if imported else []), *([PACKAGE] if is_package else []), Clue(-source.depth)]
            yield Candidate(framework, source.path, [*clues, *([LEFT_BEHIND] if is_left_behind(source.name) else [])])
    if "manage.py" in files.paths and (wsgi := _django(files)):
        yield Candidate("django", wsgi, [DJANGO])


def dockerfile(candidate: Candidate, files: Deployed, sources: Sources) -> str:
    """Return the Dockerfile for an app."""
    source = sources.by_path.get(candidate.path, Source(candidate.path))
    start = starts.of(candidate.kind, source, sources)
    install = installs.arguments(source.path, start.packages, files, sources)
    return rendered(
        "python",
        start,
        packages=_PACKAGES if "packages.txt" in files.paths else "",
        install=f"RUN pip install --no-cache-dir {install}\n" if install else "",
    )


def _by_requirements(sources: Sources, asked: Asked) -> Iterator[Candidate]:
    """The app of a framework that requirements.txt names and no file imports: the file by whose name apps go."""
    apps = [each for each in sources.by_path.values() if each.depth == 0 and each.name.lower() in PAGE_NAMES]
    app = max(apps, key=lambda each: PAGE_NAMES[each.name.lower()], default=None)
    for framework in starts.BY_FILE:
        entry = asked.get(framework)
        if entry and app and not any(framework in each.packages for each in sources.by_path.values()):
            yield Candidate(framework, app.path, [Clue(20, f"is beside {framework} in {entry.path}")])


def _framework(source: Source, sources: Sources) -> tuple[str | None, str]:
    """The framework of which a file is an app, and what shows it; those with a program of their own by what is imported."""
    for framework in starts.BY_FILE:
        way = sources.way_to(source.path, framework)
        part = _PARTS.get(framework)
        if way == source.path and (part is None or any(name.endswith(part) for name in source.imports)):
            return framework, f"imports {framework}"
        if way and way != source.path and part is None and source.path not in sources.imported and source.depth == 0:
            return framework, f"imports {framework} by way of {way}"
    for framework in starts.BY_ITSELF:
        if (
            framework.partition(".")[0] in source.packages
            and source.serves
            and (framework != "nicegui" or not source.apps)
        ):
            return framework, f"starts a server of {TITLES.get(framework, framework)}"
    if "mesop" in source.packages and "mesop" in source.imports:
        return "mesop", "imports mesop"
    made = next((framework for _, framework in (*source.apps, *source.factories)), None)
    return made, f"makes an app of {TITLES.get(made or '', made)}"


def _django(files: Deployed) -> str | None:
    return next((path for path in files.paths if path.count("/") == 1 and path.endswith("/wsgi.py")), None)
