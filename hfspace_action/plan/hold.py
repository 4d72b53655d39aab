"""The hold: a comment in the Space's own `.gitattributes`. While it is there, no deploy writes to the Space.

That file is the Hub's and not the checkout's, so no deploy overwrites it, and each that writes knows its id from the listing that
it compares with. A tag would be in none of the answers that a deploy asks for anyway.
"""

LINE = "# Held by hf-space-deploy: no deploy writes to this Space until `command: release`."


class Held(Exception):
    """The Space (owner/name) is held: no deploy is to write to it."""

    def __init__(self, space: str) -> None:
        super().__init__(space)
        self.space = space


def is_in(rules: str) -> bool:
    """Whether a `.gitattributes` has the hold."""
    return LINE in rules.splitlines()


def put(rules: str) -> str:
    """Return a `.gitattributes` with the hold."""
    return rules if is_in(rules) else f"{LINE}\n{rules}"


def taken(rules: str) -> str:
    """Return a `.gitattributes` without the hold, otherwise as it was."""
    return "".join(line for line in rules.splitlines(keepends=True) if line.rstrip("\r\n") != LINE)
