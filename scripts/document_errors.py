"""Writes docs/errors.md from the register, so that what people look up is what they met.

Each leads to the symptoms in docs/troubleshooting.md that name it, or its group.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from hfspace_action.errors import Group, groups

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
SYMPTOMS = PAGE.with_name("troubleshooting.md")
HEAD = """# Errors

Every failure of a step, by the id that the output `error` carries and each annotation ends with. Words in braces stand for facts of
the run.
"""


def page() -> str:
    """The page's text."""
    return HEAD + "".join(line + "\n" for group in groups() for line in _lines(group))


def anchor(heading: str) -> str:
    """Return the address within a page that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def symptoms(name: str, group: Group) -> list[str]:
    """Return the headings of docs/troubleshooting.md that lead to an error or to its group."""
    sections = re.split(r"^## (.*)\n", SYMPTOMS.read_text("utf-8"), flags=re.MULTILINE)[1:]
    links = (f"(errors.md#{name})", f"(errors.md#{anchor(group.title)})")
    return [
        heading
        for heading, body in zip(sections[::2], sections[1::2], strict=True)
        if any(link in body for link in links)
    ]


def _lines(group: Group) -> Iterator[str]:
    yield from ("", f"## {group.title}")
    for name, text in group.texts.items():
        yield from ("", f"### `{name}`", "", text.what, "")
        advice = text.advice.replace("\n", "\n  ")  # lines to be pasted belong to the list's item
        yield from (f"* {group.when}", f"* **What to do:** {advice}")
        seen = ", ".join(f"[{heading}](troubleshooting.md#{anchor(heading)})" for heading in symptoms(name, group))
        yield f"* **Seen as:** {seen}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
