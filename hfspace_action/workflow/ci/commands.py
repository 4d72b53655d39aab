"""The log and the outputs of a runner of GitHub's kind: workflow commands, spelled by `actions_toolkit`.

Its `core` is not used, because it loads an HTTP client, and because of four of its habits:

* it writes to `sys.stdout` and never flushes, so a mask could come after the text that it should hide;
* it prints text from others as it comes, so a line of a Space's log can be a command;
* without GITHUB_OUTPUT it falls back on `::set-output`, which runners no longer accept, and it lets a missing file raise;
* it sends annotation properties that were not given as empty ones, which the official `@actions/core` does not.
"""

from collections.abc import Iterable, Mapping
from typing import TextIO

from actions_toolkit.command import Command
from actions_toolkit.file_command import prepare_key_value_message

from hfspace_action import text


class Commands:
    """A log that a runner reads line by line."""

    def __init__(self, _env: Mapping[str, str], _out: TextIO) -> None:
        """All runners read the same."""

    def ours(self, line: str) -> str:
        """Show a line of which nothing is a command, whatever it quotes."""
        return text.inert(line)

    def verdict(self, line: str, good: bool) -> str:  # noqa: ARG002 - the annotation shows that
        """Show the line that says how it ended as any other."""
        return self.ours(line)

    def foreign(self, line: str) -> str:
        """Show a line inside a fence, colours and all."""
        return text.undrawn(line)

    def fence(self, token: str) -> tuple[Iterable[str], Iterable[str]]:
        """Switch commands off and on again."""
        return [str(Command("stop-commands", {}, token))], [str(Command(token, {}, ""))]

    def mask(self, secret: str) -> Iterable[str]:
        """Ask the runner to hide a line."""
        return [str(Command("add-mask", {}, secret))]  # whole, or it would mask nothing

    def debug(self, message: str) -> Iterable[str]:
        """Show text only where the workflow was started with debug logging."""
        return self._command("debug", message)

    def group(self, title: str) -> Iterable[str]:
        """Begin a group that the log's page folds."""
        return self._command("group", title)

    def end_group(self) -> Iterable[str]:
        """End it."""
        return self._command("endgroup", "")

    def annotation(self, kind: str, message: str, properties: Mapping[str, str]) -> Iterable[str]:
        """Annotate the run, and the file where one is given."""
        return self._command(kind, message, properties)

    def _command(self, name: str, data: str, properties: Mapping[str, str] | None = None) -> list[str]:
        clean = {key: text.undrawn(value) for key, value in (properties or {}).items()}
        return [str(Command(name, clean, text.undrawn(data)))]


def spelled(name: str, value: str) -> str:
    """Return an output as the file behind GITHUB_OUTPUT has it."""
    return f"{prepare_key_value_message(name, value)}\n"
