"""What is noticed in files that a build would stumble over, and in front matter that the Hub refuses."""

from pathlib import Path

import pytest

from hfspace_action.card import card
from hfspace_action.card.card import Card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure, Place
from tests.kit.gitrepo import write
from tests.kit.space.made_repositories import DOCKERFILE, FASTAPI, GRADIO, PAGE, VITE, Files, package

APP: Files = {"app.py": GRADIO}


def made(workspace: Path, files: Files, **given: str) -> Card:
    found = walk.read(write(workspace, files), ".")
    return card.complete(found, space="alice/demo", sdk=None, front_matter=given)


@pytest.mark.parametrize(
    ("files", "place", "says"),
    [
        ({**APP, "requirements.txt": "gradio>=4,<5\n"}, Place("requirements.txt", 1), "no `sdk_version` is set"),
        ({**APP, "helper.py": "x = 1\n".encode("utf-16")}, Place("helper.py", 1), "Python can't read it: it is UTF-16"),
        ({"Dockerfile": DOCKERFILE.encode("utf-16")}, Place("Dockerfile", 1), "It is UTF-16, which Docker can't read"),
        ({"index.html": '<script src="gone.js"></script>'}, Place("index.html"), "loads gone.js, which the Space won't have"),
        ({"index.html": VITE, "src/main.tsx": ""}, Place("index.html"), "loads /src/main.tsx, which browsers can't run"),
        ({"index.html": VITE, "src/main.tsx": "", "package.json": package("vite build", "", "vite")}, Place("package.json"), "index.html loads /src/main.tsx, which browsers can't run. The Hub builds the page by `npm install && npm run build"),
        ({"README.md": "---\nsdk: static\n---\n", "index.html": VITE, "src/main.tsx": "", "package.json": package("vite build", "", "vite")}, Place("package.json"), "To build in the workflow instead"),
    ],
)  # fmt: skip
def test_what_a_build_would_stumble_over_is_noticed(tmp_path: Path, files: Files, place: Place, says: str) -> None:
    (note,) = made(tmp_path, files).notices

    assert says in note.message
    assert note.place == place


@pytest.mark.parametrize(
    "files",
    [
        {**APP, "requirements.txt": "torch --index-url https://example.com\n./x.whl\n"},
        {"index.html": PAGE + '<script src="https://cdn.example.com/x.js"></script><a href="gone.html">x</a>'},
        {"index.html": '<script src="data:text/javascript,1"></script><script type="text/template" src="">x</script>'},
    ],
)
def test_nothing_is_noticed_in_files_that_are_right(tmp_path: Path, files: Files) -> None:
    assert made(tmp_path, files).notices == ()


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"Dockerfile": "FROM x\n"}, "app_port: 7860, the Hub's default: the Dockerfile exposes none"),
        ({"Dockerfile": "FROM x\nEXPOSE 7860\n"}, "app_port: 7860, the Hub's default, and the app's (Dockerfile:2)"),
    ],
)
def test_the_port_of_a_docker_app_is_in_the_log(tmp_path: Path, files: Files, line: str) -> None:
    space = made(tmp_path, files)

    assert space.log == (line,)
    assert "app_port" not in space.data


def test_the_command_s_port_is_set_with_where_it_was_found(tmp_path: Path) -> None:
    space = made(tmp_path, {"Dockerfile": "FROM x\nCMD uvicorn main:app --port 8000\n", "main.py": FASTAPI})

    assert space.app_port == 8000
    assert space.added["app_port"] == "Dockerfile:2, --port 8000"


@pytest.mark.parametrize(
    ("readme", "given", "said", "place", "words"),
    [
        ("colorFrom: orange\n", {}, '"colorFrom" must be one of [red]', Place("README.md", 3), "colorFrom is 'orange'"),
        ("colorTo: grey\n", {}, '"colorTo" must be one of [gray]', Place("README.md", 3), "did you mean gray?"),
        ("pinned: maybe\n", {}, '"pinned" must be a boolean', Place("README.md", 3), "pinned is 'maybe'"),
        ("models: [1]\n", {}, '"models[0]" must be a string', Place("README.md", 3), "models is [1]"),
        ("", {"colorFrom": "blu"}, '"colorFrom" must be one of [blue]', None, "did you mean blue?"),
    ],
)
def test_a_refusal_of_the_hub_gets_the_line_and_the_value(
    tmp_path: Path, readme: str, given: dict[str, str], said: str, place: Place | None, words: str
) -> None:
    def judge(_: str) -> list[str]:
        raise Failure("readme-refused", said=said)

    space = made(tmp_path, {"README.md": f"---\nsdk: static\n{readme}---\n", "index.html": PAGE}, **given)
    with pytest.raises(Failure) as refused:
        space.judged_by(judge)

    assert refused.value.place == place
    assert said in refused.value.message
    assert words in refused.value.message
