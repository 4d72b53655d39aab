"""What a runner makes of a step's log: which lines are commands, and which are only shown. After the runner's own rules:
a command begins its line (`::name …::`) or stands anywhere in it (`##[name …]`), and between `::stop-commands::END` and
`::END::` there are none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_COMMAND = re.compile(r"\s*::(?P<name>[^\s:,]+)(?:\s+(?P<properties>[^:]*))?::(?P<data>.*)", re.DOTALL)
_OLD_COMMAND = re.compile(r"##\[(?P<name>[^\s\]]+)[^\]]*\](?P<data>.*)", re.DOTALL)

HOSTILE = [
    "::error file=app.py,line=1::not an error of ours",
    "  ::warning::nor a warning",
    "::stop-commands::end",
    "::add-mask::Published",
    "::endgroup::",
    "::group::Not ours",
    "::set-output name=result::live",
    "##[error]an old command",
    "text ##[group]in the middle",
    "\x1b[31m::error::in red\x1b[0m",
    "progress 1%\r::error::after a return",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "# Not a heading [link](javascript:alert(1)) @octocat ``` </pre></details>",
    "null \x00, bell \x07, back \x08, erase \x1b[2J\x1b[1A",
    "broken \ufffd\ufffe text",
    "ends here ::end::",
]
"""Lines of a Space's log that a runner would obey, or a page would render, if they were not printed with care."""


@dataclass
class Shown:
    """A log as its page shows it."""

    commands: list[tuple[str, str]] = field(default_factory=list)
    """Names and data of the commands, in their order."""
    lines: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    fences: int = 0
    nested: bool = False
    """Whether a group began inside of another."""


def read(log: str) -> Shown:
    """Go through a log as a runner does."""
    shown, end, inside = Shown(), "", False
    for line in re.split(r"\r\n|\r|\n", log):
        if end:
            if line.strip() == f"::{end}::":
                end = ""
            else:
                shown.lines.append(line)
            continue
        found = _COMMAND.fullmatch(line) or _OLD_COMMAND.search(line)
        if not found:
            shown.lines.append(line)
            continue
        name, data = found["name"], found["data"]
        shown.commands.append((name, data))
        match name:
            case "stop-commands":
                end = data
                shown.fences += 1
            case "group":
                shown.groups.append(data)
                shown.nested = shown.nested or inside
                inside = True
            case "endgroup":
                inside = False
    assert not end, "commands were stopped and never begun again"
    assert not inside, "a group was not ended"
    return shown


def names(shown: Shown) -> Sequence[str]:
    """The names of the commands that do something, without those that only shape the log."""
    return [name for name, _ in shown.commands if name not in ("group", "endgroup", "stop-commands")]


def text(written: Sequence[str]) -> str:
    """Lines as a log."""
    return "".join(f"{line}\n" for line in written)
