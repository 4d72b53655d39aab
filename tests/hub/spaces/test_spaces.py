"""A Space's life as the official client sees it."""

import time
from collections.abc import Callable, Iterator

import pytest
from huggingface_hub import HfApi, SpaceRuntime
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from tests.kit.local import LocalHub

Push = Callable[..., str]
DOCKERFILE = {"Dockerfile": "FROM scratch\n"}


def stages(api: HfApi, space: str, until: str, seconds: float = 10) -> list[tuple[str, str | None]]:
    """The (stage, sha) pairs that a quick watcher sees until a stage comes, without repetitions."""
    seen: list[tuple[str, str | None]] = []
    deadline = time.monotonic() + seconds
    while not seen or seen[-1][0] != until:
        assert time.monotonic() < deadline, seen
        runtime = api.get_space_runtime(space)
        now = runtime.stage, runtime.raw.get("sha")
        if seen[-1:] != [now]:
            seen.append(now)
        time.sleep(0.02)
    return seen


def running(api: HfApi, space: str) -> SpaceRuntime:
    runtime = api.wait_for_space(space, timeout=10, poll_interval=0.05)
    assert runtime.stage == "RUNNING", runtime
    return runtime


def test_a_new_space_has_a_readme_and_no_app(api: HfApi, docker: str) -> None:
    info = api.space_info(docker)
    assert {sibling.rfilename for sibling in info.siblings} == {".gitattributes", "README.md"}
    assert (info.sdk, info.card_data.sdk, info.runtime.stage) == ("docker", "docker", "NO_APP_FILE")


def test_a_first_build_reports_no_commit_until_it_runs(api: HfApi, docker: str, push: Push) -> None:
    commit = push(docker, DOCKERFILE)
    assert stages(api, docker, "RUNNING") == [("BUILDING", None), ("APP_STARTING", None), ("RUNNING", commit)]


def test_a_second_build_keeps_the_old_commit_until_the_new_one_runs(api: HfApi, docker: str, push: Push) -> None:
    old = push(docker, DOCKERFILE)
    running(api, docker)
    new = push(docker, {"app.py": "print()"})
    expected = [("RUNNING_BUILDING", old), ("RUNNING_APP_STARTING", old), ("RUNNING", new)]
    assert stages(api, docker, "RUNNING") == expected


def test_a_newer_commit_ends_the_build_of_the_older_one(api: HfApi, docker: str, push: Push) -> None:
    push(docker, DOCKERFILE)
    newer = push(docker, {"b": "2"})
    assert running(api, docker).raw["sha"] == newer


def test_the_runtime_while_building_is_as_recorded_from_the_hub(
    api: HfApi, hub: LocalHub, docker: str, push: Push
) -> None:
    hub.script(docker, {"stage": "BUILDING"})
    push(docker, DOCKERFILE)
    domain = api.space_info(docker).host.removeprefix("http://")
    assert api.get_space_runtime(docker).raw == {
        "stage": "BUILDING",
        "hardware": {"current": None, "requested": "cpu-basic"},
        "storage": None,
        "gcTimeout": 172800,
        "replicas": {"requested": 1},
        "devMode": False,
        "domains": [{"domain": domain, "stage": "READY"}],
    }


def test_the_runtime_of_a_static_space_is_as_recorded_from_the_hub(api: HfApi, static: str, push: Push) -> None:
    push(static, {"index.html": "hello"})
    assert running(api, static).raw == {
        "stage": "RUNNING",
        "hardware": {"current": None, "requested": None},
        "storage": None,
        "replicas": {"requested": 1, "current": 1},
    }


def test_info_expands_what_is_asked_and_no_more(api: HfApi, docker: str) -> None:
    info = api.space_info(docker, expand=["sha", "runtime"])
    assert info.sha == api.space_info(docker).sha
    assert info.runtime.stage == "NO_APP_FILE"
    assert (info.author, info.siblings) == (None, None)


def test_info_does_not_expand_the_host(api: HfApi, docker: str) -> None:
    with pytest.raises(BadRequestError, match="expand"):
        api.space_info(docker, expand=["host"])


def test_info_tells_all(api: HfApi, docker: str) -> None:
    info = api.space_info(docker, files_metadata=True)
    assert (info.id, info.author, info.private, info.disabled) == (docker, "alice", False, False)
    assert info.subdomain == docker.replace("/", "-")
    assert info.host.startswith("http://127.0.0.1:")
    assert info.created_at <= info.last_modified or info.created_at.replace(microsecond=0) == info.last_modified
    assert all(sibling.size and sibling.blob_id for sibling in info.siblings)


def test_info_of_an_older_revision(api: HfApi, docker: str, push: Push) -> None:
    first = api.space_info(docker).sha
    push(docker, DOCKERFILE)
    info = api.space_info(docker, revision=first)
    assert info.sha == first
    assert "Dockerfile" not in {sibling.rfilename for sibling in info.siblings}


def test_an_app_file_that_is_missing(api: HfApi, static: str, push: Push) -> None:
    push(static, {"page.html": "not the index"})
    assert stages(api, static, "NO_APP_FILE")


def test_a_readme_without_front_matter(api: HfApi, docker: str, push: Push) -> None:
    with pytest.warns(UserWarning, match="metadata"):
        push(docker, DOCKERFILE | {"README.md": "# No front matter"})
    stages(api, docker, "CONFIG_ERROR")
    assert api.get_space_runtime(docker).raw["errorMessage"] == "Missing configuration in README"


def test_a_secret_and_a_variable_of_one_name(api: HfApi, docker: str, push: Push) -> None:
    api.add_space_secret(docker, "KEY", "a")
    api.add_space_variable(docker, "KEY", "b")
    push(docker, DOCKERFILE)
    stages(api, docker, "CONFIG_ERROR")
    assert api.get_space_runtime(docker).raw["errorMessage"] == "Collision on variables and secrets names"


def test_the_readme_decides_the_sdk(api: HfApi, docker: str, push: Push) -> None:
    push(docker, {"README.md": "---\nsdk: static\n---\n", "index.html": "now static"})
    running(api, docker)
    assert api.space_info(docker).sdk == "static"


def test_a_paused_space_stays_paused_until_it_is_restarted(api: HfApi, docker: str, push: Push) -> None:
    push(docker, DOCKERFILE)
    assert api.pause_space(docker).stage == "PAUSED"
    newer = push(docker, {"b": "2"})
    assert api.get_space_runtime(docker).stage == "PAUSED"
    assert api.restart_space(docker).stage == "BUILDING"
    assert running(api, docker).raw["sha"] == newer


def test_a_restart_of_what_is_built_does_not_build_and_a_factory_reboot_does(
    api: HfApi, docker: str, push: Push
) -> None:
    push(docker, DOCKERFILE)
    running(api, docker)
    assert api.restart_space(docker).stage == "APP_STARTING"
    running(api, docker)
    assert api.restart_space(docker, factory_reboot=True).stage == "BUILDING"


def test_a_static_space_is_neither_restarted_nor_paused(api: HfApi, static: str) -> None:
    for change in [api.restart_space, api.pause_space]:
        with pytest.raises(BadRequestError):
            change(static)


def test_hardware_and_sleep_time(api: HfApi, docker: str, push: Push) -> None:
    push(docker, DOCKERFILE)
    running(api, docker)
    runtime = api.request_space_hardware(docker, "t4-small", sleep_time=3600)
    assert (runtime.stage, runtime.requested_hardware, runtime.sleep_time) == ("APP_STARTING", "t4-small", 3600)
    assert running(api, docker).hardware == "t4-small"
    assert api.set_space_sleep_time(docker, 7200).sleep_time == 7200
    assert api.set_space_sleep_time(docker, -1).sleep_time is None
    with pytest.raises(BadRequestError, match="flavor"):
        api.request_space_hardware(docker, "abacus")


def test_secrets_are_listed_without_their_values(api: HfApi, docker: str) -> None:
    api.add_space_secret(docker, "TOKEN", "s3cret", description="for the model")
    listed = api.get_space_secrets(docker)
    assert {key: secret.description for key, secret in listed.items()} == {"TOKEN": "for the model"}
    assert "s3cret" not in str(listed)
    api.delete_space_secret(docker, "TOKEN")
    api.delete_space_secret(docker, "TOKEN")
    assert api.get_space_secrets(docker) == {}


def test_variables_are_listed_with_their_values(api: HfApi, docker: str) -> None:
    assert api.get_space_variables(docker) == {}
    api.add_space_variable(docker, "MODEL", "tiny", description="which one")
    changed = api.add_space_variable(docker, "MODEL", "huge")
    assert (changed["MODEL"].value, changed["MODEL"].description) == ("huge", "which one")
    assert changed["MODEL"].updated_at is not None
    assert api.delete_space_variable(docker, "MODEL") == {}


def test_secrets_and_variables_given_at_creation(api: HfApi, name: str) -> None:
    api.create_repo(
        name,
        repo_type="space",
        space_sdk="docker",
        space_hardware="cpu-upgrade",
        space_sleep_time=600,
        space_secrets=[{"key": "S", "value": "1"}],
        space_variables=[{"key": "V", "value": "2"}],
    )
    assert api.get_space_secrets(name).keys() == {"S"}
    assert api.get_space_variables(name)["V"].value == "2"
    runtime = api.get_space_runtime(name)
    assert (runtime.requested_hardware, runtime.sleep_time) == ("cpu-upgrade", 600)


@pytest.mark.parametrize("key", ["1ST", "A-B", "", "Ä"])
def test_a_key_that_is_no_name_is_refused(api: HfApi, docker: str, key: str) -> None:
    with pytest.raises(BadRequestError, match="pattern"):
        api.add_space_variable(docker, key, "x")


def test_a_change_of_variables_starts_the_app_again(api: HfApi, docker: str, push: Push) -> None:
    push(docker, DOCKERFILE)
    running(api, docker)
    api.add_space_variable(docker, "A", "1")
    assert api.get_space_runtime(docker).stage == "APP_STARTING"


def test_logs_of_others_are_refused(docker: str, endpoint: str) -> None:
    with pytest.raises(HfHubHTTPError) as error:
        list(HfApi(endpoint, token="hf_bob").fetch_space_logs(docker))
    assert error.value.response.status_code == 403


def test_build_and_run_logs_follow_the_space(api: HfApi, docker: str, push: Push) -> None:
    commit = push(docker, DOCKERFILE)
    build, run = (iter(api.fetch_space_logs(docker, build=b, follow=True)) for b in (True, False))
    assert f"Commit SHA: {commit[:7]}" in next(build)
    assert "Application Startup" in next(run)  # comes later: the stream waits for it
    assert api.get_space_runtime(docker).stage == "RUNNING"
    _close(build, run)


def test_a_log_is_given_from_its_start_to_every_reader(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    hub.script(docker, {"stage": "BUILD_ERROR", "build_log": "one\ntwo\nthree"})
    push(docker, DOCKERFILE)
    for follow in (False, True):
        assert list(api.fetch_space_logs(docker, build=True, follow=follow)) == ["one\n", "two\n", "three\n"]


def test_a_followed_log_ends_with_the_build_that_failed(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    hub.script(
        docker,
        {"stage": "BUILDING", "build_log": "compiling\n"},
        {"after": 0.3, "stage": "BUILD_ERROR", "build_log": "no such package\n"},
    )
    push(docker, DOCKERFILE)
    assert list(api.fetch_space_logs(docker, build=True, follow=True)) == ["compiling\n", "no such package\n"]


def _close(*streams: Iterator[str]) -> None:
    for stream in streams:
        stream.close()  # type: ignore[attr-defined]
