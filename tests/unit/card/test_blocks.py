"""Front matter in the forms in which people write it: taken with a notice, or refused by its line; text stays text."""

from pathlib import Path

import pytest
import yaml

from hfspace_action.card import blocks, card
from hfspace_action.card.card import Card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure
from tests.kit.gitrepo import write

MANY = 3000
KEYS = "title: Mine\nemoji: 📊\ncolorFrom: red\nsdk: static\n"
MINE = {"title": "Mine", "emoji": "📊", "colorFrom": "red", "sdk": "static"}


def made(workspace: Path, readme: str | bytes, name: str = "README.md", **files: str) -> Card:
    found = walk.read(write(workspace, {"index.html": "<h1>x</h1>", name: readme, **files}), ".")
    return card.complete(found, space="alice/my-demo", sdk=None, front_matter={})


def indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    ("readme", "why", "line"),
    [
        (f"--- >-\n{KEYS}---\n# x\n", "it begins with `--- >-`", 1),
        (f"--- |\n{KEYS}---\n# x\n", "it begins with `--- |`", 1),
        (f"----\n{KEYS}----\n# x\n", "it begins with `----`", 1),
        (f"<!-- c -->\n---\n{KEYS}---\n# x\n", "a comment is before it", 2),
        (f"<!--\nc\n-->\n\n---\n{KEYS}---\n# x\n", "a comment is before it", 5),
        (f"# x\n\n---\n{KEYS}---\n", "there is text before it", 3),
        (indented(f"---\n{KEYS}---") + "# x\n", "it is indented", 1),
        (f"```yaml\n---\n{KEYS}---\n```\n# x\n", "it is in a code fence", 2),
        (f"~~~\n---\n{KEYS}---\n~~~\n# x\n", "it is in a code fence", 2),
        (f"```markdown\n---\n{KEYS}---\n# x\n```\n", "it is in a code fence", 2),
        (f"---\n{KEYS}...\n# x\n", "it is closed by `...`", 1),
        (f"---\n{KEYS}...\n---\n# x\n", "it is closed by `...`", 1),
    ],
)  # fmt: skip
def test_front_matter_that_the_hub_would_not_read_is_taken_and_noticed(
    tmp_path: Path, readme: str, why: str, line: int
) -> None:
    space = made(tmp_path, readme)

    text = space.readme.read().decode()
    before, block, body = text.split("---\n", 2)
    assert before == ""
    assert yaml.safe_load(block) == MINE
    assert body.count("# x") == 1
    assert "title: Mine" not in body
    (note,) = space.notices
    assert why in note.message
    assert (note.place and note.place.file, note.place and note.place.line) == ("README.md", line)


@pytest.mark.parametrize(
    ("readme", "line", "says"),
    [
        (f"---\n{KEYS}\n# x\n", 7, "line 7, `# x`"),
        (f"---\n{KEYS}", 1, "the file ends first"),
        (f"---\n{KEYS}# x\n\ntext\n", 8, "line 8, `text`"),
        (f"---\n{KEYS}\ntext and more\n\n---\nbehind a rule\n", 7, "line 7, `text and more`"),
        (f"\n---\n{KEYS}\n## Usage\n", 8, "line 8, `## Usage`"),
    ],
)
def test_front_matter_without_an_end_is_refused_by_the_line_that_is_none_of_it(
    tmp_path: Path, readme: str, line: int, says: str
) -> None:
    with pytest.raises(Failure) as refused:
        made(tmp_path, readme)

    assert refused.value.id == "readme-block"
    assert says in refused.value.message
    assert refused.value.place is not None
    assert refused.value.place.line == line


@pytest.mark.parametrize(
    "readme",
    [
        "---\nA text below a rule.\n---\nmore\n",
        "---\n# A heading below a rule\n---\nmore\n",
        "---\n# A heading\nNote: with a colon\n---\n",
        "---\n\nonly one rule\n",
        "***\ntext\n",
        "# x\n\n```yaml\n---\nsdk: docker\n---\n```\n",
        "# How to\n\nWrite\n\n---\ntitle: Yours\n---\n",
        "| a | b |\n|---|---|\n",
        "Title\n---\nsdk: gradio\n---\n",
        "    ---\n    code: here\n    ---\n",
    ],
)
def test_a_readme_that_begins_with_a_rule_or_an_example_stays_text(tmp_path: Path, readme: str) -> None:
    space = made(tmp_path, readme)

    text = space.readme.read().decode()
    assert text.endswith(f"---\n\n{readme}"), "all of it, behind our own front matter"
    assert space.sdk == "static"
    assert space.notices == ()


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("title: A: b", "title: 'A: b'"),
        ("title: [Beta] App", "title: '[Beta] App'"),
        ('title: "Quoted" app', "title: '\"Quoted\" app'"),
        ("title: 'unclosed", "title: 'unclosed'"),
        ("short_description: @me and you", "short_description: '@me and you'"),
        ("title: %percent", "title: '%percent'"),
        ("title: `code`", "title: '`code`'"),
        ("title: *star* app", "title: '*star* app'"),
        ("title: It's: me", "title: 'It''s: me'"),
    ],
)
def test_yaml_that_needs_quotes_is_refused_with_the_line_in_quotes(tmp_path: Path, line: str, right: str) -> None:
    with pytest.raises(Failure) as refused:
        made(tmp_path, f"---\nsdk: static\n{line}\nemoji: 📊\n---\n")

    assert refused.value.id == "readme-yaml"
    assert right in refused.value.message
    assert refused.value.place is not None
    assert refused.value.place.line == 3


def test_a_key_that_is_there_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="`title` is there twice, in lines 2 and 4"):
        made(tmp_path, "---\ntitle: a\nsdk: static\ntitle: b\n---\n")


@pytest.mark.parametrize("name", ["readme.md", "README.MD", "Readme.md", "README.markdown"])
def test_a_readme_of_another_spelling_becomes_readme_md(tmp_path: Path, name: str) -> None:
    space = made(tmp_path, f"---\n{KEYS}---\n# x\n", name)

    assert [path for path in space.files if path.lower().startswith("readme")] == ["README.md"]
    assert space.data == MINE
    assert space.readme.read().decode().endswith("# x\n")
    assert name in space.notices[0].message


def test_a_readme_in_restructured_text_gives_the_title_and_stays(tmp_path: Path) -> None:
    space = made(tmp_path, "==========\nMy ``app``\n==========\n\ntext\n", "README.rst")

    assert space.data["title"] == "My app"
    assert space.added["title"] == "the heading of README.rst"
    assert {"README.md", "README.rst"} <= space.files.keys()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "utf-32"])
def test_a_readme_in_another_encoding_is_taken_as_utf_8(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    space = made(tmp_path, (mark + f"---\n{KEYS}---\n# é\n").encode(encoding))

    assert space.readme.read().decode() == f"---\n{KEYS}---\n# é\n"
    assert len(space.notices) == 1


def test_the_readme_of_the_top_is_not_used_for_a_folder_and_the_log_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": f"---\n{KEYS}---\n", "app/index.html": "<h1>x</h1>"})

    space = card.complete(walk.read(tmp_path, "app"), space="alice/demo", sdk=None, front_matter={})

    assert space.data["title"] == "demo"
    assert space.log == ("app/ has no README.md, and the one at the top of the checkout is not used for it.",)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("sdk: gradio\npython_version: 3.10\n", {"python_version": "3.10"}),
        ("sdk: gradio\nsdk_version: 4.40\n", {"sdk_version": "4.40"}),
        ("{sdk: gradio, sdk_version: 4.40, python_version: 3.10, x: 1.50}\n", {"sdk_version": "4.40", "x": 1.5}),
        ("sdk: gradio\ntitle: 2048\n", {"title": "2048"}),
        (
            "sdk: gradio\ntitle: 1e3\nshort_description: 2024-01-01\n",
            {"title": "1e3", "short_description": "2024-01-01"},
        ),
        ("sdk: Gradio\n", {"sdk": "gradio"}),
        ("{sdk: gradio, sdk_version: 5.0, tags: [a], pinned: false}\n", {"tags": ["a"], "pinned": False}),
    ],
)
def test_versions_and_titles_stay_the_text_that_was_written(
    tmp_path: Path, block: str, expected: dict[str, object]
) -> None:
    app = "import gradio as gr\ngr.Blocks().launch()\n"
    space = made(tmp_path, f"---\n{block}---\n", **{"app.py": app})

    written = yaml.safe_load(space.readme.read().decode().split("---\n")[1])
    assert expected.items() <= written.items()
    assert written == dict(space.data)


def test_null_in_the_input_removes_a_key_and_keeps_a_default_out(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": "---\nsdk: static\n# on the pin\npinned: true\nemoji: x\n---\n", "index.html": ""})
    found = walk.read(tmp_path, ".")

    space = card.complete(found, space="a/b", sdk=None, front_matter={"pinned": None, "license": None})
    assert space.readme.read().decode() == "---\nsdk: static\n# on the pin\nemoji: x\n---\n"
    assert space.removed == ("pinned",)

    (tmp_path / "README.md").write_text("# Title\n")
    space = card.complete(walk.read(tmp_path, "."), space="a/b", sdk=None, front_matter={"emoji": None})
    assert "emoji" not in space.data
    assert "emoji" not in space.readme.read().decode()


def test_a_key_that_is_nearly_one_of_the_hubs_is_noticed(tmp_path: Path) -> None:
    space = made(tmp_path, "---\nsdk: static\ncolorfrom: red\nown_key: 1\n---\n")

    (note,) = space.notices
    assert note.message == "The Hub knows no `colorfrom` in front matter. Did you mean `colorFrom`?"
    assert note.place is not None
    assert note.place.line == 3


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("---\nsdk: gradio\ntext\n" + "k: v\n" * MANY, 3, "text"),
        ("---\nsdk: gradio\nx: 'open\n" + "k: v\n" * MANY, 3, "x: 'open"),
        ("---\nsdk: gradio\nx: [\n" + "- v\n" * MANY, 3, "x: ["),
        ("---\nsdk: gradio\n" + "k: v\n" * MANY + "\n# Text\n", MANY + 4, "# Text"),
        ("---\nsdk: gradio\ntitle: A\n# Heading\ntext here\nmore: [\n", 5, "text here"),
    ],
    ids=["text", "a quote", "a bracket", "an empty line", "two"],
)
def test_the_first_line_that_is_none_is_found_at_once(text: str, line: int, says: str) -> None:
    with pytest.raises(blocks.Unended) as ended:
        blocks.find(text)

    assert (ended.value.line, ended.value.text) == (line, says)


def test_text_without_settings_is_none() -> None:
    assert blocks.find("---\nsome: text\n" + "of: nobody\n" * MANY) is None
