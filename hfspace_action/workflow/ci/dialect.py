"""How a place shows a log. Only type checkers read this module: a class with so many methods takes long to make."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Dialect(Protocol):
    """How a place shows a log. Text comes redacted and printable, on one line unless it is said otherwise; what is returned are
    the lines to print."""

    def ours(self, line: str) -> str:
        """Show a line of ours, which may quote others."""
        ...

    def verdict(self, line: str, good: bool) -> str:
        """Show the line of ours that says how it ended."""
        ...

    def foreign(self, line: str) -> str:
        """Show a line that others wrote."""
        ...

    def fence(self, token: str) -> tuple[Iterable[str], Iterable[str]]:
        """Enclose text that others wrote: what is printed before and after it. `token` can't be guessed."""
        ...

    def mask(self, secret: str) -> Iterable[str]:
        """Ask the place to hide a line; nothing where that would show it."""
        ...

    def debug(self, message: str) -> Iterable[str]:
        """Show text for those who look for a fault, with several lines."""
        ...

    def group(self, title: str) -> Iterable[str]:
        """Begin a group."""
        ...

    def end_group(self) -> Iterable[str]:
        """End it."""
        ...

    def annotation(self, kind: str, message: str, properties: Mapping[str, str]) -> Iterable[str]:
        """Show an `error` or a `warning`, with several lines; its properties are title, file and line, as far as known."""
        ...
