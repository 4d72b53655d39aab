"""The Space's own front matter under that of a checkout that has none: what of it stays, and what does not fit any more."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from hfspace_action.card import card
from hfspace_action.checkout import walk
from tests.kit.gitrepo import write

PAGE = {"index.html": "<h1>Tides</h1>\n"}
APP = {"app.py": "import gradio as gr\n\ngr.Interface(str, 'text', 'text').launch()\n"}
IMAGE = {"Dockerfile": "FROM scratch\nEXPOSE 7860\n"}
KEPT = "title: Low tide\nlicense: mit\n"


class Case(NamedTuple):
    name: str
    of_space: str
    files: Mapping[str, str]
    has: Mapping[str, object]
    lacks: tuple[str, ...] = ()


CASES = [
    Case("the same kind", f"---\n{KEPT}sdk: static\n---\n", PAGE, {"title": "Low tide", "license": "mit", "sdk": "static"}),
    Case("a version that stays", f"---\n{KEPT}sdk: gradio\nsdk_version: 5.49.1\n---\n", APP, {"sdk": "gradio", "sdk_version": "5.49.1"}),
    Case("an image that stays one", f"---\n{KEPT}sdk: docker\napp_port: 8000\n---\n", IMAGE, {"sdk": "docker", "app_port": 8000}),
    Case("an app that became a page", f"---\n{KEPT}sdk: gradio\nsdk_version: 5.49.1\n---\n", PAGE,
         {"title": "Low tide", "license": "mit", "sdk": "static"}, ("sdk_version",)),
    Case("a page that became an app", f"---\n{KEPT}sdk: static\napp_build_command: ''\n---\n", APP, {"license": "mit", "sdk": "gradio"}),
    Case("an app file that is there", f"---\n{KEPT}sdk: static\napp_file: tides.html\n---\n", {"tides.html": "<h1>Tides</h1>\n"},
         {"sdk": "static", "app_file": "tides.html"}),
    Case("an app file that is gone", f"---\n{KEPT}sdk: static\napp_file: gone.html\n---\n", PAGE, {"sdk": "static"}, ("app_file",)),
    Case("a page that a command makes", f"---\n{KEPT}sdk: static\napp_build_command: make\napp_file: dist/index.html\n---\n", {"Makefile": "all:\n"},
         {"app_build_command": "make", "app_file": "dist/index.html"}),
    Case("no kind named", f"---\n{KEPT}---\n", PAGE, {"license": "mit", "sdk": "static"}),
    Case("files that show no kind", f"---\n{KEPT}sdk: gradio\n---\n", {"some.txt": ""}, {"sdk": "gradio"}),
    Case("no front matter", "# Tides\n", PAGE, {"sdk": "static"}, ("license",)),
    Case("front matter without an end", f"---\n{KEPT}", PAGE, {"sdk": "static"}, ("license",)),
    Case("front matter that is none", "---\n[a\n---\n", PAGE, {"sdk": "static"}, ("license",)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_stays(case: Case, tmp_path: Path) -> None:
    write(tmp_path, {"README.md": "# High tide\n", **case.files})

    made = card.complete(
        walk.read(tmp_path, "."), space="alice/tides", sdk=None, front_matter={}, of_space=case.of_space
    )

    assert {key: made.data.get(key) for key in case.has} == case.has
    assert not {*case.lacks} & made.data.keys()
