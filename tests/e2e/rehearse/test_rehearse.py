"""`command: rehearse`: what a deploy would say, from the runner alone."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from hfspace_action.commands.rehearsal import confine
from tests.kit import ROOT, repository
from tests.kit.loopback import serving
from tests.kit.space import wheels
from tests.kit.step.action import Step, deploy

NETWORK = {name: value for name, value in os.environ.items() if name.startswith("SSL_CERT_")}
"""How packages are reached from this machine."""
HOSTILE = ROOT / "tests/e2e/rehearse/apps/hostile.py"


def rehearse(workspace: Path, endpoint: str = "http://127.0.0.1:9", **inputs: str) -> Step:
    """Rehearse a checkout. The Hub that the inputs name must not be asked."""
    given = {"command": "rehearse", "space": "alice/demo", "hf-token": ""}
    return deploy(
        workspace, endpoint, given | {name.replace("_", "-"): value for name, value in inputs.items()}, env=NETWORK
    )


def example(workspace: Path, name: str) -> Path:
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "examples" / name).iterdir() if path.is_file()}
    return repository.create(workspace, {f"app/{path}": text for path, text in files.items()})


def test_a_static_site_without_a_request_to_the_hub(workspace: Path) -> None:
    example(workspace, "static")

    with serving(500) as (port, asked):
        step = rehearse(workspace, f"http://127.0.0.1:{port}", path="app")

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (0, "rehearsed", ""), step.log
    assert asked == []
    assert (step.outputs["app-url"], step.outputs["commit-url"], step.outputs["space-url"]) == ("", "", "")
    assert "127.0.0.1" not in step.summary


class Broken(NamedTuple):
    """An example that breaks, and what a deploy says of it."""

    example: str
    error: str
    place: str


BROKEN = [
    Broken("requirement", "requirement-not-found", "file=app/requirements.txt,line=1"),
    Broken("crash", "app-crashed", "file=app/catalogue.py,line=9"),
]


@pytest.mark.slow
@pytest.mark.xdist_group("built")
@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.example)
def test_the_broken_examples_end_as_a_deploy_would(case: Broken, workspace: Path) -> None:
    example(workspace, f"broken/{case.example}")

    step = rehearse(workspace, path="app")

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "failed", case.error), step.log
    (annotation,) = re.findall(r"^::error .*$", step.log, re.MULTILINE)
    assert all(part in annotation for part in case.place.split(","))


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_a_gradio_app_is_built_and_answers(workspace: Path) -> None:
    example(workspace, "gradio")

    step = rehearse(workspace, path="app", checks="- {path: /, status: 200}")

    assert (step.exit_code, step.outputs["result"]) == (0, "rehearsed"), step.log


@pytest.mark.slow
def test_a_failed_check_is_the_same_failure(workspace: Path) -> None:
    example(workspace, "static")

    step = rehearse(workspace, path="app", checks="- {path: /nowhere, status: 200}", timeout="8s")

    assert (step.exit_code, step.outputs["error"]) == (1, "check-failed"), step.log


def test_what_the_files_show_is_refused_before_anything_is_built(workspace: Path) -> None:
    repository.create(
        workspace, {"app.py": "import gradio\n", "README.md": "---\nsdk: gradio\npython_version: 9.9\n---\n"}
    )

    assert rehearse(workspace).outputs["error"] == "python-version-unknown"


def test_a_name_without_an_owner_needs_no_token(workspace: Path) -> None:
    example(workspace, "static")

    assert rehearse(workspace, path="app", space="demo").outputs["result"] == "rehearsed"


def test_a_docker_space_without_an_engine_is_said_to_be_skipped(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.create(workspace, {"Dockerfile": "FROM scratch\n", "README.md": "---\nsdk: docker\n---\n"})

    step = deploy(
        workspace,
        "http://127.0.0.1:9",
        {"command": "rehearse", "space": "alice/demo", "hf-token": ""},
        env={"DOCKER_HOST": "unix:///nowhere/docker.sock"},
    )

    assert (step.exit_code, step.outputs["result"]) == (0, "skipped"), step.log
    assert "no engine" in step.summary


@pytest.mark.slow
@pytest.mark.xdist_group("built")
@pytest.mark.skipif(confine.version() < 6, reason="needs Linux 6.12 or newer, for all that Landlock keeps away")
def test_a_hostile_app_gets_nothing(workspace: Path) -> None:
    """The app tries each, and answers its visitors with what it got: a check reads it."""
    app = {"app.py": HOSTILE.read_text("utf-8"), "requirements.txt": wheels.requirements()}
    repository.create(workspace, {**app, "README.md": "---\nsdk: gradio\n---\n", "notes.txt": "x"})
    inputs = {
        "command": "rehearse",
        "space": "alice/hostile",
        "hf-token": "hf_alice",
        "checks": "- {path: /, contains: ['tried: ', 'got: nothing.']}",
    }

    step = deploy(
        workspace,
        "http://127.0.0.1:9",
        {**inputs, "timeout": "100s"},
        env={**NETWORK, **wheels.SHOWN, "AWS_SECRET_ACCESS_KEY": "aws-value"},
    )

    assert (step.exit_code, step.outputs["result"]) == (0, "rehearsed"), step.log
    assert not [each for each in _programs() if "/alice-hostile-" in each]


def _programs() -> Iterator[str]:
    """What runs on this machine."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield each.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")


@pytest.mark.engine
@pytest.mark.xdist_group("act")
def test_a_hostile_app_gets_nothing_in_the_image(rehearse_image: str, workspace: Path) -> None:
    """There it is another user as well."""
    repository.create(workspace, {"app.py": HOSTILE.read_text("utf-8"), "README.md": "---\nsdk: gradio\n---\n"})
    checks = "- {path: /, contains: ['tried: ', 'got: nothing.']}"
    inputs = {"command": "rehearse", "space": "alice/demo", "hf-token": "hf_alice", "timeout": "100s", "checks": checks}

    step = deploy(
        workspace, "http://127.0.0.1:9", inputs, env={"AWS_SECRET_ACCESS_KEY": "aws-value"}, image=rehearse_image
    )

    assert (step.exit_code, step.outputs["result"]) == (0, "rehearsed"), step.log


@pytest.mark.parametrize("localhub", [None, "raise SystemExit('no room')"])
def test_without_its_hub_a_rehearsal_says_so(localhub: str | None, tmp_path: Path) -> None:
    program = tmp_path / "program"
    shutil.copytree(ROOT / "hfspace_action", program / "hfspace_action", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "entrypoint.py", program)
    if localhub:
        (program / "localhub").mkdir()
        (program / "localhub/__main__.py").write_text(localhub)
    example(tmp_path / "workspace", "static")
    env = {"PATH": os.environ["PATH"], "INPUT_SPACE": "demo", "INPUT_COMMAND": "rehearse", "INPUT_PATH": "app"}

    done = subprocess.run(
        [sys.executable, program / "entrypoint.py"],
        cwd=tmp_path / "workspace",
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert ("rehearsal-not-ready" if localhub else "rehearsal-missing") in done.stdout
    assert not localhub or "no room" in done.stdout
