"""Repositories as they are, through a whole step: the SDK is chosen and said, or refused with lines that, pasted, deploy them."""

import re
import subprocess
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit.gitrepo import commit, write
from tests.kit.local import LocalHub
from tests.kit.space.made_repositories import FLASK, GRADIO, PAGE, REFUSED, SPACES, STREAMLIT
from tests.kit.step.action import Step, deploy
from tests.kit.step.paste import paste

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n"


def step(workspace: Path, hub: LocalHub, space: str, **inputs: str) -> Step:
    given = {name.replace("_", "-"): text for name, text in inputs.items()}
    return deploy(workspace, hub.endpoint, {"space": space, "wait": "false", **given})


def sdk(api: HfApi, space: str) -> object:
    data = api.space_info(space).card_data
    return data and data.sdk


@pytest.mark.parametrize(
    "name", ["parts of an app", "below a folder", "saved by Windows", "Vite", "a Dockerfile of an app"]
)
def test_the_log_says_what_was_chosen_and_why(
    name: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    tree = SPACES[name]

    done = step(commit(workspace, tree.files), hub, space)

    assert done.exit_code == 0, done.log
    (line,) = re.findall(r"^.* files?, .*, sdk: (.*)$", done.log, re.MULTILINE)
    assert line.startswith(f"{tree.sdk}, from ")
    assert tree.origin in line
    (gets,) = re.findall(r"^README.md on the Space gets (title: .*)$", done.log, re.MULTILINE)
    for key, value in tree.settings.items():
        assert f"{key}: {value} (" in gets
    assert sdk(api, space) == tree.sdk


PASTED = [
    "a tie",
    "Streamlit",
    "a Space of Streamlit",
    "a Dockerfile in docker/",
    "pages that take their folder for the top",
    "a module of a package",
    "two of Streamlit",
    "a client and a server",
    "an ending that Windows hides",
    "an app in UTF-16",
    "pages of a game",
    "several Dockerfiles",
]


@pytest.mark.parametrize("name", PASTED)
def test_a_refusal_creates_nothing_and_its_lines_deploy(
    name: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    tree = REFUSED[name]
    commit(workspace, tree.files)

    refused = step(workspace, hub, space)
    assert (refused.exit_code, refused.outputs["error"]) == (1, tree.error), refused.log
    assert not api.repo_exists(space, repo_type="space")
    for inputs in ({"dry_run": "true"}, {"command": "check"}):
        assert step(workspace, hub, space, **inputs).outputs["error"] == tree.error, "they say the same"

    (annotation,) = [line for line in refused.log.splitlines() if line.startswith("::error")]
    inputs = paste(annotation.replace("%0A", "\n").replace("%25", "%"), workspace)
    subprocess.run(["git", "-C", workspace, "add", "--all"], check=True)
    done = step(workspace, hub, space, **{name.replace("-", "_"): text for name, text in inputs.items()})

    assert (done.exit_code, done.outputs["result"]) == (0, "published"), done.log
    assert sdk(api, space) == tree.becomes


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with a `pipx`, which a runner of GitHub's has."""
    pipx = tmp_path / "bin" / "pipx"
    pipx.parent.mkdir()
    uv = Path(__file__).parents[3] / ".venv/bin/uv"
    spec = 'if [ "$1" = --spec ]; then shift; set -- --from "$@"; fi'
    pipx.write_text(f'#!/bin/sh\nshift\n{spec}\nexec {uv} tool run "$@"\n')
    pipx.chmod(0o755)
    return pipx.parent


SITES = [
    "Hugo",
    "Hugo by a folder of settings",
    "MkDocs",
    "MkDocs with a folder of its own",
    "MkDocs with its requirements",
    "Sphinx",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", SITES)
def test_the_lines_of_a_site_s_source_build_and_deploy_it(
    name: str, hub: LocalHub, api: HfApi, space: str, workspace: Path, tools: Path
) -> None:
    commit(workspace, REFUSED[name].files)
    refused = step(workspace, hub, space)
    (annotation,) = [line for line in refused.log.splitlines() if line.startswith("::error")]

    inputs = paste(annotation.replace("%0A", "\n"), workspace, pipx=tools)

    done = step(workspace, hub, space, **inputs)
    assert done.exit_code == 0, done.log
    assert "index.html" in api.list_repo_files(space, repo_type="space")


def test_every_obstacle_is_named_in_one_run(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    write(workspace, {"app.py": STREAMLIT, "model.bin": POINTER})
    (workspace / "data").symlink_to("/mnt/data")
    commit(workspace)

    refused = step(workspace, hub, space)

    errors = re.findall(r"^::error.*\[([\w-]+)\]$", refused.log, re.MULTILINE)
    assert sorted(errors) == ["checkout-lfs", "checkout-link", "sdk-streamlit"]
    assert not api.repo_exists(space, repo_type="space")
    checked = step(workspace, hub, space, command="check")
    assert all(error in checked.log for error in errors)


def test_what_was_written_otherwise_than_documented_is_taken_and_said(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    commit(workspace, {"app.py": GRADIO, "readme.md": "# Mine\n"})
    inputs = {
        "space": f"https://huggingface.co/spaces/{space}",
        "sdk": "Gradio",
        "hf-token": "",
        "variables": 'export A="1"',
    }

    done = deploy(workspace, hub.endpoint, {**inputs, "wait": "false"}, env={"INPUT_TOKEN": "hf_alice"})

    assert done.exit_code == 0, done.log
    assert api.get_space_variables(space)["A"].value == "1"
    assert "There is no input `token`; it is taken for `hf-token`." in done.log
    assert "1 value is taken without the quotes around it" in done.log
    files = api.list_repo_files(space, repo_type="space")
    assert [path for path in files if path.lower() == "readme.md"] == ["README.md"]


def test_a_refused_value_is_placed_at_its_line(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, {"README.md": "---\ntitle: x\ncolorFrom: grey\nsdk: static\n---\n", "index.html": PAGE})

    refused = step(workspace, hub, space)

    assert "file=README.md,line=3::" in refused.log
    assert "colorFrom is 'grey': did you mean gray?" in refused.log


def test_a_server_with_its_page_is_refused_before_anything_is_sent(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, {"app.py": FLASK, "templates/index.html": PAGE})
    hub.forget()

    refused = step(workspace, hub, space)

    assert refused.outputs["error"] == "sdk-server"
    assert hub.requests() == []
