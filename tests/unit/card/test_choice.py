"""The kind of Space where the README names an app file, an SDK, or neither: what is chosen, and what is refused by which id."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from hfspace_action.card import card
from hfspace_action.card.card import Card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure
from tests.kit.gitrepo import write

GRADIO = "import gradio as gr\n\ngr.Interface(str, 'text', 'text').launch()\n"
STREAMLIT = "import streamlit as st\n\nst.write('Tides')\n"
PLAIN = "print('tides')\n"
PAGE = "<h1>Tides</h1>\n"


class Case(NamedTuple):
    name: str
    readme: str
    files: Mapping[str, str]
    has: Mapping[str, object] = {}
    refused: str = ""
    said: str = ""


CASES = [
    Case("a page is named", "app_file: tides.html", {"tides.html": PAGE}, {"sdk": "static"}),
    Case("an app of Gradio's is named", "app_file: tides.py", {"tides.py": GRADIO, "app.py": PLAIN}, {"sdk": "gradio", "app_file": "tides.py"}),
    Case("code is named that imports nothing", "app_file: tides.py", {"tides.py": PLAIN}, {"sdk": "gradio"}),
    Case("an app of Streamlit's is named", "app_file: tides.py", {"tides.py": STREAMLIT}, refused="sdk-streamlit", said="dockerfile"),
    Case("it is named beside a Dockerfile", "app_file: tides.py", {"tides.py": STREAMLIT, "Dockerfile": "FROM scratch\n"}, {"sdk": "docker"}),
    Case("Docker, with the Dockerfile in a folder", "sdk: docker", {"deploy/Dockerfile": "FROM scratch\n"}, refused="dockerfile-elsewhere", said="deploy"),
    Case("Docker, with an app and no Dockerfile", "sdk: docker", {"app.py": STREAMLIT}, refused="sdk-streamlit", said="dockerfile"),
    Case("Gradio, with an app of Streamlit's", "sdk: gradio", {"web.py": STREAMLIT}, refused="sdk-streamlit", said="dockerfile"),
    Case("Gradio, with two apps", "sdk: gradio", {"one.py": GRADIO, "two.py": GRADIO}, refused="sdk-several", said="one.py"),
    Case("Gradio, pinned as conda does", "sdk: gradio", {"app.py": GRADIO, "requirements.txt": "gradio=5.49.1=py310\n"}, {"sdk_version": "5.49.1"}),
    Case("a page, with a command that makes it", "sdk: static\napp_build_command: make", {"Makefile": "all:\n"}, {"sdk": "static"}),
    Case("a page in a folder", "sdk: static", {"docs/index.html": PAGE}, {"sdk": "static", "app_file": "docs/index.html"}),
]  # fmt: skip


def completed(workspace: Path, case: Case) -> Card:
    write(workspace, {"README.md": f"---\n{case.readme}\n---\n", **case.files})
    return card.complete(walk.read(workspace, "."), space="alice/tides", sdk=None, front_matter={})


@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=lambda case: case.name)
def test_chosen(case: Case, tmp_path: Path) -> None:
    made = completed(tmp_path, case)

    assert {key: made.data.get(key) for key in case.has} == case.has


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=lambda case: case.name)
def test_refused(case: Case, tmp_path: Path) -> None:
    with pytest.raises(Failure) as caught:
        completed(tmp_path, case)

    assert caught.value.id == case.refused
    assert case.said in f"{caught.value.message} {caught.value.advice}"
