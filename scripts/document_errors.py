"""Writes docs/errors.md from the register, so that what people look up is what they met."""

from collections.abc import Iterator
from pathlib import Path

from hfspace_action.errors import Group, groups

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
HEAD = """# Errors

Every failure of a step, by the id that the output `error` carries and each annotation ends with. Words in braces stand for facts of
the run.
"""


def page() -> str:
    """The page's text."""
    return HEAD + "".join(line + "\n" for group in groups() for line in _lines(group))


def _lines(group: Group) -> Iterator[str]:
    yield from ("", f"## {group.title}")
    for name, text in group.texts.items():
        yield from ("", f"### `{name}`", "", text.what, "")
        advice = text.advice.replace("\n", "\n  ")  # lines to be pasted belong to the list's item
        yield from (f"* {group.when}", f"* **What to do:** {advice}")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
