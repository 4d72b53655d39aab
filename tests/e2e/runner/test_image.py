"""The image, started as GitHub's runner starts it."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.kit import repository
from tests.kit.github import github
from tests.kit.local import LocalHub
from tests.kit.old_workflows import SHAPES
from tests.kit.step.action import REPOSITORY, deploy

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("act")]


def python(image: str, code: str) -> str:
    command = [
        "docker",
        "run",
        "--rm",
        "--network",
        "none",
        "--entrypoint",
        "/opt/venv/bin/python",
        image,
        "-EB",
        "-c",
        code,
    ]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_deploys_a_checkout_that_belongs_to_another_user(
    hub: LocalHub, space: str, image: str, workspace: Path
) -> None:
    repository.create(workspace, {"index.html": "<h1>Hello</h1>"})
    if os.geteuid() == 0:  # else the files belong to another user than the container's root anyway
        for path in [workspace, *workspace.rglob("*")]:
            os.chown(path, 1001, 1001)

    step = deploy(workspace, hub.endpoint, {"space": space}, image=image)

    assert step.exit_code == 0, step.log
    assert step.outputs["result"] == "live"


def test_is_not_led_astray_by_the_env_of_the_workflow(hub: LocalHub, space: str, image: str, workspace: Path) -> None:
    repository.create(
        workspace, {"index.html": "<h1>Hello</h1>", "src/yaml.py": "raise SystemExit('not the yaml you meant')"}
    )
    env = {"PYTHONPATH": "/github/workspace/src", "PYTHONWARNINGS": "error"}

    step = deploy(workspace, hub.endpoint, {"space": space}, image=image, env=env)

    assert step.exit_code == 0, step.log


def test_checks_what_a_deploy_needs(hub: LocalHub, space: str, image: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "<h1>Hello</h1>"})
    inputs = {"command": "check", "space": space, "github-token": "ghs_some"}

    with github(REPOSITORY, {"ghs_some": {"permissions": {"pull": True}}}) as octo:
        step = deploy(workspace, hub.endpoint, inputs, image=image, github=octo.url)

    assert (step.exit_code, step.outputs["result"]) == (0, "healthy"), step.log
    assert f"shows {REPOSITORY}; permissions of the token: pull" in step.log


@pytest.mark.parametrize(("rehearses", "holds"), [("image", "False"), ("rehearse_image", "True")])
def test_only_the_image_that_rehearses_holds_localhub(
    rehearses: str, holds: str, request: pytest.FixtureRequest
) -> None:
    code = "import pathlib; print(pathlib.Path('/opt/rehearse/localhub/__main__.py').exists())"

    assert python(request.getfixturevalue(rehearses), code) == holds


def test_holds_the_action_without_pip_and_without_localhub(image: str) -> None:
    code = "import importlib.util as u; print([name for name in ('pip', 'localhub', 'pytest') if u.find_spec(name)])"

    assert python(image, code) == "[]"


def test_is_compiled(image: str) -> None:
    code = (
        "import pathlib, importlib.util as u; "
        "print([str(p) for root in ('/app', '/opt/venv') for p in pathlib.Path(root).rglob('*.py')"
        " if 'hfspace_action' in p.parts and not pathlib.Path(u.cache_from_source(p)).exists()])"
    )

    assert python(image, code) == "[]"


def plainly(image: str, token: str, workspace: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """`docker run` as the README has it: no runner, inputs as plain variables, and the token through standard input."""
    command = ["docker", "run", "--rm", "--network", "host", "--env-file", "/dev/stdin"]
    command += ["--volume", f"{workspace}:/workspace:ro", "--workdir", "/workspace"]
    command += [f"--env=INPUT_{name.upper()}={value}" for name, value in inputs.items()] + [image]
    return subprocess.run(
        command, input=f"INPUT_HF-TOKEN={token}\n", capture_output=True, text=True, timeout=120, check=False
    )


def test_does_the_same_without_a_runner(hub: LocalHub, space: str, image: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "<h1>Hello</h1>"})
    inputs = {"space": space, "endpoint": hub.endpoint}

    deployed = plainly(image, "hf_alice", workspace, **inputs)
    seen = plainly(image, "hf_alice", workspace, **inputs, command="status")
    tested = plainly(image, "hf_alice", workspace, **inputs, command="selftest")
    refused = plainly(image, "hf_alice", workspace, **inputs, command="delete")
    deleted = plainly(image, "hf_alice", workspace, **inputs, command="delete", confirm=space)

    results = [(done.returncode, output(done.stdout, "result")) for done in (deployed, seen, tested, refused, deleted)]
    assert results == [(0, "live"), (0, "seen"), (0, "passed"), (1, "error"), (0, "deleted")], deployed.stdout
    assert output(seen.stdout, "commit-sha") == output(deployed.stdout, "commit-sha") != ""
    assert all("hf_alice" not in done.stdout + done.stderr for done in (deployed, seen, tested, refused, deleted))


def test_takes_a_command_line(hub: LocalHub, space: str, image: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "<h1>Hello</h1>"})
    docker = ["docker", "run", "--rm", "--network", "host", "--env", "HF_TOKEN", "--env", f"HF_ENDPOINT={hub.endpoint}"]
    docker += ["--volume", f"{workspace}:/workspace:ro", "--workdir", "/workspace"]
    env = {"PATH": os.environ["PATH"], "HF_TOKEN": "hf_alice"}
    env |= {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*docker, *command], env=env, capture_output=True, text=True, timeout=120, check=False)

    deployed = run(image, space, "--json")
    in_a_shell = run("--entrypoint", "sh", image, "-c", f"hf-space-deploy {space} --dry-run")
    helped = run(image, "--help")
    refused = run(image, space, "--hf-token=hf_alice")

    assert (deployed.returncode, json.loads(deployed.stdout)["result"]) == (0, "live"), deployed.stderr
    assert (in_a_shell.returncode, "would change nothing" in in_a_shell.stdout) == (0, True), in_a_shell.stdout
    assert "--timeout" in helped.stdout
    assert (refused.returncode, "HF_TOKEN" in refused.stderr) == (2, True)


def test_without_inputs_it_starts_and_misses_the_first(image: str) -> None:
    """What release.yml tries on both systems before anybody gets the image."""
    done = subprocess.run(["docker", "run", "--rm", image], capture_output=True, text=True, check=False)

    assert (done.returncode, output(done.stdout, "error")) == (1, "input-space-missing")
    assert "[input-space-missing]" in done.stdout


def test_a_workflow_that_can_not_be_written_is_named(image: str, workspace: Path) -> None:
    repository.create(workspace, {".github/workflows/old.yml": SHAPES[0].text})

    done = plainly(image, "hf_alice", workspace, command="migrate", space="alice/my-demo")  # mounted to be read only

    assert (done.returncode, output(done.stdout, "error")) == (1, "migrate-unwritable"), done.stdout


def output(log: str, name: str) -> str:
    """An output of a step that had no file to write it to."""
    (value,) = re.findall(f"^{name}=(.*)$", log, re.MULTILINE)
    return str(value)
