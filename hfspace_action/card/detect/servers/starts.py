"""How apps of Python's frameworks are started, where a Space can reach them."""

import posixpath

from hfspace_action.readers.python.python_apps import Source, Sources

from .dockerfile import PORT, Start

ADDRESS = "--host=0.0.0.0"
BY_FILE = {
    "streamlit": ["streamlit", "run", "{file}", "--server.address=0.0.0.0", f"--server.port={PORT}"],
    "chainlit": ["chainlit", "run", "{file}", "--headless", ADDRESS, f"--port={PORT}"],
    "panel": ["panel", "serve", "{file}", "--address=0.0.0.0", f"--port={PORT}", "--allow-websocket-origin=*"],
    "shiny": ["shiny", "run", ADDRESS, f"--port={PORT}", "{file}"],
    "bokeh": ["bokeh", "serve", "{file}", "--address=0.0.0.0", f"--port={PORT}", "--allow-websocket-origin=*"],
    "solara": ["solara", "run", "{file}", ADDRESS, f"--port={PORT}", "--production"],
    "marimo": ["marimo", "run", "{file}", "--headless", ADDRESS, f"--port={PORT}"],
}
"""Frameworks with a program of their own, which starts a file; `{file}` is its path."""
BY_ITSELF = {"nicegui": 8080, "aiohttp": 8080, "tornado": 8888, "http.server": 8000}
"""Frameworks whose apps start a server themselves, with the port that they listen on if they name none."""
_OWN = {"nicegui": ["nicegui"], "aiohttp": ["aiohttp"], "tornado": ["tornado"], "http.server": []}


def of(framework: str, source: Source, sources: Sources) -> Start:
    """Return how the app of a file starts."""
    if framework in BY_FILE:
        return Start([word.format(file=source.path) for word in BY_FILE[framework]], [framework])
    if framework in BY_ITSELF:
        return Start(["python", source.path], _OWN[framework], source.port or BY_ITSELF[framework])
    bind = f"--bind=0.0.0.0:{PORT}"
    folder, module = _module(source, sources)
    where = [f"--chdir={folder}"] if folder else []
    match framework:
        case "django":
            return Start(["gunicorn", bind, f"{module}:application"], ["django", "gunicorn"])
        case "mesop":
            return Start(["gunicorn", *where, bind, f"{module}:me"], ["mesop", "gunicorn"])
    name, called = (source.apps[0][0], "") if source.apps else (source.factories[0][0], "()")
    match framework:
        case "dash":
            path = f"import sys; sys.path.insert(0, '{folder}'); " if folder else ""
            code = f"{path}from {module} import {name} as app; app{called}.run(host='0.0.0.0', port={PORT})"
            return Start(["python", "-c", code], ["dash"])
        case "flask" | "bottle":
            return Start(["gunicorn", *where, bind, f"{module}:{name}{called}"], [framework, "gunicorn"])
        case "sanic":
            return Start(["sanic", f"{module}:{name}", ADDRESS, f"--port={PORT}", "--single-process"], ["sanic"])
    options = [*([f"--app-dir={folder}"] if folder else []), *(["--factory"] if called else [])]
    return Start(["uvicorn", *options, ADDRESS, f"--port={PORT}", f"{module}:{name}"], [framework, "uvicorn"])


def _module(source: Source, sources: Sources) -> tuple[str, str]:
    """The folder to start in and the module there. It is the file's own folder, or src/, where the app imports from it by short
    names."""
    own = posixpath.dirname(source.path)
    for folder in dict.fromkeys(
        (own, own.partition("/")[0] if own.startswith("src/") else own, posixpath.dirname(own))
    ):
        short = any(
            posixpath.join(folder, name.partition(".")[0] + end) in sources.by_path
            for name in source.imports for end in (".py", "/__init__.py")
        )  # fmt: skip
        if folder and (short or (folder == own and not folder.replace("/", "").isidentifier())):
            return folder, _dotted(posixpath.relpath(source.path, folder))
    return "", _dotted(source.path)


def _dotted(path: str) -> str:
    """The name of a module; that of a package is its folder's."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
