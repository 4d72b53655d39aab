"""What builders print: the steps of a Dockerfile, and the one that failed."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from hfspace_action.errors import Place
from hfspace_action.readers.dockerfile import locate
from hfspace_action.readers.files import DOCKERFILE

from . import places
from .case import Case

# How builders say that a command failed. Classic: `docker build` of Docker 20 to 28 without BuildKit. BuildKit: as of 2024,
# and as of 2021 ("executor failed").
_FAILED = re.compile(
    r"The command '/bin/sh -c (?P<classic>.*)' returned a non-zero code: (?P<classic_code>\d+)"
    r"|process \"/bin/sh -c (?P<buildkit>.*)\" did not complete successfully: exit code: (?P<buildkit_code>\d+)"
    r"|executor failed running \[/bin/sh -c (?P<old>.*)\]: exit code: (?P<old_code>\d+)"
)
# How they name the step: classic, BuildKit, and the Hub's own rendering of BuildKit's.
_STEP = re.compile(
    r"^(?:Step \d+/\d+ : |\s*>? ?\[(?:[\w.-]+ +)?\d+/\d+\] |--> (?=[A-Z]+ ))(?P<instruction>[A-Z].*?):?$"
)
_SHOWN = re.compile(r"^(?:[\w./-]*/)?Dockerfile:(?P<line>\d+)$")


class Step(NamedTuple):
    """The step of a build that failed: the log lines of its output, its exit code, and its place if it can be told."""

    start: int
    stop: int
    code: int
    command: str
    place: Place | None


def failed_step(case: Case) -> Step | None:
    """The step whose command failed, or None where no builder says so."""
    told = list(case.every(_FAILED))
    if not told:
        return None
    # BuildKit repeats it at the end, after an extract of the Dockerfile; the step's output stands before the first.
    failed = [one for one in told if one[1].groups() == told[0][1].groups()][-1]
    kind = str(failed[1].lastgroup).removesuffix("_code")
    command = failed.group(kind)
    if kind == "buildkit":
        command = re.sub(r"\\(.)", lambda escaped: " " if escaped[1] in "nt" else escaped[1], command)
    step = _header(case, failed.at, command)
    place = shown(case) or locate(case.files, command) or (locate(case.files, step[1]) if step else None)
    start = step[0] + 1 if step else max(0, failed.at - 20)
    return Step(start, failed.at + 1, int(failed.group(f"{kind}_code")), command, place)


def _header(case: Case, before: int, command: str) -> tuple[int, str] | None:
    """The line that names the step of `command`, and its instruction."""
    wanted = " ".join(command.split())
    headers = [(one.at, one.group("instruction")) for one in case.every(_STEP) if one.at < before]
    return next(
        (one for one in headers if wanted and wanted in " ".join(one[1].split())), headers[0] if headers else None
    )


def headers(case: Case, words: Iterable[str]) -> list[tuple[int, str]]:
    """The steps that the log names and that begin with one of `words`, the last first: line, and instruction."""
    return [
        (one.at, one.group("instruction"))
        for one in case.every(_STEP)
        if one.group("instruction").startswith(tuple(words))
    ]


def shown(case: Case) -> Place | None:
    """The line that BuildKit shows with the instructions around it."""
    found = next(
        (one for one in case.every(_SHOWN) if "".join(case.lines[one.at + 1 : one.at + 2]).startswith("-----")), None
    )
    return places.place(case.files, DOCKERFILE, int(found.group("line"))) if found else None
