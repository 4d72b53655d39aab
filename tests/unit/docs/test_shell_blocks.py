"""Every shell block can be read by a shell, and what it calls of ours is there."""

import importlib.util
import re
import subprocess

import pytest

from tests.kit import ROOT
from tests.kit.docs import pages
from tests.kit.docs.pages import Block

BLOCKS = list(pages.blocks("sh", "bash", "console", "shell"))
TARGETS = set(" ".join(re.findall(r"^([\w -]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)).split())


def commands(block: Block) -> str:
    """What is to be typed: of a console its lines behind the prompt."""
    if block.language != "console":
        return block.text
    return "".join(line[2:] + "\n" for line in block.text.splitlines() if line.startswith("$ "))


def spans() -> list[tuple[str, str]]:
    """Commands of ours in the text: make targets and modules."""
    return [
        (page.name, span)
        for page in pages.pages()
        for span in pages.spans(page)
        if re.match(r"(?:[A-Z_]+=\S+ )*(?:make|(?:\S*/)?python3? -m) ", span)
    ]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_shell_can_read_it(block: Block) -> None:
    assert commands(block).strip()
    done = subprocess.run(["bash", "-n"], input=commands(block), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def called(text: str) -> tuple[set[str], set[str]]:
    """The make targets and the modules that commands name."""
    targets = set(re.findall(r"(?:^|[;&|`=\s])make (?:[A-Z]+=\S+ )*([a-z][\w.-]*)", text))
    return targets, set(re.findall(r"python3? -m ([\w.]+)", text))


def missing(text: str) -> set[str]:
    targets, modules = called(text)
    unknown = {f"make {name}" for name in targets - TARGETS - {".venv"}}
    return unknown | {
        name
        for name in modules
        if name.split(".")[0] in ("scripts", "localhub", "bench", "tests", "hfspace_action")
        and importlib.util.find_spec(name) is None
    }


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_what_it_calls_of_ours_is_there(block: Block) -> None:
    assert missing(commands(block)) == set()


def test_what_the_text_calls_of_ours_is_there() -> None:
    assert {(page, span) for page, span in spans() if missing(span)} == set()
    assert spans()


def test_a_target_that_is_gone_is_found() -> None:
    assert missing("make nothing-like-this") == {"make nothing-like-this"}
