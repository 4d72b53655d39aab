"""`command: delete`: gone for good if it was meant, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from tests.kit.local import LocalHub
from tests.kit.step.action import REPOSITORY, Step, deploy


@pytest.fixture
def existing(api: HfApi, hub: LocalHub, space: str) -> str:
    """A private static Space of alice's."""
    api.create_repo(space, repo_type="space", space_sdk="static", visibility="private")
    hub.forget()
    return space


def run(workspace: Path, hub: LocalHub, space: str, *, env: dict[str, str] | None = None, **inputs: str) -> Step:
    workspace.mkdir(exist_ok=True)
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return deploy(workspace, hub.endpoint, {"command": "delete", "space": space, **given}, env=env)


def asked_to_delete(hub: LocalHub) -> int:
    return sum(request["method"] == "DELETE" for request in hub.requests())


def test_a_space_is_deleted_and_a_second_time_is_fine(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    head = api.space_info(existing).sha

    first = run(workspace, hub, existing, confirm=existing)
    there = api.repo_exists(existing, repo_type="space")
    second = run(workspace, hub, existing, confirm=existing)

    assert (first.exit_code, first.outputs["result"], first.outputs["changed"]) == (0, "deleted", "true"), first.log
    assert not there
    assert (first.outputs["space-id"], first.outputs["commit-sha"]) == (existing, head)
    assert first.outputs["visibility"] == "private"
    assert first.outputs["app-url"] == first.outputs["space-url"] == "", "they lead nowhere now"
    assert f"private, static, stage {first.outputs['stage']}, commit {str(head)[:12]}" in first.summary
    assert (second.exit_code, second.outputs["result"], second.outputs["changed"]) == (0, "deleted", "false"), (
        second.log
    )
    assert f"{existing} is not there, so nothing was deleted" in second.summary


@pytest.mark.parametrize(
    "confirm",
    [
        pytest.param("", id="nothing"),
        pytest.param("alice/another", id="another Space"),
        pytest.param("SPACE-ONLY", id="only the name"),
        pytest.param("UPPER", id="another case"),
        pytest.param("true", id="yes"),
    ],
)
def test_a_confirmation_that_does_not_name_the_space_is_refused(
    confirm: str, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    confirm = {"SPACE-ONLY": existing.partition("/")[2], "UPPER": existing.upper()}.get(confirm, confirm)

    step = run(workspace, hub, existing, confirm=confirm)

    assert (step.exit_code, step.outputs["error"]) == (1, "not-confirmed"), step.log
    assert f"confirm: {existing}" in step.log
    assert asked_to_delete(hub) == 0
    assert api.repo_exists(existing, repo_type="space")


def test_a_confirmation_is_compared_with_the_name_as_the_hub_spells_it(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    spelled = existing.upper()

    refused = run(workspace, hub, spelled, confirm=spelled)
    step = run(workspace, hub, spelled, confirm=existing)

    assert (refused.exit_code, refused.outputs["error"]) == (1, "not-confirmed"), refused.log
    assert (step.exit_code, step.outputs["space-id"]) == (0, existing), step.log
    assert not api.repo_exists(existing, repo_type="space")


def test_a_misspelt_space_is_refused_though_it_is_not_there(hub: LocalHub, existing: str, workspace: Path) -> None:
    step = run(workspace, hub, f"{existing}x", confirm=existing)

    assert (step.exit_code, step.outputs["error"]) == (1, "not-confirmed"), step.log


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_a_space_of_another_namespace_is_refused(visibility: Any, hub: LocalHub, space: str, workspace: Path) -> None:
    bob = HfApi(hub.endpoint, token="hf_bob")
    name = f"bob/{space.partition('/')[2]}"
    bob.create_repo(name, repo_type="space", space_sdk="static", visibility=visibility)

    step = run(workspace, hub, name, confirm=name)

    assert (step.exit_code, step.outputs["error"]) == (1, "no-write-access"), step.log
    assert "'alice' is neither 'bob' nor a member of it" in step.log
    assert bob.repo_exists(name, repo_type="space")


@pytest.mark.parametrize(
    ("token", "error"),
    [
        pytest.param("hf_alice_read", "no-write-access", id="read-only"),
        pytest.param("hf_unknown", "token-refused", id="unknown"),
    ],
)
def test_a_token_that_may_not_is_refused(
    token: str, error: str, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    step = run(workspace, hub, existing, confirm=existing, hf_token=token)

    assert (step.exit_code, step.outputs["error"]) == (1, error), step.log
    assert asked_to_delete(hub) == 0
    assert api.repo_exists(existing, repo_type="space")


def test_a_trusted_publisher_is_refused(hub: LocalHub, api: HfApi, existing: str, workspace: Path) -> None:
    step = run(workspace, hub, existing, confirm=existing, hf_token="", env=hub.job(REPOSITORY))

    assert (step.exit_code, step.outputs["error"]) == (1, "publisher-not-enough"), step.log
    assert api.repo_exists(existing, repo_type="space")


def test_a_token_that_could_not_create_it_can_not_say_that_it_is_gone(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    """To such a token a Space that is hidden looks just like one that is missing."""
    step = run(workspace, hub, space, confirm=space, hf_token="hf_alice_read")

    assert (step.exit_code, step.outputs["error"]) == (1, "no-write-access"), step.log


def test_a_dry_run_deletes_nothing(hub: LocalHub, api: HfApi, existing: str, workspace: Path) -> None:
    step = run(workspace, hub, existing, confirm=existing, dry_run="true")

    assert (step.exit_code, step.outputs["result"]) == (0, "planned"), step.log
    assert f"- space {existing}" in step.summary
    assert asked_to_delete(hub) == 0
    assert api.repo_exists(existing, repo_type="space")


def test_a_lost_answer_is_settled(hub: LocalHub, api: HfApi, existing: str, workspace: Path) -> None:
    hub.fault(method="DELETE", path="/api/repos/delete", kind="drop-after", times=1)

    step = run(workspace, hub, existing, confirm=existing)

    assert (step.exit_code, step.outputs["changed"]) == (0, "true"), step.log
    assert not api.repo_exists(existing, repo_type="space")


def test_a_deletion_that_the_hub_only_promises_is_no_success(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    hub.fault(method="DELETE", path="/api/repos/delete", kind="status", status=200)

    step = run(workspace, hub, existing, confirm=existing, timeout="1s")
    hub.no_faults()

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "error", "not-deleted"), step.log
    assert step.outputs["changed"] != "true"
    assert api.repo_exists(existing, repo_type="space")
