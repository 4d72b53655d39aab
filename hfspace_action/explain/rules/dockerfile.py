"""The instructions of a Dockerfile with their lines, and the step of a build that failed."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from hfspace_action.errors import Place
from hfspace_action.explain.case import Case, Files

DOCKERFILE = "Dockerfile"
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$\w+")

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


class Instruction(NamedTuple):
    """One instruction: its first line, its word in capitals, and its text on one line."""

    line: int
    word: str
    text: str


class Step(NamedTuple):
    """The step of a build that failed: the log lines of its output, its exit code, and its place if it can be told."""

    start: int
    stop: int
    code: int
    command: str
    place: Place | None


def instructions(files: Files) -> list[Instruction]:
    """The instructions of the Space's Dockerfile, in order; none where there is no Dockerfile."""
    found: list[Instruction] = []
    parts: list[str] = []
    start, until = 0, None
    for number, line in enumerate((files.text(DOCKERFILE) or "").splitlines(), 1):
        body = line.strip()
        if until:
            until = None if body == until else until
            continue
        if not body or body.startswith("#"):
            continue
        start = start if parts else number
        parts.append(body.removesuffix("\\"))
        if body.endswith("\\"):
            continue
        text = " ".join(" ".join(parts).split())
        found.append(Instruction(start, text.split(" ")[0].upper(), text))
        heredoc = _HEREDOC.search(text)
        until = heredoc[1] if heredoc and found[-1].word in ("RUN", "COPY", "ADD") else None
        parts = []
    return found


def locate(files: Files, text: str) -> Place | None:
    """The instruction whose text is, or holds, what a builder printed of it, variables filled in or not."""
    wanted = " ".join(text.split())
    known = instructions(files)
    for test in (_is, _holds, _fills):
        for one in known:
            if wanted and test(one.text, wanted):
                return Place(DOCKERFILE, one.line)
    return None


def _is(text: str, wanted: str) -> bool:
    return text == wanted


def _holds(text: str, wanted: str) -> bool:
    return wanted in text


def _fills(text: str, wanted: str) -> bool:
    """Whether the fixed parts of an instruction stand in `wanted` in their order."""
    at, pieces = 0, _VARIABLE.split(text)
    if len(pieces) == 1:
        return False
    for piece in pieces:
        at = wanted.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def starting(files: Files, name: str = "") -> Place | None:
    """The instruction that starts the app: the last CMD or ENTRYPOINT, rather one that has `name` in it."""
    starts = [one for one in instructions(files) if one.word in ("CMD", "ENTRYPOINT")]
    naming = [one for one in starts if name and name in one.text]
    return Place(DOCKERFILE, (naming or starts)[-1].line) if starts else None


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
    known = case.files.text(DOCKERFILE)
    if found is None or known is None or int(found.group("line")) > len(known.splitlines()):
        return None
    return Place(DOCKERFILE, int(found.group("line")))
