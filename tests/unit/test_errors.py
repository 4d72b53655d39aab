"""The catalogue of failures: every use fits its text, every text is used, and the documentation is the catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import hfspace_action.errors
from hfspace_action.errors import PLACEHOLDER, Failure, Place, catalogue
from scripts import document_errors

SOURCES = sorted(Path(hfspace_action.__path__[0]).rglob("*.py"))


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def uses() -> Iterator[tuple[str, str, set[str] | None]]:
    """Place, id and facts of each `Failure("id", ...)` in the package; facts are None where they are passed as a mapping."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Failure"):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                whole = all(keyword.arg for keyword in node.keywords)
                yield f"{source}:{node.lineno}", str(node.args[0].value), names if whole else None


def test_every_use_names_a_text_and_gives_its_facts() -> None:
    found = list(uses())
    assert len(found) > 30
    for place, name, facts in found:
        assert name in catalogue(), f"{place}: {name}"
        if facts is not None:
            missing = placeholders(catalogue()[name].what + catalogue()[name].advice) - facts
            assert not missing, f"{place}: {name} lacks {missing}"


def test_every_text_can_be_met() -> None:
    code = "\n".join(source.read_text("utf-8") for source in SOURCES)
    # The stages' ids are put together from the Hub's word.
    unused = [name for name in catalogue() if f'"{name}"' not in code and not name.startswith("stage-")]
    assert not unused


def test_every_text_says_what_to_do_next() -> None:
    for name, text in catalogue().items():
        assert text.advice.strip(), name
        assert text.advice.endswith((".", ")", "```", "{lines}", "{advice}")) or re.search(
            r"https://huggingface.co/[\w/-]+$", text.advice
        ), name


def test_a_failure_carries_its_texts_and_place() -> None:
    failure = Failure("input-collision", key="KEY", place=Place("README.md", 3))
    assert "'KEY'" in failure.message
    assert "'KEY'" in str(failure)
    assert failure.place == Place("README.md", 3)
    assert failure.advice


def test_the_documented_errors_are_the_catalogue() -> None:
    assert document_errors.PAGE.read_text("utf-8") == document_errors.page(), "run `make docs`"
