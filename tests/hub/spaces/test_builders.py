"""Spaces that are built and run for real, without a container."""

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from huggingface_hub import HfApi

from tests.kit import needs, web
from tests.kit.local import LocalHub, complaints, localhub, process
from tests.kit.space import wheels
from tests.kit.space.real import EXAMPLES, alive, create, gone, push, push_folder, running, runtimes, settled, witness

_numbers = count(1)


@pytest.fixture(scope="module")
def real() -> Iterator[LocalHub]:
    """A Hub that builds, started by somebody who has a token of the real one."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HF_TOKEN", "hf_of_the_real_hub")
        environment.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
        with localhub() as hub:
            yield hub


@pytest.fixture
def api(real: LocalHub) -> HfApi:
    return HfApi(real.endpoint, token="hf_alice")


@pytest.fixture
def gradio(api: HfApi) -> str:
    return create(api, f"alice/gradio-{next(_numbers)}", "gradio")


@pytest.fixture
def static(api: HfApi) -> str:
    return create(api, f"alice/static-{next(_numbers)}", "static")


def build_log(api: HfApi, space: str) -> str:
    """The log of a build that has ended: Spaces that are up keep the stream open."""
    lines = []
    for line in api.fetch_space_logs(space, build=True, follow=True):
        lines.append(line)
        if line == "--> done\n":
            break
    return "".join(lines)


# -- gradio -----------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_gradio_example_runs_and_answers_a_click_in_a_browser(api: HfApi, real: LocalHub, gradio: str) -> None:
    from playwright.sync_api import expect, sync_playwright  # not before: each process of pytest collects this module

    chromium = needs.browser()
    commit = push_folder(api, gradio, EXAMPLES / "gradio")
    host = running(api, gradio)
    assert api.get_space_runtime(gradio).raw["sha"] == commit
    assert web.get(host).headers["x-proxied-host"] != host
    with sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = driver.chromium.launch(executable_path=chromium, args=options)
        page = browser.new_page()
        page.goto(host)
        page.get_by_label("Name").fill("Ada")
        page.get_by_role("button", name="Greet").click()
        answer = page.get_by_label("Answer")
        expect(answer).to_have_value("Hello, Ada!", timeout=20_000)
        page.get_by_role("button", name="Count to five").click()
        expect(answer).to_have_value("1 2 3 4 5", timeout=20_000)
        browser.close()
    command = [str(Path(sys.executable).with_name("hf")), "spaces", "logs", gradio, "--token", "hf_alice"]
    logs = subprocess.run(command, env={"HF_ENDPOINT": real.endpoint}, capture_output=True, text=True, check=True)
    assert "Hello Ada" in logs.stdout


def test_an_app_finds_what_the_hub_tells_it_and_nothing_of_localhubs(api: HfApi, gradio: str) -> None:
    api.add_space_variable(gradio, "MODEL", "tiny")
    api.add_space_secret(gradio, "KEY", "s3cret")
    readme = "---\ntitle: The Witness\nsdk: gradio\n---\n"
    push(api, gradio, {**witness(), "README.md": readme})
    host = running(api, gradio)
    about = web.get(host).json()
    environment = about["environment"]
    told = {key: environment.get(key) for key in ("SPACE_ID", "SPACE_TITLE", "SPACE_HOST", "MODEL", "KEY")}
    assert told == {
        "SPACE_ID": gradio,
        "SPACE_TITLE": "The Witness",
        "SPACE_HOST": host.removeprefix("http://"),
        "MODEL": "tiny",
        "KEY": "s3cret",
    }
    assert (environment["SPACE_AUTHOR_NAME"], environment["SPACE_REPO_NAME"]) == tuple(gradio.split("/"))
    assert environment["GRADIO_SERVER_NAME"] == "127.0.0.1"
    assert about["folder"].endswith("/home/user/app")
    assert "hf_of_the_real_hub" not in str(environment)
    assert environment["HOME"] == str(Path(about["folder"]).parent)


def test_the_old_app_answers_until_the_new_one_is_up(api: HfApi, gradio: str) -> None:
    old = push(api, gradio, witness())
    host = running(api, gradio)
    first = web.get(host).json()
    new = push(api, gradio, {"version": "2"})
    seen = []
    for runtime in runtimes(api, gradio):
        seen.append((runtime.stage, runtime.raw["sha"]))
        assert web.get(host).status_code == 200
    assert seen[-3:] == [("RUNNING_BUILDING", old), ("RUNNING_APP_STARTING", old), ("RUNNING", new)]
    assert web.get(host).json()["version"] == "2"
    assert gone(*first["pids"])


def test_restart_pause_sleep_and_the_end_of_an_app(api: HfApi, gradio: str) -> None:
    push(api, gradio, witness())
    host = running(api, gradio)
    first, log = web.get(host).json(), build_log(api, gradio)

    assert api.restart_space(gradio).stage == "APP_STARTING"
    running(api, gradio)
    second = web.get(host).json()
    assert gone(*first["pids"])
    assert second["fresh"]  # what the app had written is gone
    assert build_log(api, gradio) == log

    api.pause_space(gradio)
    assert gone(*second["pids"])
    assert web.get(host).status_code == 503
    api.restart_space(gradio)
    running(api, gradio)

    api.request_space_hardware(gradio, "t4-small", sleep_time=1)
    running(api, gradio)
    third = web.get(host).json()
    assert gone(*third["pids"])
    assert api.get_space_runtime(gradio).stage == "SLEEPING"
    assert web.get(host).status_code == 503  # and wakes it
    api.set_space_sleep_time(gradio, 1000)
    running(api, gradio)
    fourth = web.get(host).json()

    assert api.restart_space(gradio, factory_reboot=True).stage == "BUILDING"
    running(api, gradio)
    assert gone(*fourth["pids"])
    assert build_log(api, gradio) != log

    web.get(f"{host}/crash")
    while (runtime := api.get_space_runtime(gradio)).stage == "RUNNING":
        time.sleep(0.02)
    assert runtime.stage == "RUNTIME_ERROR"
    assert runtime.raw["errorMessage"].startswith("Exit code: 3. Reason: ready\n")
    assert runtime.raw["errorMessage"].endswith("going down\n")


def test_a_newer_commit_ends_the_build_of_the_older_one(api: HfApi, gradio: str, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    setup = f"import os, pathlib, time\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\ntime.sleep(600)\n"
    slow = {"requirements.txt": "./slow", "slow/setup.py": setup}
    push(api, gradio, {**witness(), **slow})
    while not (pid.exists() and pid.read_text()):
        assert api.get_space_runtime(gradio).stage == "BUILDING"
        time.sleep(0.05)
    builder = int(pid.read_text())
    assert alive(builder)
    newer = push(api, gradio, {"requirements.txt": wheels.requirements()})
    running(api, gradio)
    assert api.get_space_runtime(gradio).raw["sha"] == newer
    assert gone(builder)


def test_a_deleted_space_leaves_no_process(api: HfApi, gradio: str) -> None:
    push(api, gradio, witness())
    about = web.get(running(api, gradio)).json()
    api.delete_repo(gradio, repo_type="space")
    assert gone(*about["pids"])


def test_an_app_ends_with_localhub_however_that_ends_and_starts_again_with_it(tmp_path: Path) -> None:
    data = ("--port", "0", "--data", str(tmp_path))
    with process(*data) as (server, endpoint):
        api = HfApi(endpoint, token="hf_alice")
        push(api, create(api, "alice/app", "gradio"), witness())
        first = web.get(running(api, "alice/app")).json()
        server.kill()
        server.wait()
    assert gone(*first["pids"])
    with process(*data) as (server, endpoint):
        api = HfApi(endpoint, token="hf_alice")
        second = web.get(running(api, "alice/app")).json()
        assert second["version"] == "1"
        server.terminate()
        _, errors = server.communicate(timeout=20)
    assert complaints(errors) == []
    assert gone(*second["pids"], seconds=0)
    assert list((tmp_path / "building").iterdir()) == []


# -- what goes wrong --------------------------------------------------------------------------------------------------


class Ended(NamedTuple):
    """How an example ends: the stage, how its message begins, words in it, and the log that has them too."""

    example: str
    stage: str
    starts: str
    contains: str
    log: str


@pytest.mark.parametrize(
    "case",
    [
        Ended(
            example="requirement",
            stage="BUILD_ERROR",
            starts="Job failed with exit code: 1. Reason: ",
            contains="no version of requests==999.0.0",
            log="build",
        ),
        Ended(
            example="crash",
            stage="RUNTIME_ERROR",
            starts="Exit code: 1. Reason: Traceback (most recent call last):",
            contains="'catalogue.json'",
            log="run",
        ),
        Ended(
            example="deaf",
            stage="RUNTIME_ERROR",
            starts="Launch timed out, workload was not healthy after 0.05 min",
            contains="",
            log="",
        ),
    ],
    ids=lambda case: case.example,
)
def test_the_broken_examples_end_as_on_the_hub(case: Ended, api: HfApi, gradio: str) -> None:
    push_folder(api, gradio, EXAMPLES / "broken" / case.example)
    runtime = settled(api, gradio)
    message = runtime.raw["errorMessage"]
    assert (runtime.stage, message[: len(case.starts)]) == (case.stage, case.starts)
    assert case.contains in message
    if case.log:
        assert case.contains in "".join(api.fetch_space_logs(gradio, build=case.log == "build", follow=True))
    assert web.get(api.space_info(gradio).host).status_code == 503


def test_a_version_of_gradio_that_is_asked_for_is_asked_of_the_index(api: HfApi, gradio: str) -> None:
    readme = '---\nsdk: gradio\nsdk_version: "999.1"\n---\n'
    push(api, gradio, {"README.md": readme, "app.py": "", "pre-requirements.txt": "six"})
    assert "gradio[oauth]==999.1" in settled(api, gradio).raw["errorMessage"]
    assert "+ six==" in build_log(api, gradio)


def test_a_requirement_is_installed_in_one_command_with_what_the_hub_adds(api: HfApi, gradio: str) -> None:
    readme = "---\nsdk: gradio\nsdk_version: 5.49.1\n---\n"
    push(api, gradio, {"README.md": readme, "app.py": "", "requirements.txt": "websockets<10\n"})
    assert settled(api, gradio).stage == "BUILD_ERROR"
    assert "-r requirements.txt gradio[oauth,mcp]==5.49.1 uvicorn>=0.14.0 websockets>=10.4 spaces" in build_log(
        api, gradio
    )


@pytest.mark.parametrize(
    ("files", "stage", "message"),
    [
        ({"main.py": ""}, "NO_APP_FILE", None),
        ({"app.py": "", "README.md": "# Nothing"}, "CONFIG_ERROR", "Missing configuration in README"),
    ],
)
@pytest.mark.filterwarnings("ignore:Warnings while validating metadata")
def test_what_can_not_be_built_is_not_tried(
    api: HfApi, gradio: str, files: dict[str, str], stage: str, message: str | None
) -> None:
    before = api.get_space_runtime(gradio).raw
    push(api, gradio, files)
    runtime = settled(api, gradio)
    assert (runtime.stage, runtime.raw.get("errorMessage")) == (stage, message), before
    assert build_log(api, gradio) == ""


def test_a_secret_and_a_variable_of_one_name(api: HfApi, gradio: str) -> None:
    api.add_space_secret(gradio, "KEY", "a")
    api.add_space_variable(gradio, "KEY", "b")
    push(api, gradio, {"app.py": ""})
    runtime = settled(api, gradio)
    assert (runtime.stage, runtime.raw["errorMessage"]) == ("CONFIG_ERROR", "Collision on variables and secrets names")


def test_without_an_engine_a_docker_space_says_so(api: HfApi) -> None:
    space = create(api, "alice/engineless", "docker")
    push_folder(api, space, EXAMPLES / "docker")
    runtime = settled(api, space)
    assert runtime.stage == "BUILD_ERROR"
    assert runtime.raw["errorMessage"].startswith("This localhub has no Docker engine to build with.")
    assert runtime.raw["errorMessage"] in build_log(api, space)


# -- static -----------------------------------------------------------------------------------------------------------


def page(host: str) -> str:
    return web.get(host, follow_redirects=True).text


BUILT = "---\nsdk: static\napp_build_command: sh make.sh\napp_file: dist/index.html\n---\n"
MAKE = "mkdir -p dist/assets && echo \"made of $NAME\" > dist/index.html && echo 'body {}' > dist/assets/app.css"


def test_a_static_space_serves_what_its_build_command_made(api: HfApi, static: str) -> None:
    api.add_space_variable(static, "NAME", "paper")
    push(api, static, {"README.md": BUILT, "make.sh": MAKE})
    host = running(api, static)
    assert web.get(host).headers["location"] == "/dist/index.html"
    assert page(host).endswith("made of paper\n")
    assert web.get(f"{host}/dist/assets/app.css").text == "body {}\n"
    assert web.get(f"{host}/assets/app.css").text == "body {}\n"
    assert web.get(f"{host}/make.sh").status_code == 404
    assert "sh make.sh" in build_log(api, static)
    assert [ref.ref for ref in api.list_repo_refs(static, repo_type="space").converts] == ["refs/convert/build"]
    assert "dist/index.html" not in api.list_repo_files(static, repo_type="space")


def test_a_static_space_goes_on_while_its_next_page_is_built(api: HfApi, static: str, tmp_path: Path) -> None:
    push(api, static, {"README.md": BUILT, "make.sh": MAKE})
    host = running(api, static)
    gate = tmp_path / "gate"
    push(api, static, {"make.sh": f"until [ -e {gate} ]; do sleep 0.05; done; mkdir dist; echo two > dist/index.html"})
    while api.get_space_runtime(static).stage != "RUNNING_BUILDING":
        time.sleep(0.02)
    assert "made of" in page(host)
    gate.touch()
    running(api, static)
    assert page(host).endswith("two\n")


@pytest.mark.parametrize(
    ("script", "stage", "message"),
    [
        ("echo no such module; exit 7", "BUILD_ERROR", "Job failed with exit code: 7. Reason: no such module\n"),
        ("true", "NO_APP_FILE", None),
    ],
)
def test_a_build_command_that_makes_no_page(
    api: HfApi, static: str, script: str, stage: str, message: str | None
) -> None:
    push(api, static, {"README.md": BUILT, "make.sh": script})
    runtime = settled(api, static)
    assert (runtime.stage, runtime.raw.get("errorMessage")) == (stage, message)
