"""Where the app will listen, as far as its start command or its code says, against where the Hub asks."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.errors import Place
from hfspace_action.readers import code, dockerfile
from hfspace_action.readers.dockerfile import DOCKERFILE

from .tree import DEFAULT_PORT, Finding, Tree, likely

_PORT = re.compile(
    r"--(?:server[.-])?port[ =](?P<port>\d{2,5})\b|(?:--bind|-b)[ =][\w.\[\]:]*?:(?P<bind>\d{2,5})\b|\bhttp\.server (?P<http>\d{2,5})\b"
    r"|\brunserver (?:[\w.]+:)?(?P<django>\d{2,5})\b"
)
_LOOPBACK = re.compile(
    r"--(?:server[.-])?(?:host|address)[ =](?:127\.0\.0\.1|localhost)\b|(?:--bind|-b)[ =](?:127\.0\.0\.1|localhost):\d|\brunserver (?:127\.0\.0\.1|localhost):\d"
)
_UVICORN = re.compile(r"\buvicorn\b")
_SHARED = re.compile(r"nginx|caddy|supervisord|traefik|haproxy|&&|;| & |\|", re.IGNORECASE)  # others may listen, too
_LOOPBACK_NAMES = ("127.0.0.1", "localhost")


class _Start(NamedTuple):
    line: int
    command: str


def _start(tree: Tree) -> _Start | None:
    """The command that starts the container, where it is one plain command whose words are all written out."""
    known = dockerfile.instructions(tree.files)
    last = max((at for at, one in enumerate(known) if one.word == "FROM"), default=0)
    starts = [one for one in known[last:] if one.word in ("CMD", "ENTRYPOINT")]
    if not starts:
        return None
    text = " ".join(" ".join(re.sub(r"[\[\]\",]", " ", one.rest).split()) for one in starts)
    return None if _SHARED.search(text) or "$" in text else _Start(starts[-1].line, text)


def start_command(tree: Tree) -> Iterator[Finding]:
    """The port and the address that the start command of a Docker Space names."""
    start = _start(tree)
    if start is None:
        return
    place = Place(DOCKERFILE, start.line)
    named = _PORT.search(start.command)
    port = int(next(group for group in named.groups() if group)) if named else None
    by_variable = re.compile(r"UVICORN_|\bHOST\b|\bPORT\b").search(tree.files.text(DOCKERFILE) or "")
    uvicorn = _UVICORN.search(start.command) and not by_variable
    if port is None and uvicorn:
        port = 8000
    if port is not None and port != tree.port:
        yield likely("wrong-port", place, port=port, expected=tree.port)
    elif _LOOPBACK.search(start.command) or (uvicorn and not re.search(r"--(?:host|uds|fd)\b", start.command)):
        yield likely("loopback-only", place, port=port or tree.port)


def exposed(tree: Tree) -> Iterator[Finding]:
    """EXPOSE of other ports than the one that the README names."""
    start = _start(tree)
    if "app_port" in tree.added or (start and _PORT.search(start.command)):
        return
    ports = [one for one in dockerfile.instructions(tree.files) if one.word == "EXPOSE"]
    numbers = [number.partition("/")[0] for one in ports for number in one.rest.split()]
    if numbers and all(number.isdecimal() for number in numbers) and str(tree.port) not in numbers:
        key = tree.key("app_port") if "app_port" in tree.data else Place(DOCKERFILE, ports[-1].line)
        yield likely("port-not-exposed", key, ports=", ".join(numbers), expected=tree.port)


def launched(tree: Tree) -> Iterator[Finding]:
    """The port and the address that a Gradio app gives to `launch`."""
    syntax = code.parsed(tree.files, tree.app_file)
    calls = [node for node in ast.walk(syntax) if _launches(node)] if syntax else []
    if len(calls) != 1:
        return
    call = calls[0]
    assert isinstance(call, ast.Call)  # noqa: S101 - `_launches` says so
    given = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
    place = Place(tree.app_file, call.lineno)
    port = given.get("server_port")
    if isinstance(port, int) and port != DEFAULT_PORT:
        yield likely("wrong-port", place, port=port, expected=DEFAULT_PORT)
    elif given.get("server_name") in _LOOPBACK_NAMES:
        yield likely("loopback-only", place, port=DEFAULT_PORT)


def _launches(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "launch"


OF_DOCKER = (start_command, exposed)
