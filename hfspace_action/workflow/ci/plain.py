"""A log for people to read as it comes, in colours where the terminal has some; outputs as a dotenv file."""

from collections.abc import Iterable, Mapping
from typing import TextIO

from hfspace_action import text

from .place import Files

MOST = 3000
"""Bytes of one output in a dotenv file: GitLab takes files of 5 kB, and all but the plan are short."""
_OF_GITHUB = "matrix"
_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "group": "\x1b[1m", "good": "\x1b[1;32m"}
_MARKS = {"✓": "good", "+": "good", "✗": "error", "-": "error", "~": "warning"}
"""How the first letter of a row or of a line of the plan is painted."""
_END = "\x1b[0m"


class Plain:
    """A log that nobody but people reads. Nothing of it is a command, and what others wrote can at most colour itself."""

    def __init__(self, colour: bool) -> None:
        """`colour`: whether the reader shows colours."""
        self._colour, self._indent = colour, ""

    def ours(self, line: str) -> str:
        """Show a line, set in within a group."""
        shown = self._shown(line)
        mark = _MARKS.get(line[:1]) if self._colour and line[1:2] == " " else None
        return self._indent + (f"{_COLOURS[mark]}{line[0]}{_END}{shown[1:]}" if mark else shown)

    def verdict(self, line: str, good: bool) -> str:
        """Show how it ended, in green or red."""
        return self._painted("good" if good else "error", line)

    def foreign(self, line: str) -> str:
        """Show a line, set in within a group."""
        return self._indent + self._shown(line)

    def fence(self, _token: str) -> tuple[Iterable[str], Iterable[str]]:
        """Nothing in a plain log is a command that would have to be switched off."""
        return [], []

    def mask(self, _secret: str) -> Iterable[str]:
        """Nobody is told: on a terminal, the command to hide a secret would show it."""
        return []

    def debug(self, _message: str) -> Iterable[str]:
        """Leave it out."""
        return []

    def group(self, title: str) -> Iterable[str]:
        """Begin a group: its title, and its lines set in."""
        shown = self._painted("group", title)
        self._indent = "  "
        return [shown]

    def end_group(self) -> Iterable[str]:
        """End it."""
        self._indent = ""
        return []

    def annotation(self, kind: str, message: str, properties: Mapping[str, str]) -> Iterable[str]:
        """Show the kind, the place and the message; its title is in the log already."""
        first, *rest = text.lines(message)
        file = properties.get("file", "")
        where = ":".join(filter(None, ("" if file == "." else file, properties.get("line"))))
        yield f"{self._painted(kind, f'{kind}:')} " + self._shown(f"{where}: {first}" if where else first)
        for line in rest:
            yield f"  {self._shown(line)}".rstrip()

    def _painted(self, kind: str, words: str) -> str:
        shown = text.harmless(words, colours=False)
        return f"{_COLOURS[kind]}{shown}{_END}" if self._colour else shown

    def _shown(self, line: str) -> str:
        """Return a line with colours at most: other sequences move the cursor, rename the window or fill the clipboard."""
        if "\x1b" not in line:
            return line
        return text.harmless(line, colours=self._colour) + (_END if self._colour else "")


def coloured(env: Mapping[str, str], out: TextIO) -> bool:
    """Whether a log is shown in colours. Source: https://no-color.org, https://force-color.org."""
    if env.get("NO_COLOR"):
        return False
    return bool(env.get("FORCE_COLOR")) or (out.isatty() and env.get("TERM") != "dumb")


def plain(env: Mapping[str, str], out: TextIO) -> Plain:
    """Return the dialect of a terminal, or of a file."""
    return Plain(coloured(env, out))


def dotenv(name: str, value: str) -> str:
    """Return an output as a line of a dotenv file, as GitLab reads one: letters, digits and '_', one line, no quotes.

    Source: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv. A value that does not fit is left empty. The
    file has 20 lines at most, so what only GitHub can use has none.
    """
    if name == _OF_GITHUB:
        return ""
    line = " ".join(text.lines(value))
    fits = len(line.encode("utf-8", "replace")) <= MOST
    return f"{name.replace('-', '_').upper()}={line if fits else ''}\n"


FILES = Files("OUTPUT_FILE", "SUMMARY_FILE", dotenv, made=True)
