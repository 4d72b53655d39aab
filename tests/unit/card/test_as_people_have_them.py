"""Files and inputs as people have them: what the Space gets, or what its owner is told. A row for each.

`.venv/bin/pytest --collect-only -q tests/unit/card/test_as_people_have_them.py` lists them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from hfspace_action.card import card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure, Failures
from hfspace_action.inputs import schema
from tests.kit.gitrepo import commit
from tests.kit.space.made_repositories import GRADIO, PAGE, Files

KEYS = "title: Mine\nemoji: 📊\ncolorFrom: red\nsdk: static\n"
MINE = {"title": "Mine", "emoji": "📊", "colorFrom": "red", "sdk": "static"}
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n"
LOCKED = b"\0GITCRYPT\0" + b"x" * 40
APP: Files = {"app.py": GRADIO}
ONE_PAGE: Files = {"index.html": PAGE}
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": ["import gradio as gr\n", "gr.Blocks().launch()"]}]})


class Row(NamedTuple):
    """`gets` are keys of the Space's front matter, `told` words of what is said, `id` that of the refusal if it is one."""

    name: str
    files: Files = ONE_PAGE
    inputs: Mapping[str, str] = {}
    gets: Mapping[str, object] = {}
    told: str = ""
    id: str = ""
    line: int | None = None


def readme(name: str, text: str | bytes, told: str = "", **more: object) -> Row:
    return Row(name, {"README.md": text, "index.html": PAGE}, told=told, **more)  # type: ignore[arg-type]


def taken(name: str, text: str | bytes, told: str, **more: object) -> Row:
    """Front matter that the Hub would not read."""
    return readme(name, text, told, **{"gets": MINE, **more})


def titled(heading: str, title: str) -> Row:
    return readme(f"heading {heading!r}", f"{heading}\n", gets={"title": title})


def asked(name: str, content: str | bytes, version: str | None, told: str = "") -> Row:
    return Row(f"requirements {name}", {**APP, "requirements.txt": content}, gets={"sdk_version": version}, told=told)


def given(name: str, told: str = "", id: str = "", gets: Mapping[str, object] = {}, **inputs: str) -> Row:  # noqa: A002
    return Row(
        f"input {name}",
        inputs={key.replace("_", "-"): text for key, text in inputs.items()},
        told=told,
        id=id,
        gets=gets,
    )


FRONT_MATTER = [
    taken("lines that end in CR alone", f"---\n{KEYS}---\n# x\n".replace("\n", "\r"), "its lines end in CR alone", line=1),
    taken("dashes of a word processor", f"———\n{KEYS}———\n# x\n", "it begins with `———`", line=1),
    taken("one dash of a word processor", f"–--\n{KEYS}–--\n# x\n", "it begins with `–--`"),
    taken("more dashes above than below", f"----\n{KEYS}---\n# x\n", "it begins with `----`"),
    taken("an indented end", f"---\n{KEYS}  ---\n# x\n", "the `---` that ends it is indented"),
    taken("a comment around it", f"<!--\n---\n{KEYS}---\n-->\n# x\n", "it is in a comment", line=2),
    taken("a fence and no rules", f"```yaml\n{KEYS}```\n# x\n", "it is in a code fence"),
    taken("no rules", f"{KEYS}\n# x\n", "no `---` is above it"),
    taken("no rule above", f"{KEYS}---\n# x\n", "no `---` is above it"),
    taken("a heading above", f"# x\n---\n{KEYS}---\n", "there is text before it"),
    taken("a badge above", f"[![b](x)](y)\n\n---\n{KEYS}---\n", "there is text before it"),
    taken("a picture in HTML above", f"<img src=x>\n---\n{KEYS}---\n", "there is text before it"),
    taken("a directive of YAML", f"%YAML 1.2\n---\n{KEYS}---\n# x\n", "it begins with `%YAML 1.2`"),
    taken("values behind the first rule", f"--- title: Mine\n{KEYS.partition(chr(10))[2]}---\n# x\n", "it begins with `--- title: Mine`"),
    taken("a flow behind the first rule", "--- {title: Mine, emoji: 📊, colorFrom: red, sdk: static}\n---\n# x\n", "it begins with `--- {title: Mine"),
    taken("TOML", '+++\ntitle = "Mine"\nemoji = "📊"\ncolorFrom = "red"\nsdk = "static"\n+++\n# x\n', "it is TOML"),
    taken("JSON", '{"title": "Mine", "emoji": "📊",\n "colorFrom": "red", "sdk": "static"}\n# x\n', "it is JSON, with no `---` around it"),
    taken("JSON between semicolons", ';;;\n{"title": "Mine", "emoji": "📊", "colorFrom": "red", "sdk": "static"}\n;;;\n', "it is JSON"),
    taken("two of them", f"---\n{KEYS}---\n---\ntitle: Two\nsdk: gradio\n---\n# x\n", "A second front matter begins here", line=7),
    taken("two with a gap", f"---\n{KEYS}---\n\n---\ntitle: Two\nsdk: gradio\n---\n", "A second front matter begins here", line=8),
    taken("spaces behind the rules", f"---  \n{KEYS}---\t\n# x\n", ""),
    readme("TOML of something else", "+++\nlayout = 'home'\n+++\n# Mine\n", gets={"title": "Mine"}),
    readme("a line with a colon", "title: a poem\n\nby me\n", gets={"title": "demo"}),
    readme("a key without its space", "---\ntitle:Mine\nsdk: static\n---\n", "with a space after a plain colon it is right: `title: Mine`", id="readme-yaml", line=2),
    readme("a colon of Chinese", "---\ntitle： Mine\nsdk: static\n---\n", "with a space after a plain colon it is right: `title: Mine`", id="readme-yaml", line=2),
    readme("an unfinished merge", "---\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> x\nsdk: static\n---\n", "a merge was not finished", id="readme-yaml", line=2),
    readme("a short code of emoji", "---\ntitle: x\nemoji: :rocket:\nsdk: static\n---\n", "`emoji: ':rocket:'`", id="readme-yaml", line=3),
    readme("keys in capitals", "---\nTitle: Mine\nSDK: static\n---\n", "Did you mean `title`?", line=2),
    readme("a key with a hyphen", "---\nsdk: static\napp-file: index.html\n---\n", "Did you mean `app_file`?", line=3),
    given("front-matter, its sdk null", front_matter="sdk: null\ntitle: Mine", gets={"sdk": "static", "title": "Mine"}),
    given("front-matter, with its rules", front_matter="---\ntitle: Mine\n---\n", gets={"title": "Mine"}),
    given("front-matter, misspelt", front_matter="colorform: red", told="Did you mean `colorFrom`?"),
    given("front-matter, versions in flow", front_matter='{"title": "x", "python_version": 3.10}', gets={"python_version": "3.10"}),
]  # fmt: skip
TITLES = [
    titled("# C# and F#", "C# and F#"),
    titled("# $x^2$", "$x^2$"),
    titled("# It is 25°C", "It is 25°C"),
    titled("# Step 1️⃣", "Step 1"),
    titled("# 🤗 Tides 🌊🏽", "Tides"),
    titled("# ⬛ Tides ⭐", "Tides"),
    titled("# A → B", "A → B"),
    titled("# Title with trailing \\#", "Title with trailing #"),
    titled("<h1 id='a'>\n  Of\n  lines\n</h1>", "Of lines"),
    titled("[![x](y)](z)\n\n# Real", "Real"),
]
REQUIREMENTS = [
    asked("as PowerShell writes them", "gradio==4.44.1\r\n".encode("utf-16"), "4.44.1"),
    asked("in UTF-16 BE", "\ufeffgradio==4.44.1\r\n".encode("utf-16-be"), "4.44.1"),
    asked("with a byte order mark", "\ufeffgradio==4.44.1\r\n", "4.44.1"),
    asked("in the encoding that they declare", "# coding: latin-1\n# é\ngradio==4.44.1".encode("latin-1"), "4.44.1"),
    asked("with conda's pins", "_libgcc_mutex=0.1=main\ngradio=4.44.1=pypi_0\n", "4.44.1"),
    asked("with a constraint", "-c constraints.txt\ngradio\n", None),
    Row("requirements with a constraint that is there", {**APP, "requirements.txt": "gradio\n-c c/pins.txt\n", "c/pins.txt": "gradio==5.0.1\n"}, gets={"sdk_version": "5.0.1"}),
    Row("a constraint on what is not asked for", {**APP, "requirements.txt": "-c pins.txt\nnumpy\n", "pins.txt": "gradio==5.0.1\n"}, gets={"sdk_version": None}),
    asked("with extras and white space", "  gradio [oauth,mcp] == 5.0.1  \r\n", "5.0.1"),
    asked("with hashes", "gradio==4.44.1 ; python_version >= '3.9' \\\n  --hash=sha256:ab\n", "4.44.1"),
    Row("Requirements.txt", {**APP, "Requirements.txt": "numpy\n"}, told="it installs nothing of Requirements.txt"),
    Row("requirement.txt", {**APP, "requirement.txt": "numpy\n"}, told="it installs nothing of requirement.txt"),
    Row("requirements.txt.txt", {**APP, "requirements.txt.txt": "numpy\n"}, told="it installs nothing of requirements.txt.txt"),
    Row("Packages.txt", {**APP, "Packages.txt": "ffmpeg\n"}, told="it installs nothing of Packages.txt"),
]  # fmt: skip
FILES = [
    Row("app.py with mark, CRLF and shebang", {"app.py": b"\xef\xbb\xbf#!/usr/bin/env python\r\n" + GRADIO.replace("\n", "\r\n").encode()}, gets={"sdk": "gradio"}),
    Row("app.py with CR alone", {"app.py": GRADIO.replace("\n", "\r")}, gets={"sdk": "gradio"}),
    Row("app.py in UTF-16", {"app.py": GRADIO.encode("utf-16")}, told="iconv -f UTF-16 -t UTF-8 app.py", id="sdk-unknown"),
    Row("app.py of Windows", {"app.py": b"# caf\xe9\n" + GRADIO.encode()}, told="iconv -f CP1252 -t UTF-8 app.py", id="sdk-unknown"),
    Row("app.py.txt", {"app.py.txt": GRADIO}, told="git mv app.py.txt app.py", id="sdk-unknown"),
    Row("app.PY", {"app.PY": GRADIO}, told="git mv app.PY app.py", id="sdk-unknown"),
    Row("index.html.txt", {"index.html.txt": PAGE}, told="git mv index.html.txt index.html", id="sdk-unknown"),
    Row("Index.html", {"Index.html": PAGE}, gets={"sdk": "static", "app_file": "Index.html"}),
    Row("index.htm", {"index.htm": PAGE}, gets={"app_file": "index.htm"}),
    Row("a page in UTF-16", {"index.html": PAGE.encode("utf-16")}, gets={"sdk": "static"}),
    Row("Dockerfile.txt", {"Dockerfile.txt": "FROM x\n"}, told="cp Dockerfile.txt Dockerfile", id="dockerfile-elsewhere"),
    Row("Dockerfile with mark and CRLF", {"Dockerfile": "\ufeffFROM x\r\nEXPOSE 8000\r\n"}, gets={"app_port": 8000}),
    Row("package.json with a mark", {"package.json": b'\xef\xbb\xbf{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "6"}}', "index.html": "<script type=module src=/src/a.ts></script>", "src/a.ts": ""}, gets={"app_file": "dist/index.html"}),
    Row("a notebook that starts Gradio", {"demo.ipynb": NOTEBOOK}, told="jupyter-nbconvert --to python demo.ipynb --output app", id="sdk-unknown"),
    Row("a page deep down", {"export/web/index.html": PAGE, "project.godot": ""}, told="path: export/web", id="sdk-unknown"),
    Row("a pointer that is the app", {"app.py": POINTER, "requirements.txt": "gradio\n"}, told="pointers are here: app.py", id="checkout-lfs"),
    Row("a pointer with a mark", {**APP, "m.bin": "\ufeff" + POINTER}, told="/m.bin", id="checkout-lfs"),
    Row("a pointer of git-lfs's first year", {**APP, "m.bin": POINTER.replace("git-lfs", "hawser")}, told="/m.bin", id="checkout-lfs"),
    Row("a pointer with CRLF and no last end", {**APP, "m.bin": POINTER.replace("\n", "\r\n").rstrip()}, told="/m.bin", id="checkout-lfs"),
    Row("a text about pointers", {**APP, "docs/lfs.md": f"The pointer:\n{POINTER}"}, gets={"sdk": "gradio"}),
    Row("locked, by a key in the repository", {**APP, "a/key.pem": LOCKED, ".git-crypt/keys/default/0/A.gpg": "x"}, told="git-crypt unlock", id="checkout-encrypted"),
    Row("the app is locked, and nothing says by what", {"app.py": LOCKED}, told="app.py, which Python can't read: git-crypt has locked it", id="sdk-unknown"),
    Row("README.md in Latin-1", {"README.md": b"# caf\xe9\n", "index.html": PAGE}, told="README.md is not UTF-8", id="readme-encoding"),
    Row("README without an ending", {"README": "My project\n==========\n", "index.html": PAGE}, gets={"title": "My project"}),
]  # fmt: skip
INPUTS = [
    given("space, its address", space="https://huggingface.co/spaces/alice/demo/tree/main"),
    given("space, in quotes", space="'alice/demo'"),
    given("space, with a slash behind", space="alice/demo/"),
    given("space, with gaps", space="alice / demo"),
    given("space, as git has it", space="git@hf.co:spaces/alice/demo.git"),
    given("space, an account and a Space", space="@alice/demo"),
    given("space, the app's address", "the address of an app", "input-invalid", space="https://alice-demo.hf.space"),
    given("space, a model's address", "Did you mean alice/demo?", "input-invalid", space="https://huggingface.co/alice/demo"),
    given("space, with a blank", "Did you mean alice/my-demo?", "input-invalid", space="alice/my demo"),
    given("sdk in quotes", sdk='"Static"', gets={"sdk": "static"}),
    given("sdk html", "Did you mean static?", "input-invalid", sdk="html"),
    given("hardware as the settings page has it", hardware="CPU Basic (free)"),
    given("timeout in words", timeout="30 minutes"),
    given("timeout of both", timeout="1 hour 30 min"),
    given("sleep-time Never", sleep_time="Never"),
    given("probe None", probe="None"),
    given("probe off", "Did you mean none?", "input-invalid", probe="off"),
    given("probe without its slash", "Did you mean /health?", "input-invalid", probe="health"),
    given("wait yes", "Did you mean true?", "input-invalid", wait="yes"),
    given("wait flase", "Did you mean false?", "input-invalid", wait="flase"),
    given("visibility hidden", "Did you mean private?", "input-invalid", visibility="hidden"),
    given("command plan", "Did you mean check?", "input-invalid", command="plan"),
    given("title", "Did you mean `front-matter`?", title="Mine"),
    given("path, misspelt", "Did you mean web?", "path-missing", path="wbe"),
    given("path, in other capitals", "Did you mean web?", "path-missing", path="WEB"),
    given("path as Windows writes it", "Did you mean web?", "path-missing", path="web\\"),
    given("path, a file", "did you mean its folder, web?", "path-missing", path="web/index.html"),
    given("path below one without a README", "the one at the top of the checkout is not used", path="web/deep"),
]  # fmt: skip
TREE: Files = {"index.html": PAGE, "web/index.html": PAGE, "web/deep/index.html": PAGE, "readme.md": "# Top\n"}
ROWS = [*FRONT_MATTER, *TITLES, *REQUIREMENTS, *FILES, *INPUTS]


class Outcome(NamedTuple):
    """What came of a row: the front matter, all that is said, the place that this is about, and the refusal's id."""

    data: Mapping[str, object]
    told: str
    lines: frozenset[int | None] = frozenset()
    id: str = ""


def outcome(row: Row, workspace: Path) -> Outcome:
    commit(workspace, TREE if "path" in row.inputs else row.files)
    env = {"INPUT_SPACE": "alice/demo", "INPUT_HF-TOKEN": "hf_alice"}
    env |= {f"INPUT_{name.upper()}": text for name, text in row.inputs.items()}
    try:
        inputs = schema.read(env)
        found = walk.look(workspace, inputs.path, include=inputs.include, exclude=inputs.exclude)
        made = card.complete(found, space=inputs.space, sdk=inputs.sdk, front_matter=inputs.front_matter)
    except (Failure, Failures) as error:
        (failure,) = error.failures if isinstance(error, Failures) else (error,)
        lines = frozenset([failure.place.line if failure.place else None])
        return Outcome({}, f"{failure.message}\n{failure.advice}", lines, failure.id)
    notes = [*found.notices, *made.notices]
    told = "\n".join([*(note.message for note in notes), *made.log, *inputs.notes])
    return Outcome(made.data, told, frozenset(note.place.line for note in notes if note.place))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_the_space_gets_or_its_owner_is_told(row: Row, tmp_path: Path) -> None:
    came = outcome(row, tmp_path)

    assert came.id == row.id, came.told
    assert row.told in came.told
    assert {key: came.data.get(key) for key in row.gets} == row.gets
    assert row.line is None or row.line in came.lines


def test_the_rows_are_as_many_as_are_wanted() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) >= 80
