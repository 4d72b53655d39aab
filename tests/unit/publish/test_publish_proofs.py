"""What was done is proved by what the Hub then shows: settings by reading them, a rollback by the content of each file."""

from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan.settings import apply, differences
from hfspace_action.publish import confirmation, rollback
from hfspace_action.publish.rollback import Way
from hfspace_action.space import Space
from hfspace_action.workflow.run import Source
from tests.kit.local import LocalHub, localhub

_numbers = count(1)


@pytest.fixture(scope="module")
def local() -> Iterator[LocalHub]:
    with localhub("--simulate") as hub:
        yield hub


@pytest.fixture
def hub(local: LocalHub) -> Iterator[Hub]:
    yield Hub(local.endpoint, "hf_alice", Retries(print, lambda _: None))
    local.forget()


@pytest.fixture
def api(local: LocalHub) -> HfApi:
    return HfApi(local.endpoint, token="hf_alice")


@pytest.fixture
def space(api: HfApi, local: LocalHub) -> Iterator[str]:
    name = f"alice/proved-{next(_numbers)}"
    api.create_repo(name, repo_type="space", space_sdk="docker")
    api.add_space_variable(name, "OLD", "1")
    yield name
    local.vary(of=name)


def change(hub: Hub, space: str, **wanted: Any) -> None:
    """Change settings as a deploy does."""
    inputs = Inputs(space=space, hf_token="hf_alice", **wanted)
    there = hub.space(space)
    assert there is not None
    changes = differences.wanted(hub, inputs, space, there, "docker")
    apply.make(hub, there, changes, done=lambda _: None)
    confirmation.confirm(hub, inputs, space, changes)


EVERYTHING: dict[str, Any] = {
    "visibility": "private", "hardware": "t4-small", "sleep_time": 3600, "variables": {"A": "1"}, "secrets": {"S": "x"},
    "prune_settings": True,
}  # fmt: skip


def test_settings_that_hold_are_confirmed(hub: Hub, space: str) -> None:
    change(hub, space, **EVERYTHING)


@pytest.mark.parametrize("kind", ["variables", "secrets"])
def test_what_the_hub_did_not_name_when_it_was_to_be_removed_is_named(
    kind: str, local: LocalHub, hub: Hub, api: HfApi, space: str
) -> None:
    api.add_space_secret(space, "OLD_KEY", "x")
    local.fault(method="GET", path=f"/api/spaces/{space}/{kind}", kind="mangle", how="missing", times=1)

    with pytest.raises(Failure) as caught:
        change(hub, space, **EVERYTHING)

    assert caught.value.id == "settings-not-confirmed"
    assert {"variables": "variable OLD", "secrets": "secret OLD_KEY"}[kind] in caught.value.message


class Yes(NamedTuple):
    """What is asked for, by which route, the body of the yes, and what is named as not confirmed."""

    route: str
    wanted: dict[str, Any]
    body: dict[str, Any]
    named: str


@pytest.mark.parametrize(
    "yes",
    [
        Yes("/settings", {"visibility": "private"}, {}, "visibility"),
        Yes("/hardware", {"hardware": "t4-small"}, {"stage": "RUNNING"}, "hardware"),
        Yes("/variables", {"variables": {"A": "1"}}, {}, "variable A"),
        Yes("/variables", {"prune_settings": True}, {}, "variable OLD"),
        Yes("/secrets", {"secrets": {"S": "x"}}, {}, "secret S"),
    ],
    ids=lambda yes: yes.named,
)
def test_a_yes_that_changed_nothing_is_no_change(yes: Yes, local: LocalHub, hub: Hub, space: str) -> None:
    route, wanted, body, named = yes
    for method in ("PUT", "POST", "DELETE"):
        local.fault(method=method, path=f"/api/spaces/{space}{route}", kind="status", status=200, body=body)

    with pytest.raises(Failure) as caught:
        change(hub, space, **wanted)

    assert caught.value.id == "settings-not-confirmed"
    assert caught.value.message.endswith(f"does not show them: {named}.")


@pytest.mark.parametrize("kind", ["public", "private", "protected"])
@pytest.mark.parametrize("variants", [["no-visibility"], ["no-visibility", "protected-is-private"]])
def test_who_may_see_a_space_is_known_or_not_said(
    variants: list[str], kind: str, local: LocalHub, hub: Hub, api: HfApi, space: str
) -> None:
    api.update_repo_settings(space, repo_type="space", visibility=kind)  # type: ignore[arg-type]
    local.vary(*variants, of=space)

    assert hub.describe(space).visibility == ("public" if kind == "public" else None)

    hub.settings.set_visibility(space, kind)
    assert hub.describe(space).visibility == kind, "as the Hub answered"


OLD = {"app.py": b"print(1)\n", "data/a.txt": b"a\n", "model.bin": b"large"}
NEW = {"app.py": b"print(2)\n", "data/a.txt": b"b\n", "model.bin": b"other"}


@pytest.fixture
def commits(api: HfApi, space: str) -> list[str]:
    made = []
    for files in (OLD, NEW):
        added = [CommitOperationAdd(path, content) for path, content in files.items()]
        made.append(api.create_commit(space, added, repo_type="space", commit_message="Files").oid)
    return made


def tree(api: HfApi, space: str, revision: str) -> dict[str, str]:
    listed = api.list_repo_tree(space, repo_type="space", recursive=True, revision=revision)
    return {each.path: each.blob_id for each in listed if hasattr(each, "blob_id")}


WRONG = [
    pytest.param({"kind": "html", "status": 200}, id="a page"),
    pytest.param({"kind": "status", "status": 200, "body": {}}, id="JSON"),
    pytest.param({"kind": "cut"}, id="half of it"),
]


@pytest.mark.parametrize("fault", WRONG)
def test_a_file_that_comes_wrongly_is_not_committed(
    fault: dict[str, Any], local: LocalHub, hub: Hub, api: HfApi, space: str, commits: list[str]
) -> None:
    local.fault(method="GET", path=f"/spaces/{space}/resolve/", **fault)

    with pytest.raises(Failure):
        rollback.roll_back(
            hub, Way(space, commits[1], commits[0]), rollback.message(commits[0], Source().description), [commits[0]]
        )

    assert api.space_info(space).sha == commits[1]


@pytest.mark.parametrize("fault", WRONG)
def test_a_file_that_comes_wrongly_once_is_read_again(
    fault: dict[str, Any], local: LocalHub, hub: Hub, api: HfApi, space: str, commits: list[str]
) -> None:
    local.fault(method="GET", path=f"/spaces/{space}/resolve/", times=1, **fault)

    made = rollback.roll_back(
        hub, Way(space, commits[1], commits[0]), rollback.message(commits[0], Source().description), [commits[0]]
    )

    assert tree(api, space, made.sha) == tree(api, space, commits[0])


def test_folders_and_files_in_each_others_place_come_back(hub: Hub, api: HfApi, space: str) -> None:
    before = {"a/deep/1.txt": b"1", "a/deep/2/3.txt": b"3", "b": b"a file", "c/x.txt": b"x", "same.txt": b"s"}
    after = {"a": b"a file now", "b/inside.txt": b"a folder now", "same.txt": b"s", "new/file.txt": b"n"}
    made = []
    for files, gone in ((before, {}), (after, before)):
        removed = [CommitOperationDelete(path) for path in gone if path not in files]
        added = [CommitOperationAdd(path, content) for path, content in files.items()]
        made.append(api.create_commit(space, [*removed, *added], repo_type="space", commit_message="Files").oid)

    back = rollback.roll_back(
        hub, Way(space, made[1], made[0]), rollback.message(made[0], Source().description), [made[0]]
    )

    assert tree(api, space, back.sha) == tree(api, space, made[0])


class Before(NamedTuple):
    """How the Space stood before a deploy, and why there is then nothing to go back to."""

    reason: str
    sdk: str = "docker"
    stage: str = "RUNNING"
    head: str = "a" * 40
    ran: str | None = "a" * 40


@pytest.mark.parametrize(
    "before",
    [
        Before("its stage was BUILD_ERROR", stage="BUILD_ERROR"),
        Before("did not say which commit ran", ran=None),
        Before("is the one that ran there before", ran="d" * 40),
        Before("is the one that ran there before", sdk="static", head="d" * 40, ran=None),
    ],
    ids=lambda before: f"{before.sdk}, {before.reason}",
)
def test_there_is_nothing_to_go_back_to(before: Before) -> None:
    space = Space(
        id="alice/x", url="", head=before.head, stage=before.stage, runtime_sha=before.ran, sdk=before.sdk, error_message=None,
        host=None, visibility=None, hardware=None, requested_hardware=None, sleep_time=None, dev_mode=False,
    )  # fmt: skip

    with pytest.raises(Failure, match=before.reason) as caught:
        rollback.target(space, "d" * 40)

    assert caught.value.id == "rollback-impossible"


def test_the_first_deploy_has_nothing_to_go_back_to() -> None:
    with pytest.raises(Failure, match="first deploy"):
        rollback.target(None, "d" * 40)


@pytest.mark.parametrize(
    ("content", "read"),
    [(b"---\n", "---\n"), (b"---\n\xff", None), (b"---\n" + b"y" * 1_500_000, "---\n" + "y" * (1024 * 1024 - 4))],
)
def test_a_readme_of_the_space_is_read_as_far_as_it_is_text(
    hub: Hub, api: HfApi, space: str, content: bytes, read: str | None
) -> None:
    head = api.upload_file(path_or_fileobj=content, path_in_repo="README", repo_id=space, repo_type="space").oid

    assert hub.git.read_card(space, head, "README") == read
    assert hub.git.read_card(space, head, "missing") is None


def test_reading_a_readme_that_the_hub_refuses_is_a_failure(local: LocalHub, hub: Hub, space: str) -> None:
    local.fault(method="GET", path=f"/spaces/{space}/resolve/", kind="status", status=403)

    with pytest.raises(Failure) as caught:
        hub.git.read_card(space, "main", "README.md")

    assert caught.value.id == "forbidden"


def test_a_length_of_sleep_alone_is_changed_and_confirmed(hub: Hub, api: HfApi, space: str) -> None:
    api.request_space_hardware(space, "t4-small", sleep_time=600)  # type: ignore[arg-type]

    change(hub, space, hardware="t4-small", sleep_time=3600)

    assert api.get_space_runtime(space).sleep_time == 3600
