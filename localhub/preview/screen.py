"""What a preview shows: lines with where they come from, and below them, on a terminal, what is being done."""

from rich.console import Console
from rich.status import Status
from rich.style import Style
from rich.text import Text

_STYLES = {"step": "cyan", "build": "magenta", "run": "blue", "-----": "bold"}
_GOOD, _BAD = "bold green", "bold red"


class Screen:
    """Shows lines as they come. Colours and the line of progress are for terminals; NO_COLOR and TERM=dumb are heard."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._status: Status | None = None

    def line(self, origin: str, text: str) -> None:
        """Show a line of a log. What it holds is text and colours, never markup or another terminal sequence."""
        shown = Text(f"{origin:>5} | ", style=_STYLES.get(origin, ""))
        shown.append_text(Text.from_ansi(text))
        self._console.print(shown)

    def stage(self, stage: str, error: str | None, *, up: bool, down: bool) -> None:
        """Show a stage, and go on showing it while it lasts."""
        style = _GOOD if up else _BAD if down else _STYLES["-----"]
        shown = Text("----- | ").append(f"{stage}{f': {error}' if error else ''}", Style.parse(style))
        self._console.print(shown)
        self.doing("" if up or down else stage.replace("_", " ").capitalize())

    def word(self, text: str) -> None:
        """Say something to whoever sits there, between empty lines."""
        self._console.print()
        self._console.print(Text(text, style=_GOOD))
        self._console.print()

    def doing(self, what: str) -> None:
        """Show what is being done until something else is; nothing for an empty text."""
        if self._status:
            self._status.stop()
            self._status = None
        if what and self._console.is_terminal:
            self._status = self._console.status(Text(what))
            self._status.start()

    def end(self, text: str) -> None:
        """Say the last word."""
        self.doing("")
        self._console.print(Text(text))
