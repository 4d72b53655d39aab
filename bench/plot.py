"""The story of docs/benchmarks.md as an SVG: for each question two bars with their figures, ours above that of `hf upload`.

Drawn from the page's own tables, so that the picture can't say anything else: `python -m bench --redraw`. It is as wide as a phone, follows the
reader's colour scheme, and tells the bars apart by their words and by a pattern, not by colour alone.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

US, THEM = "this action", "hf upload"
WIDTH, LEFT, RIGHT, TOP, PANEL = 390, 12, 62, 12, 92  # pixels
_NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")
_STYLE = """<style>
:root { --text: #1f2328; --soft: #59636e; --ours: #0969da; --theirs: #818b98; --page: #ffffff }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --soft: #9198a1; --ours: #4493f8; --theirs: #9198a1; --page: #0d1117 } }
text { font-family: -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; font-size: 13px; fill: var(--text) }
.question { font-weight: 600 } .soft { fill: var(--soft) } .ours { fill: var(--ours) }
.theirs { fill: url(#hatched); stroke: var(--theirs); stroke-width: 1.5 } .page { fill: var(--page) } .hatch { stroke: var(--theirs); stroke-width: 3 }
</style>
<defs><pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>"""


class Question(NamedTuple):
    """What a reader wants to know, and the cells of the page's tables that answer it."""

    text: str
    tree: str
    case: str
    column: str
    unit: str


QUESTIONS = (
    Question("Nothing changed: how long?", "Open WebUI", "nothing changed", "wall", " s"),
    Question("Nothing changed: how many requests?", "Open WebUI", "nothing changed", "requests", ""),
    Question("First deploy: how often does main move?", "Open WebUI", "first deploy", "commits", " ×"),
    Question("First deploy: how long?", "Open WebUI", "first deploy", "wall", " s"),
    Question("One of 100,000 files changed: how long?", "100,000 files in 1,000 folders", "one file changed", "wall", " s"),
    Question("500 of 100,000 files changed: how long?", "100,000 files in 1,000 folders", "500 files changed", "wall", " s"),
)  # fmt: skip


def plot(page: str) -> str:
    """Return the picture of a page's tables. Raises `KeyError` where a table, a case or a column is gone."""
    figures = read(page)
    height = TOP + PANEL * len(QUESTIONS)
    body = [
        part for number, question in enumerate(QUESTIONS) for part in _panel(question, figures, TOP + PANEL * number)
    ]
    told = "; ".join(f"{question.text} {_told(question, figures)}" for question in QUESTIONS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-labelledby="title about">\n<title id="title">{US} beside {THEM}</title>\n<desc id="about">{escape(told)}</desc>\n{_STYLE}\n'
        f'<rect class="page" width="100%" height="100%" rx="6"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def read(page: str) -> dict[tuple[str, str, str, str], float]:
    """Return the figures of a page by tree, case, contender and column; those of contenders that failed are left out."""
    figures: dict[tuple[str, str, str, str], float] = {}
    for part in re.split(r"^### ", page, flags=re.MULTILINE)[1:]:
        tree, _, table = part.partition("\n")
        columns: list[str] = []
        case = ""
        for line in table.splitlines():
            cells = [cell.strip() for cell in line.strip("| ").split(" | ")] if line.startswith("|") else []
            if not cells:
                continue
            if not columns:
                columns = cells
            elif cells[0].startswith("**"):
                case = cells[0].strip("*| ")
            elif "failed" not in line:
                contender = cells[0].partition(" (")[0]
                for column, cell in zip(columns if len(columns) == len(cells) else ["", *columns], cells, strict=False):
                    if found := _NUMBER.match(cell):
                        figures[tree.strip(), case, contender, column.strip("| ")] = float(found[0].replace(",", ""))
    return figures


def _values(question: Question, figures: dict[tuple[str, str, str, str], float]) -> list[tuple[str, float]]:
    return [(each, figures[question.tree, question.case, each, question.column]) for each in (US, THEM)]


def _told(question: Question, figures: dict[tuple[str, str, str, str], float]) -> str:
    return ", ".join(f"{each} {value:g}{question.unit}" for each, value in _values(question, figures))


def _panel(question: Question, figures: dict[tuple[str, str, str, str], float], top: int) -> Iterator[str]:
    values = _values(question, figures)
    most = max(value for _, value in values) or 1
    yield _text(LEFT, top + 14, question.text, "question")
    yield _text(WIDTH - LEFT, top + 14, question.tree.partition(" in ")[0], "soft", "end")
    for number, (contender, value) in enumerate(values):
        y, length = top + 24 + 30 * number, max(2.0, (WIDTH - LEFT - RIGHT - 84) * value / most)
        yield _text(LEFT + 76, y + 16, contender, "", "end")
        yield f'<rect class="{"theirs" if number else "ours"}" x="{LEFT + 84}" y="{y}" width="{length:.1f}" height="22" rx="3"/>'
        yield _text(LEFT + 92 + length, y + 16, f"{value:g}{question.unit}")


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'
