"""Where the app of a Docker Space will listen, as far as its start command and its files say, against where the Hub asks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.card import ports
from hfspace_action.errors import Place
from hfspace_action.foresight.tree import Finding, Tree, likely
from hfspace_action.readers import dockerfile
from hfspace_action.readers.files import DOCKERFILE

_DIGITS = 6  # more than any port has
_LOOPBACK = re.compile(
    r"--(?:server[.-])?(?:host|address)[ =](?:127\.0\.0\.1|localhost)\b|(?:--bind|-b)[ =](?:127\.0\.0\.1|localhost):\d|\brunserver (?:127\.0\.0\.1|localhost):\d"
)
# Programs that listen on the loopback interface where no option, no variable and no file of theirs says otherwise.
_ON_LOOPBACK = re.compile(r"\b(?:uvicorn|gunicorn|hypercorn|flask\b.*? run|fastapi dev|manage\.py runserver)\b")
_SAYS_WHERE = re.compile(r"--(?:host|bind|uds|fd|config)\b|\s-[bhc]\b|\brunserver [\w.]+")
_VARIABLES = re.compile(r"UVICORN_|FLASK_RUN_HOST|GUNICORN_CMD_ARGS|\bHOST\b|\bPORT\b")
_SETTINGS = re.compile(r"(?:^|/)(?:gunicorn\.conf\.py|\.flaskenv)$")
_SHARED = re.compile(r"nginx|caddy|supervisord|traefik|haproxy|&&|;| & |\|", re.IGNORECASE)  # others may listen, too


class _Start(NamedTuple):
    line: int
    command: str


def _start(tree: Tree) -> _Start | None:
    """The command that starts the container, where it is one plain command."""
    known = dockerfile.instructions(tree.files)
    last = max((at for at, one in enumerate(known) if one.word == "FROM"), default=0)
    starts = [one for one in known[last:] if one.word in ("CMD", "ENTRYPOINT")]
    if not starts:
        return None
    text = " ".join(" ".join(re.sub(r"[\[\]\",]", " ", one.rest).split()) for one in starts)
    return None if _SHARED.search(text) else _Start(starts[-1].line, text)


def listens(tree: Tree) -> Iterator[Finding]:
    """The port and the address on which the app of a Docker Space listens."""
    found = ports.find(tree.files)
    if found and found.how != ports.EXPOSE and found.number != tree.port:
        yield likely("wrong-port", Place(found.path, found.line), port=found.number, expected=tree.port)
    elif found and found.how == ports.EXPOSE and not _exposes(tree):
        yield from _not_exposed(tree)
    elif (start := _start(tree)) and _on_loopback(tree, start):
        yield likely("loopback-only", Place(DOCKERFILE, start.line), port=found.number if found else tree.port)


def _on_loopback(tree: Tree, start: _Start) -> bool:
    if _LOOPBACK.search(start.command):
        return True
    elsewhere = _VARIABLES.search(tree.files.text(DOCKERFILE) or "") or any(map(_SETTINGS.search, tree.files.paths))
    return bool(_ON_LOOPBACK.search(start.command) and not _SAYS_WHERE.search(start.command) and not elsewhere)


def _exposes(tree: Tree) -> bool:
    """Whether some EXPOSE may mean the port on which the Hub asks."""
    for word in _exposed(tree):
        first, _, last = word.partition("/")[0].partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            return True  # a variable
        if int(first[:_DIGITS]) <= tree.port <= int((last or first)[:_DIGITS]):
            return True
    return False


def _exposed(tree: Tree) -> list[str]:
    return [word for one in dockerfile.instructions(tree.files) if one.word == "EXPOSE" for word in one.rest.split()]


def _not_exposed(tree: Tree) -> Iterator[Finding]:
    """EXPOSE of other ports than the one that the README names."""
    if "app_port" not in tree.added:
        line = [one.line for one in dockerfile.instructions(tree.files) if one.word == "EXPOSE"][-1]
        key = tree.key("app_port") if "app_port" in tree.data else Place(DOCKERFILE, line)
        numbers = ", ".join(word.partition("/")[0] for word in _exposed(tree))
        yield likely("port-not-exposed", key, ports=numbers, expected=tree.port)


RULES = (listens,)
