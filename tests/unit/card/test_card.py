"""The README that goes to the Space: what is kept, what is added, and where it came from."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hfspace_action.card import card, front_matter
from hfspace_action.card.card import Card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure, Place
from tests.kit.gitrepo import write

Files = Mapping[str, str | bytes]
GRADIO = "import gradio as gr\ngr.Interface(str, 'text', 'text').launch()\n"
LOOKS = {"emoji": "🚀", "colorFrom": "blue", "colorTo": "indigo"}


def complete(
    workspace: Path,
    files: Files,
    *,
    sdk: str | None = None,
    front_matter: Mapping[str, object] | None = None,
    path: str = ".",
) -> Card:
    write(workspace, {"some.txt": ""} | dict(files))
    found = walk.read(workspace, path)
    return card.complete(found, space="alice/my-demo", sdk=sdk, front_matter=front_matter or {})


def refusal(workspace: Path, files: Files, **inputs: str) -> Failure:
    with pytest.raises(Failure) as caught:
        complete(workspace, files, **inputs)  # type: ignore[arg-type]
    return caught.value


def text(made: Card) -> str:
    return made.readme.read().decode()


# The README itself


def test_complete_readme_stays_byte_for_byte(tmp_path: Path) -> None:
    readme = "---\r\nsdk:   static # comment\r\ntitle: 'x'\r\n---\r\nbody\r\n"
    made = complete(tmp_path, {"README.md": readme, "index.html": ""})
    assert made.readme.read() == readme.encode()
    assert (made.added, made.sdk, made.data) == ({}, "static", {"sdk": "static", "title": "x"})


def test_readme_of_a_space_gets_no_looks_that_its_author_left_out(tmp_path: Path) -> None:
    made = complete(tmp_path, {"README.md": "---\nsdk: docker\n---\n# Heading\n", "Dockerfile": "EXPOSE 8000\n"})
    assert text(made) == "---\nsdk: docker\napp_port: 8000\n---\n# Heading\n"
    assert made.added == {"app_port": "Dockerfile:1"}


def test_readme_without_front_matter_gets_one_before_its_text(tmp_path: Path) -> None:
    body = "# Open WebUI 👋\n\n---\n\ntext  \n"
    made = complete(tmp_path, {"README.md": body, "Dockerfile": "FROM x\nEXPOSE 8080\n"})
    assert text(made) == (
        "---\ntitle: Open WebUI\nemoji: 🚀\ncolorFrom: blue\ncolorTo: indigo\nsdk: docker\napp_port: 8080\n---\n\n"
        + body
    )
    assert (made.sdk, made.app_port) == ("docker", 8080)
    assert made.added == {
        "sdk": "Dockerfile",
        "app_port": "Dockerfile:2",
        "title": "the heading of README.md",
        **dict.fromkeys(LOOKS, "the step's default"),
    }
    assert made.readme.size == len(made.readme.read())


def test_missing_readme_is_made_of_front_matter_only(tmp_path: Path) -> None:
    made = complete(tmp_path, {"index.html": ""})
    assert text(made) == "---\ntitle: my-demo\nemoji: 🚀\ncolorFrom: blue\ncolorTo: indigo\nsdk: static\n---\n"
    assert made.added["title"] == "the Space's name"
    assert made.readme.path == "README.md"


def test_front_matter_of_another_tool_is_completed_at_its_end(tmp_path: Path) -> None:
    made = complete(tmp_path, {"README.md": "---\nlayout: home   # Jekyll\ntitle: Mine\n---\nbody", "index.html": ""})
    assert text(made) == (
        "---\nlayout: home   # Jekyll\ntitle: Mine\nemoji: 🚀\ncolorFrom: blue\ncolorTo: indigo\nsdk: static\n---\nbody"
    )


def test_changed_value_leaves_every_other_line_as_it_was(tmp_path: Path) -> None:
    readme = "---\n# the card\ntitle: Old  # comment\n\n# list\ntags:\n  - a\n  - b\n\n# version\nsdk_version: 4.10\nsdk: gradio\n---\nbody\n"
    made = complete(
        tmp_path,
        {"README.md": readme, "app.py": GRADIO},
        front_matter={"tags": ["c"], "title": "New: é", "pinned": True},
    )
    assert text(made) == (
        "---\n# the card\ntitle: 'New: é'\n\n# list\ntags:\n- c\n\n# version\nsdk_version: '4.10'\nsdk: gradio\npinned: true\n---\nbody\n"
    )
    assert made.added == {
        **dict.fromkeys(("tags", "title", "pinned"), "the input front-matter"),
        "sdk_version": "README.md:11, in quotes to be a text",
    }


def test_windows_line_ends_stay_and_a_byte_order_mark_goes(tmp_path: Path) -> None:
    made = complete(tmp_path, {"README.md": "\ufeff---\r\ntitle: Mine\r\n---\r\nbody\r\n", "index.html": ""})
    assert text(made).startswith("---\r\ntitle: Mine\r\nemoji: 🚀\r\n")
    assert text(made).endswith("sdk: static\r\n---\r\nbody\r\n")
    assert text(made).count("\n") == text(made).count("\r\n")


def test_byte_order_mark_of_a_readme_without_front_matter_goes(tmp_path: Path) -> None:
    made = complete(tmp_path, {"README.md": "\ufeff# Title\r\n", "index.html": ""})
    assert text(made).startswith("---\r\ntitle: Title\r\n")
    assert text(made).endswith("---\r\n\r\n# Title\r\n")


@pytest.mark.parametrize(
    "block", ["{title: x, license: mit}\n", "a: &x 1\nother: *x\ntitle: x\n", "? title\n: x\n", "# none\n", ""]
)
def test_unusual_yaml_is_merged_to_the_same_meaning(tmp_path: Path, block: str) -> None:
    made = complete(
        tmp_path,
        {"README.md": f"---\n{block}---\nbody\n", "index.html": ""},
        sdk="static",
        front_matter={"a": 2, "title": "y"},
    )
    expected = {**(yaml.safe_load(block) or {}), **LOOKS, "sdk": "static", "a": 2, "title": "y"}
    assert made.data == expected
    assert yaml.safe_load(text(made).split("---\n")[1]) == expected
    assert text(made).endswith("---\nbody\n")


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8)
YAML = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
MAPPINGS = st.dictionaries(TEXT, YAML, max_size=5)


@settings(max_examples=60, deadline=None)
@given(data=MAPPINGS, changes=MAPPINGS, flow=st.sampled_from([None, True, False]), body=st.text(max_size=20))
def test_merging_means_the_same_as_merging_mappings(
    data: dict[str, object], changes: dict[str, object], flow: bool | None, body: str
) -> None:
    block = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    readme = front_matter.Readme("---\n", block, "---\n" + body, data)
    merged = readme.with_values(changes)
    assert merged.startswith("---\n")
    assert merged.endswith("---\n" + body)
    assert yaml.safe_load(merged.removeprefix("---\n").removesuffix("---\n" + body)) == {**data, **changes}
    assert readme.body == body


@pytest.mark.parametrize(
    ("content", "failure", "line"),
    [
        (b"---\ntitle: x\nemoji: [\n---\n", "readme-yaml", 3),
        (b"---\ntitle: x\nsdk: docker: y\n---\n", "readme-yaml", 3),
        (b"\n---\nsince: 2024-13-45\n---\n", "readme-yaml", 3),
        (b"---\ntitle: x\ny: \x07\n---\n", "readme-yaml", 3),
        (b"---\ntitle:x\nsdk:docker\n---\n", "readme-mapping", 2),
        (b"---\n- a\n---\n", "readme-mapping", 2),
        (b"# Title\n\ncaf\xe9\n", "readme-encoding", 3),
    ],
)
def test_readme_that_can_t_be_read_is_refused_with_its_line(
    tmp_path: Path, content: bytes, failure: str, line: int
) -> None:
    found = refusal(tmp_path, {"app/README.md": content, "app/index.html": ""}, path="app")
    assert (found.id, found.place) == (failure, Place("app/README.md", line))


# Who decides


def test_front_matter_input_wins_over_sdk_input_over_readme_over_detection(tmp_path: Path) -> None:
    files = {"Dockerfile": "EXPOSE 8080\n"}
    assert complete(tmp_path, files).sdk == "docker"
    files |= {"README.md": "---\nsdk: gradio\n---\n", "app.py": GRADIO, "index.html": ""}
    assert complete(tmp_path, files).sdk == "gradio"
    made = complete(tmp_path, files, sdk="docker")
    assert (made.sdk, made.app_port, made.added["sdk"]) == ("docker", 8080, "the input sdk")
    assert [each.id for each in made.notices] == ["sdk"]
    assert "sdk: gradio" in made.notices[0].message
    made = complete(tmp_path, files, sdk="docker", front_matter={"sdk": "static", "app_port": 9000})
    assert (made.sdk, made.app_port, made.added["sdk"]) == ("static", 9000, "the input front-matter")


def test_inputs_that_say_what_the_readme_says_change_nothing(tmp_path: Path) -> None:
    readme = "---\nsdk: static\ntitle: x\n---\n"
    made = complete(tmp_path, {"README.md": readme, "index.html": ""}, sdk="static", front_matter={"title": "x"})
    assert (text(made), made.added, made.notices) == (readme, {}, ())


def test_value_of_another_type_is_another_value(tmp_path: Path) -> None:
    made = complete(
        tmp_path, {"README.md": "---\nsdk: static\npinned: 1\n---\n", "index.html": ""}, front_matter={"pinned": True}
    )
    assert text(made) == "---\nsdk: static\npinned: true\n---\n"


# What the SDK needs


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("gradio==5.1.0", "5.1.0"),
        ("gradio[oauth] == 5.1.0 ; python_version > '3'", "5.1.0"),
        ("gradio>=5", None),
        ("gradio==5.*", None),
        ("gradio-client==1.0", None),
    ],
)
def test_pinned_gradio_becomes_the_sdk_version(tmp_path: Path, line: str, version: str | None) -> None:
    made = complete(tmp_path, {"app.py": GRADIO, "requirements.txt": f"numpy\n{line}\n"})
    assert made.data.get("sdk_version") == version
    assert made.added.get("sdk_version") == ("requirements.txt:2" if version else None)


def test_exposed_port_that_a_space_can_t_have_is_refused_with_its_line(tmp_path: Path) -> None:
    files = {"Dockerfile": "FROM nginx\n\nEXPOSE 80\n"}
    failure = refusal(tmp_path, files)
    assert (failure.id, failure.place) == ("port-low", Place("Dockerfile", 3))
    assert complete(tmp_path, files, front_matter={"app_port": 8080}).app_port == 8080
