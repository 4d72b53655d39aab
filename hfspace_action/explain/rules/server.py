"""Apps that run, but where the Hub does not look for them: on another port, or for the container only."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.errors import Place
from hfspace_action.explain import places
from hfspace_action.explain.case import Case, Cause, Rule
from hfspace_action.readers import front_matter
from hfspace_action.readers.files import first_line

from .space import app_file, expected_port

_HINT = re.compile(r"running|listening|serving|\burl\b|started|ready|local|network|available|bind", re.IGNORECASE)
_ADDRESS = re.compile(
    r"https?://(?P<host>\[[0-9a-f:]*\]|[\w.-]+):(?P<port>\d{2,5})\b|(?<![\w.])(?P<bare>\d+\.\d+\.\d+\.\d+):(?P<bare_port>\d{2,5})\b"
)
_PORT = re.compile(
    r"\b(?:on|at) (?:(?P<host>\d+\.\d+\.\d+\.\d+|::) )?port:? (?P<port>\d{2,5})\b|listening (?:on|at) :(?P<colon>\d{2,5})\b",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(r"all addresses|0\.0\.0\.0|\[::\]|network url|external url", re.IGNORECASE)
_LOOPBACK = re.compile(r"^(?:localhost|127\.[\d.]+|\[::1\])$", re.IGNORECASE)
_UNHEALTHY = re.compile(r"timed out|not healthy", re.IGNORECASE)
_STARTS = re.compile(
    r"\.(?:run|launch|listen|serve_forever)\(|\b(?:uvicorn|gunicorn|hypercorn|streamlit run|flask .*run|http\.server)\b"
)


class Listener(NamedTuple):
    """What an app says about where it listens: port, whether others than the container can reach it, and log line."""

    port: int
    open: bool
    at: int


def _listeners(case: Case) -> Iterator[Listener]:
    everywhere = any(_EVERYWHERE.search(line) and _HINT.search(line) for line in case.lines)
    for at, line in enumerate(case.lines):
        if not _HINT.search(line):
            continue
        if address := _ADDRESS.search(line):
            host, port = address["host"] or address["bare"], address["port"] or address["bare_port"]
            yield Listener(int(port), everywhere or not _LOOPBACK.match(host), at)
        elif named := _PORT.search(line):
            yield Listener(int(named["port"] or named["colon"]), True, at)


def _not_reached(case: Case) -> Cause | None:
    """The app says where it listens, and it is not where the Hub asks."""
    crashed = case.stage == "RUNTIME_ERROR" and not _UNHEALTHY.search(case.message)
    listeners = [] if crashed or case.building or case.answered else list(_listeners(case))
    if not listeners or case.sdk == "static":
        return None
    expected = expected_port(case)
    there = [one for one in listeners if one.port == expected]
    if not there:
        told = listeners[-1]
        return case.cause("wrong-port", _port_place(case, told.port), told.at, port=told.port, expected=expected)
    if any(one.open for one in there):
        return None
    return case.cause("loopback-only", _host_place(case), there[-1].at, port=expected)


def _port_place(case: Case, port: int) -> Place | None:
    if case.sdk == "docker":
        return front_matter.place(case.files, "app_port", "sdk")
    number = re.compile(rf"(?<!\d){port}(?!\d)")
    return first_line(case.files, places.code(case.files, _app_files(case)), number.search)


def _host_place(case: Case) -> Place | None:
    """The line that names the loopback address, or else the one that starts the server with its default."""
    paths = places.code(case.files, _app_files(case))
    named = first_line(case.files, paths, re.compile(r"127\.0\.0\.1|\blocalhost\b").search)
    return named or first_line(case.files, paths, _STARTS.search)


def _app_files(case: Case) -> list[str]:
    return [app_file(case.data)]


RULES: tuple[Rule, ...] = (_not_reached,)
