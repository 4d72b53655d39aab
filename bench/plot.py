"""A dot plot, written as SVG: one line for each case, one dot for each contender, both scales logarithmic."""

from collections.abc import Iterator, Sequence
from html import escape
from math import log10

from bench.run import Result

COLOURS = {"this action": "#d62728", "hf upload": "#1f77b4", "hfjs upload": "#7f7f7f", "git push": "#2ca02c"}
LEFT, WIDTH, GAP, TOP, LINE = 190, 330, 50, 76, 22  # pixels
PANELS = (("seconds", 0.1, 1000.0), ("requests", 1.0, 10000.0))


def plot(results: Sequence[Result]) -> str:
    """Seconds on the left, requests on the right."""
    lines = [(result, case) for result in results for case in [None, *dict.fromkeys(row.case for row in result.rows)]]
    height, width = TOP + LINE * len(lines) + 20, LEFT + 2 * WIDTH + GAP + 20
    body = [*_legend(), *_axes(height)]
    for number, (result, case) in enumerate(lines):
        y = TOP + LINE * number + LINE // 2
        if case is None:
            body.append(_text(10, y + 4, result.tree, "font-weight='bold'"))
            continue
        body.append(_text(LEFT - 12, y + 4, case, "text-anchor='end'"))
        body.append(f"<path d='M{LEFT} {y}H{LEFT + WIDTH}M{LEFT + WIDTH + GAP} {y}h{WIDTH}' stroke='#ddd'/>")
        for contender in reversed(COLOURS):
            if row := result.row(case, contender):
                for panel, value in enumerate((row.wall, row.most.requests)):
                    body.append(
                        f"<circle cx='{_x(panel, value):.1f}' cy='{y}' r='5' fill='{COLOURS[contender]}' opacity='.85'/>"
                    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' font-family='sans-serif' font-size='12'>\n"
        f"<rect width='100%' height='100%' fill='white'/>\n" + "\n".join(body) + "\n</svg>\n"
    )


def _legend() -> Iterator[str]:
    for number, (name, colour) in enumerate(COLOURS.items()):
        yield f"<circle cx='{LEFT + 110 * number + 5}' cy='16' r='5' fill='{colour}'/>"
        yield _text(LEFT + 110 * number + 16, 20, name)


def _axes(height: int) -> Iterator[str]:
    for panel, (name, low, high) in enumerate(PANELS):
        yield _text(LEFT + panel * (WIDTH + GAP), TOP - 26, name, "font-weight='bold'")
        for power in range(round(log10(low)), round(log10(high)) + 1):
            x = _x(panel, 10.0**power)
            yield f"<path d='M{x:.1f} {TOP - 4}V{height - 12}' stroke='#eee'/>"
            yield _text(x, TOP - 10, f"{10.0**power:,g}", "text-anchor='middle'")


def _x(panel: int, value: float) -> float:
    _, low, high = PANELS[panel]
    share = (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))
    return LEFT + panel * (WIDTH + GAP) + share * WIDTH


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' {more}>{escape(text)}</text>"
