"""Docker Spaces, by a real engine."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from localhub.spaces.building.docker import LAYER_GONE
from localhub.spaces.running.health import free_port
from tests.kit import needs, web
from tests.kit.local import LocalHub, localhub, process
from tests.kit.space.real import EXAMPLES, create, push, push_folder, running, runtimes, settled

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("docker Spaces")]
_numbers = count(1)
README = "---\nsdk: docker\napp_port: {port}\n---\n"
DOCKERFILE = """
FROM python:3.13-slim
ARG COLOUR
RUN echo "built $COLOUR" > built.txt
COPY app.py .
CMD ["python", "-u", "app.py"]
"""
APP = """
import http.server, json, os, sys

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({{"user": os.getuid(), "built": open("/built.txt").read().strip(), "version": {version},
                           "environment": dict(os.environ)}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

print("ready")
http.server.ThreadingHTTPServer(("0.0.0.0", {port}), Answer).serve_forever()
"""


def docker(*command: str) -> str:
    return subprocess.run(["docker", *command], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module", autouse=True)
def engine() -> None:
    needs.engine("python:3.13-slim")


@pytest.fixture(scope="module")
def real() -> Iterator[LocalHub]:
    with localhub() as hub:
        yield hub
    left = docker("ps", "--all", "--filter", "name=localhub-alice-docker-test", "--format", "{{.Names}}")
    left += docker("images", "--filter", "reference=localhub/alice-docker-test*", "--quiet")
    assert left == ""


@pytest.fixture
def api(real: LocalHub) -> HfApi:
    return HfApi(real.endpoint, token="hf_alice")


@pytest.fixture
def space(api: HfApi) -> str:
    return create(api, f"alice/docker-test-{next(_numbers)}", "docker")


def containers(space: str) -> list[str]:
    return docker("ps", "--filter", f"name=localhub-{space.replace('/', '-')}-", "--format", "{{.Names}}").split()


def await_end(space: str) -> None:
    """Returns when the Space has no container any more."""
    deadline = time.monotonic() + 30
    while left := containers(space):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def files(port: int, version: int = 1) -> dict[str, str]:
    return {
        "README.md": README.format(port=port),
        "Dockerfile": DOCKERFILE,
        "app.py": APP.format(port=port, version=version),
    }


def test_the_docker_example_is_built_and_answers(api: HfApi, space: str) -> None:
    api.add_space_variable(space, "GREETING", "Bonjour")
    commit = push_folder(api, space, EXAMPLES / "docker")
    host = running(api, space)
    assert api.get_space_runtime(space).raw["sha"] == commit
    answer = web.get(host)
    about = answer.json()
    assert (about["user"], about["built with"], about["space"]) == (1000, "Bonjour", space)
    assert "x-proxied-host" in answer.headers
    assert "Successfully built" in "".join(_read(api, space, build=True, until="Successfully tagged"))
    assert any("listening on 8080" in line for line in _read(api, space, build=False, until="listening"))


def _read(api: HfApi, space: str, *, build: bool, until: str) -> Iterator[str]:
    for line in api.fetch_space_logs(space, build=build, follow=True):
        yield line
        if until in line:
            return


@pytest.mark.parametrize("words", LAYER_GONE)
def test_a_build_whose_cached_layer_went_meanwhile_is_made_again(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The layer goes with the image of another Space. The first build fails as it then does, in the engine's words."""
    failed = f'[ "$1" = build ] && mkdir {tmp_path}/failed 2>/dev/null'
    _answer(f'if {failed}; then echo "{words}: sha256:68195e" >&2; exit 1; fi', tmp_path, monkeypatch)

    with localhub() as hub:
        api = HfApi(hub.endpoint, token="hf_alice")
        space = create(api, f"alice/docker-test-{next(_numbers)}", "docker")
        push(api, space, files(free_port()))
        running(api, space)

    assert (tmp_path / "failed").exists()


def _answer(instead: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a line of shell answer some docker commands instead of the engine."""
    (tmp_path / "docker").write_text(f'#!/bin/sh\n{instead}\nexec {shutil.which("docker")} "$@"\n')
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


def test_variables_reach_the_build_and_secrets_only_the_app(api: HfApi, space: str) -> None:
    api.add_space_variable(space, "COLOUR", "blue")
    api.add_space_secret(space, "KEY", "s3cret\nof two lines")
    push(api, space, files(free_port()))
    about = web.get(running(api, space)).json()
    environment = about["environment"]
    assert (about["user"], about["built"]) == (1000, "built blue")
    assert (environment["COLOUR"], environment["KEY"], environment["SPACE_ID"]) == (
        "blue",
        "s3cret\nof two lines",
        space,
    )
    [name] = containers(space)
    assert "s3cret" not in str(docker("inspect", "--format", "{{json .Args}}{{json .Path}}", name))
    image = docker("inspect", "--format", "{{.Image}}", name)
    assert "s3cret" not in docker("history", "--no-trunc", image)

    assert api.pause_space(space).stage == "PAUSED"
    await_end(space)
    assert api.restart_space(space).stage == "APP_STARTING"
    running(api, space)
    api.delete_repo(space, repo_type="space")
    await_end(space)


def test_a_step_that_fails_is_a_build_error_with_the_engines_words(api: HfApi, space: str) -> None:
    push_folder(api, space, EXAMPLES / "broken" / "dockerfile")
    runtime = settled(api, space)
    message = runtime.raw["errorMessage"]
    assert runtime.stage == "BUILD_ERROR"
    words = "The command '/bin/sh -c test -s site/index.html' returned a non-zero code: 1"
    assert message.startswith("Job failed with exit code: 1. Reason: ")
    assert words in message
    assert words in "".join(api.fetch_space_logs(space, build=True, follow=True))


def test_without_bridges_a_port_that_is_taken_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most engines have a bridge, and a killed run of these tests leaves one; the one here names none."""
    _answer('if [ "$1 $2" = "network ls" ]; then exit 0; fi', tmp_path, monkeypatch)
    with localhub() as hub:
        api = HfApi(hub.endpoint, token="hf_alice")
        one, other = (create(api, f"alice/docker-test-{next(_numbers)}", "docker") for _ in range(2))
        port = free_port()
        push(api, one, files(port))
        running(api, one)
        push(api, other, files(port))
        runtime = settled(api, other)
        assert runtime.stage == "RUNTIME_ERROR"
        assert f"Port {port} of this machine is taken" in runtime.raw["errorMessage"]
        assert runtime.raw["errorMessage"] in "".join(api.fetch_space_logs(other, follow=True))


@pytest.fixture
def bridge(real: LocalHub) -> Iterator[None]:
    """A network as most engines have one; here without a way out, which these tests don't need."""
    made = not docker("network", "ls", "--filter", "driver=bridge", "--quiet")
    if made:
        docker("network", "create", "localhub-test")
    yield
    if made:
        docker("network", "rm", "localhub-test")


@pytest.mark.usefixtures("bridge")
def test_with_a_bridge_spaces_share_a_port_and_a_new_commit_takes_over_without_a_gap(api: HfApi, space: str) -> None:
    other = create(api, f"alice/docker-test-{next(_numbers)}", "docker")
    for one in (space, other):
        push(api, one, files(7860))
    hosts = [running(api, one) for one in (space, other)]
    assert [web.get(host).json()["environment"]["SPACE_ID"] for host in hosts] == [space, other]
    new = push(api, space, {"app.py": APP.format(port=7860, version=2)})
    seen = []
    for runtime in runtimes(api, space):
        seen.append(runtime.stage)
        assert web.get(hosts[0]).status_code == 200
    assert seen[-3:] == ["RUNNING_BUILDING", "RUNNING_APP_STARTING", "RUNNING"]
    assert web.get(hosts[0]).json()["version"] == 2
    assert api.get_space_runtime(space).raw["sha"] == new
    for one in (space, other):
        api.pause_space(one)
        await_end(one)


def test_a_container_ends_with_localhub_even_killed(tmp_path: Path) -> None:
    with process("--port", "0", "--data", str(tmp_path)) as (server, endpoint):
        api = HfApi(endpoint, token="hf_alice")
        space = create(api, f"alice/docker-test-{next(_numbers)}", "docker")
        push(api, space, files(free_port()))
        running(api, space)
        image = docker("inspect", "--format", "{{.Config.Image}}", *containers(space))
        server.kill()
        server.wait()
    await_end(space)
    docker("rmi", image)  # a killed localhub leaves its images
