"""What kind of Space a folder makes, told from its files."""

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure
from hfspace_action.file import File

DEFAULT_PORT = 7860
_LOWEST_PORT = 1025
_REQUIREMENTS = "requirements.txt"
_GRADIO_PIN = re.compile(r"^\s*gradio\s*(?:\[[^\]]*\]\s*)?==\s*([0-9][0-9A-Za-z.]*)\s*(?:$|[#;])", re.MULTILINE)
_STREAMLIT = re.compile(r"^\s*streamlit\b", re.MULTILINE)


class Found(NamedTuple):
    """A value and the file (perhaps with line) that it was found in."""

    value: Any
    origin: str


def sdk(checkout: Checkout) -> Found:
    """The SDK. Raises `Failure` if the files don't tell."""
    files = checkout.files
    if "Dockerfile" in files:
        return Found("docker", "Dockerfile")
    if "index.html" in files:
        return Found("static", "index.html")
    app = _gradio_app(files)
    if app is not None:
        return Found("gradio", app)
    if _STREAMLIT.search(_text(files, _REQUIREMENTS)):
        raise Failure("sdk-streamlit", place=checkout.place(_REQUIREMENTS), origin=_REQUIREMENTS)
    raise Failure("sdk-unknown", path=checkout.folder or ".")


def settings(checkout: Checkout, data: Mapping[str, Any]) -> dict[str, Found]:
    """What the front matter `data` needs besides its sdk, where that differs from the Hub's default. Raises `Failure`."""
    found: dict[str, Found] = {}
    if data["sdk"] == "docker" and "app_port" not in data:
        port = _exposed(_text(checkout.files, "Dockerfile"))
        if port is not None and port.number < _LOWEST_PORT:
            raise Failure("port-low", place=checkout.place("Dockerfile", port.line), port=port.number)
        if port is not None and port.number != DEFAULT_PORT:
            found["app_port"] = Found(port.number, f"Dockerfile:{port.line}")
    if data["sdk"] == "gradio":
        app = _gradio_app(checkout.files)
        if app not in (None, "app.py"):
            found["app_file"] = Found(app, str(app))
        text = _text(checkout.files, _REQUIREMENTS)
        pin = _GRADIO_PIN.search(text)
        if pin is not None:
            line = text.count("\n", 0, pin.start(1)) + 1
            found["sdk_version"] = Found(pin[1], f"{_REQUIREMENTS}:{line}")
    return {key: each for key, each in found.items() if key not in data}


def _gradio_app(files: Mapping[str, File]) -> str | None:
    """The file that starts a Gradio app: app.py, or else the only file beside it that imports gradio."""
    apps = [path for path in files if path.endswith(".py") and "/" not in path and _imports_gradio(_text(files, path))]
    if "app.py" in apps:
        return "app.py"
    return apps[0] if len(apps) == 1 and "app.py" not in files else None


def _imports_gradio(code: str) -> bool:
    if "gradio" not in code:
        return False
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError):
        # Perhaps a newer Python's syntax; whether the app starts is the Hub's to say.
        return re.search(r"^\s*(?:import|from)\s+gradio\b", code, re.MULTILINE) is not None
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return any(module.partition(".")[0] == "gradio" for module in modules)


class _Port(NamedTuple):
    number: int
    line: int


def _exposed(dockerfile: str) -> _Port | None:
    """The port of the last EXPOSE (the first one in it), with variables resolved where the file sets them."""
    arguments: dict[str, str] = {}
    environment: dict[str, str] = {}
    port: _Port | None = None
    for line, word, rest in _instructions(dockerfile):
        if word == "ARG":
            arguments.update(_assignments(rest))
        elif word == "ENV":
            environment.update(_assignments(rest))
        elif word == "EXPOSE":
            number = _resolved(rest, {**arguments, **environment}).partition("/")[0].partition("-")[0]
            port = _Port(int(number), line) if number.isdecimal() else None
    return port


def _instructions(dockerfile: str) -> Iterator[tuple[int, str, str]]:
    """Line, instruction and the rest of it, with continued lines joined and comments left out."""
    start, parts = 0, list[str]()
    for number, line in enumerate(dockerfile.splitlines(), 1):
        text = line.strip()
        if text.startswith("#") or (not text and not parts):
            continue
        start = start if parts else number
        parts.append(text.removesuffix("\\"))
        if not text.endswith("\\"):
            word, _, rest = " ".join(parts).strip().partition(" ")
            yield start, word.upper(), rest.strip()
            parts = []


def _assignments(rest: str) -> dict[str, str]:
    """The variables that an ENV or ARG sets, in either of the two forms: `A=1 B=2` and `A 1`."""
    try:
        words = shlex.split(rest)
    except ValueError:
        return {}
    if len(words) > 1 and "=" not in words[0]:
        return {words[0]: " ".join(words[1:])}
    return dict(word.split("=", 1) for word in words if "=" in word)


def _resolved(rest: str, variables: Mapping[str, str]) -> str:
    first = (rest.split() or [""])[0]
    return re.sub(r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))", lambda v: variables.get(v[1] or v[3]) or v[2] or "", first)


def _text(files: Mapping[str, File], path: str) -> str:
    return files[path].read().decode("utf-8", "replace") if path in files else ""
