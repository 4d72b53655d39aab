"""The picture of the benchmarks says what the page's tables say, to whoever looks at it."""

import re
import xml.etree.ElementTree as ET

import pytest

from bench import page, plot
from bench.promises import THEM, US
from hfspace_action.report import report
from hfspace_action.report.facts import Report
from tests.kit import ROOT

TEXT = (ROOT / "docs/benchmarks.md").read_text("utf-8")
SVG = (ROOT / "docs/benchmarks.svg").read_text("utf-8")
FIGURES = plot.read(TEXT)
NAME = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_that_of_the_page() -> None:
    assert plot.plot(TEXT) == SVG
    assert page.ALT in TEXT


@pytest.mark.parametrize(
    ("case", "column", "cell"),
    [("nothing changed", "wall", 1), ("nothing changed", "requests", 4), ("first deploy", "commits", 8)],
)
def test_a_figure_is_the_cell_of_its_table(case: str, column: str, cell: int) -> None:
    table = TEXT[TEXT.index("### Open WebUI") :]
    below = table[table.index(f"| **{case}** |") :]

    for contender in (US, THEM):
        row = next(line for line in below.splitlines() if line.startswith(f"| {contender} ("))
        assert FIGURES["Open WebUI", case, contender, column] == float(row.split(" | ")[cell].removesuffix(" s"))


def test_a_contender_that_failed_has_no_figures() -> None:
    assert not any(contender == "git push" for tree, _, contender, _ in FIGURES if tree == "Open WebUI")


def test_bars_are_as_long_as_their_figures() -> None:
    root = ET.fromstring(SVG)
    bars = [float(bar.attrib["width"]) for bar in root.iter(f"{NAME}rect") if bar.attrib["class"] in ("ours", "theirs")]
    values = [FIGURES[each.tree, each.case, who, each.column] for each in plot.QUESTIONS for who in (US, THEM)]

    assert len(bars) == len(values) == 2 * len(plot.QUESTIONS)
    for number in range(0, len(bars), 2):
        assert bars[number] / bars[number + 1] == pytest.approx(values[number] / values[number + 1], abs=0.02)


def test_each_bar_has_its_name_and_its_figure_in_words() -> None:
    words = [text.text for text in ET.fromstring(SVG).iter(f"{NAME}text")]

    assert words.count(US) == words.count(THEM) == len(plot.QUESTIONS)
    for each in plot.QUESTIONS:
        for who in (US, THEM):
            assert f"{FIGURES[each.tree, each.case, who, each.column]:g}{each.unit}" in words


def test_it_fits_a_phone_in_light_and_dark_and_without_colours() -> None:
    root = ET.fromstring(SVG)
    edges = [
        float(bar.attrib["x"]) + float(bar.attrib["width"]) for bar in root.iter(f"{NAME}rect") if "x" in bar.attrib
    ]

    assert root.attrib["width"] == "390"
    assert max(edges) <= 390 - plot.RIGHT
    assert "prefers-color-scheme: dark" in SVG
    assert re.search(r"\.theirs \{ fill: url\(#hatched\)", SVG)
    assert root.find(f"{NAME}desc") is not None


def test_a_table_that_is_gone_is_an_error() -> None:
    with pytest.raises(KeyError):
        plot.plot(TEXT.replace("### Open WebUI", "### Another"))


def row(name: str) -> list[str]:
    """The cells of a row of the README's comparison: ours, git push, hf upload, hub-sync."""
    (line,) = (line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith(f"| {name}"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_figures_of_the_readme_are_those_of_the_page() -> None:
    moves, requests = row("moves of main for 4,937 files"), row("requests when nothing changed")

    assert moves[0] == f"{FIGURES['Open WebUI', 'first deploy', US, 'commits']:g}"
    assert moves[2] == f"{FIGURES['Open WebUI', 'first deploy', THEM, 'commits']:g}"
    assert requests[0] == f"{FIGURES['Open WebUI', 'nothing changed', US, 'requests']:g}"
    assert requests[2] == f"{FIGURES['Open WebUI', 'nothing changed', THEM, 'requests']:g}"
    assert "10 MiB" in moves[1]
    assert "files larger than 10 MiB" in TEXT  # what git was told


def test_the_readme_counts_the_outputs_that_there_are() -> None:
    assert row("outputs for later steps")[0] == str(len(report.outputs(Report())))
