"""What the files show, end to end: a step that stops before anything is written, a warning, a row of `check`."""

from pathlib import Path

import pytest
from huggingface_hub import HfApi

from hfspace_action.errors import catalogue
from hfspace_action.foresight import Tree, foresee
from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.loopback import self_signed, serving
from tests.kit.step.action import Step, deploy
from tests.kit.trees import DOCKER, SLIM, Space, gradio

BROKEN = gradio(
    "numpy\nflask=>2.0\ntorch==2.1.0+cu118\n", app="import gradio as gr\nwith gr.Blocks() as demo:\n    pass\n", **{"packages.txt": "# audio\n"}
)  # fmt: skip
DOUBTFUL = {
    "README.md": DOCKER.replace("title: Demo", "title: Demo\nsdk_version: 5.49.1"),
    "Dockerfile": SLIM + "EXPOSE 8080\nCMD python main.py\n",
    "main.py": "",
}


def run(hub: LocalHub, workspace: Path, space: str, **inputs: str) -> Step:
    return deploy(workspace, hub.endpoint, {"space": space, "wait": "false", **inputs})


@pytest.mark.parametrize("inputs", [{}, {"dry-run": "true"}, {"command": "check"}], ids=["deploy", "dry run", "check"])
def test_all_that_is_certain_to_fail_is_named_at_once_and_nothing_is_written(
    inputs: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    repository.create(workspace, BROKEN)

    step = run(hub, workspace, space, secrets="KEY=1", **inputs)

    errors = [line for line in step.log.splitlines() if line.startswith("::error")]
    places = ["requirements.txt,line=2::", "requirements.txt,line=3::", "packages.txt,line=1::", "app.py,line=2::"]
    assert [place for place in places if not any(f"file={place}" in line for line in errors)] == [], step.log
    assert step.exit_code == 1
    assert not api.repo_exists(space, repo_type="space")


def test_secrets_of_a_page_are_refused_with_what_the_files_show(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, {"README.md": "---\nsdk: static\n---\n", "style.css": ""})

    step = run(hub, workspace, space, secrets="KEY=1")

    assert "static-secrets" in step.log
    assert "app-file-missing" in step.log


def test_existing_space_keeps_its_main(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, gradio())
    run(hub, workspace, space)
    head = api.space_info(space).sha
    repository.commit(workspace, "Break it", {"app.py": "import gradio\nx = = 1\n"})

    step = run(hub, workspace, space)

    assert (step.outputs["result"], step.outputs["error"]) == ("error", "syntax-error")
    assert api.space_info(space).sha == head


def test_what_is_likely_to_fail_is_a_warning_with_its_place(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, DOUBTFUL)

    step = run(hub, workspace, space)

    assert step.exit_code == 0, step.log
    warnings = [line for line in step.log.splitlines() if line.startswith("::warning")]
    assert any("file=README.md,line=5" in line and "exposes 8080" in line for line in warnings), step.log
    assert any("file=README.md,line=3" in line and "`sdk_version`" in line for line in warnings), step.log


@pytest.mark.parametrize(
    ("space", "error"),
    [
        (Space("", gradio(readme="---\nsdk: gradio\nsdk_version: 4.40\n---\n")), "version-cut"),
        (Space("", DOUBTFUL), "key-without-effect"),
        (Space("", DOUBTFUL), "port-not-exposed"),
        (Space("", gradio(), sizes={"model.bin": 2 * 10**9}), "size-above-storage"),
    ],
)
def test_warnings_that_no_failure_has(space: Space, error: str) -> None:
    likely = foresee(Tree(space.deployed, str(space.data["sdk"]), space.data, sizes=space.sizes)).likely

    assert error in {failure.id for failure in likely}
    assert {"version-cut", "key-without-effect", "port-not-exposed", "size-above-storage"} <= catalogue().keys()


def test_certificate_of_an_unknown_authority_is_named(workspace: Path, tmp_path: Path) -> None:
    repository.create(workspace, gradio())
    with serving(200, self_signed(tmp_path)) as (port, _):
        step = deploy(workspace, f"https://localhost:{port}", {"space": "alice/demo"}, env={"SSL_CERT_FILE": ""})

    assert step.outputs["error"] == "certificate-unknown", step.log


@pytest.mark.parametrize(
    ("variable", "endpoint"), [("HTTPS_PROXY", "https://hub.example"), ("HTTP_PROXY", "http://127.0.0.1:9")]
)
def test_proxy_that_wants_a_password_is_named(variable: str, endpoint: str, workspace: Path) -> None:
    repository.create(workspace, gradio())
    with serving(407) as (port, asked):
        env = {variable: f"http://127.0.0.1:{port}", "NO_PROXY": ""}
        step = deploy(workspace, endpoint, {"space": "alice/demo"}, env=env)

    assert step.outputs["error"] == "proxy-refuses", step.log
    assert f"The variable {variable} names it" in step.log
    assert len(asked) == 1
