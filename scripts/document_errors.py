"""Writes docs/errors.md from the catalogue, so that the list people look things up in is the one that they meet."""

from pathlib import Path

from hfspace_action.errors import CATALOGUE

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
HEAD = """# Errors

Every failure of a step, by the id that the output `error` carries. Words in braces stand for facts of the run.

| id | what happened | what to do |
|---|---|---|
"""


def page() -> str:
    """The page's text."""
    rows = (f"| `{name}` | {_cell(text.what)} | {_cell(text.advice)} |" for name, text in sorted(CATALOGUE.items()))
    return HEAD + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}").replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
