"""Builds that could not reach an index of packages, which is nobody's fault in the repository."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain.case import Case, Cause, Found, Rule
from hfspace_action.readers.files import first_line

# pip says so for each try; only the last one, with no try left, is a failure.
_PIP = re.compile(
    r"Retrying \(Retry\(total=0\b.*(?:host='(?P<host>[^']+)'|(?P<why>NewConnectionError|NameResolutionError|ConnectTimeoutError"
    r"|ReadTimeoutError|ConnectionResetError|ProxyError|SSLError|ProtocolError))"
)
_PIP_READ = re.compile(
    r"(?:ReadTimeoutError|ConnectTimeoutError|ProtocolError|IncompleteRead).*?(?:host='(?P<host>[^']+)'|$)"
)
_PIP_STATUS = re.compile(
    r"HTTP error 5\d\d while getting https?://(?P<host>[^/\s]+)|5\d\d Server Error:.* for url: https?://(?P<url>[^/\s]+)"
)
_NOTHING = re.compile(r"\(from versions: none\)")
_FETCH = re.compile(r"Failed to (?:fetch|download)[^`:]*: `?https?://(?P<host>[^/\s`]+)")
_BROKEN = re.compile(
    r"error sending request|dns error|client error \(Connect\)|operation timed out|connection (?:refused|reset|closed)|HTTP status server error",
    re.IGNORECASE,
)
_APT = re.compile(
    r"(?:Temporary failure resolving|Could not resolve) '(?P<quoted>[\w.-]+)'"
    r"|(?:Could not connect to|Cannot initiate the connection to|Unable to connect to) (?P<host>[\w.-]+)[: ]"
)
_NPM = re.compile(
    r"^npm (?:ERR!|error) code (?P<why>ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|E50[0234])$"
)
_NPM_URL = re.compile(r"request to https?://(?P<host>[^/\s]+)")
_GIT = re.compile(r"Could not resolve host: (?P<host>[\w.-]+)")
_FILES = re.compile(r"requirements|(?:^|/)(?:Dockerfile|\.npmrc|pip\.conf|uv\.toml|pyproject\.toml|\.yarnrc\.yml)$")


def _pip(case: Case) -> Cause | None:
    found = case.last(_PIP)
    if found and (nothing := case.last(_NOTHING)) and nothing.at > found.at:
        return _unreachable(case, found, found.group("host"))
    if broken := case.last(_PIP_STATUS):
        return _unreachable(case, broken, broken.group("host") or broken.group("url"))
    broken = case.last(_PIP_READ)
    if broken and not case.lines[broken.at].lstrip().startswith("WARNING"):
        return _unreachable(case, broken, broken.group("host"))
    return None


def _uv(case: Case) -> Cause | None:
    found = case.last(_FETCH)
    after = case.lines[found.at : found.at + 8] if found else []
    return _unreachable(case, found, found.group("host")) if found and any(map(_BROKEN.search, after)) else None


def _apt_or_git(case: Case) -> Cause | None:
    if found := case.last(_APT):
        return _unreachable(case, found, found.group("quoted") or found.group("host"))
    found = case.last(_GIT)
    return _unreachable(case, found, found.group("host")) if found else None


def _npm(case: Case) -> Cause | None:
    if not (found := case.last(_NPM)):
        return None
    told = next((match for line in case.lines[found.at : found.at + 10] if (match := _NPM_URL.search(line))), None)
    return _unreachable(case, found, told["host"] if told else "")


def _unreachable(case: Case, found: Found, host: str) -> Cause:
    return case.cause("index-unreachable", _place(case, host), found.at, host=host or "the index")


def _place(case: Case, host: str) -> Place | None:
    """The line of the repository that names this host, if it is an index of its own."""
    name = re.compile(rf"(?<![\w.-]){re.escape(host)}(?![\w.-])") if host else None
    files = sorted(path for path in case.files.paths if _FILES.search(path))
    return first_line(case.files, files, name.search) if name else None


def index_unreachable(case: Case) -> Cause | None:
    """The network, or the index, was not there."""
    if not case.building:
        return None
    return next((cause for rule in (_pip, _uv, _apt_or_git, _npm) if (cause := rule(case))), None)


RULES: tuple[Rule, ...] = (index_unreachable,)
