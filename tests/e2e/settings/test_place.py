"""Region and resource group: said when a Space is created, and never after."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import repository
from tests.kit.local import LocalHub, localhub
from tests.kit.space.settings import FILES, asked_for, writes
from tests.kit.step.action import deploy

GROUP = "66670e5163145ca562cb1988"
ACCOUNTS = """
users:
  - {name: alice, plan: pro, tokens: {hf_alice: write}}
orgs:
  - {name: acme, plan: team, members: {alice: admin}}
  - {name: globex, plan: enterprise, members: {alice: admin}}
  - {name: club, plan: free, members: {alice: admin}}
"""
TEAM, ENTERPRISE = "acme/place", "globex/place"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """A Hub with organisations of several plans."""
    accounts = tmp_path_factory.mktemp("place") / "accounts.yml"
    accounts.write_text(ACCOUNTS, "utf-8")
    with localhub("--simulate", "--tick", "0.1", "--accounts", str(accounts)) as hub:
        yield hub


@pytest.fixture(autouse=True)
def _nothing_is_left(hub: LocalHub, api: HfApi, workspace: Path) -> Iterator[None]:
    repository.create(workspace, FILES["static"])
    hub.forget()
    yield
    for name in (TEAM, ENTERPRISE):
        api.delete_repo(name, repo_type="space", missing_ok=True)


def test_a_new_space_is_created_in_its_region_and_its_group(hub: LocalHub, api: HfApi, workspace: Path) -> None:
    step = deploy(workspace, hub.endpoint, {"space": ENTERPRISE, "region": "eu", "resource-group": GROUP})

    info = api.space_info(ENTERPRISE, expand=["region", "resourceGroup"])
    assert (step.outputs["result"], info.region, (info.resource_group or {})["id"]) == ("live", "eu", GROUP), step.log
    assert {each["what"]: each["after"] for each in asked_for(step)["changes"]}.items() >= {
        ("region", "eu"),
        ("resource-group", GROUP),
    }
    assert "::warning" not in step.log


def test_a_space_that_is_elsewhere_stays_there_with_a_warning(hub: LocalHub, api: HfApi, workspace: Path) -> None:
    api.create_repo(TEAM, repo_type="space", space_sdk="static", region="eu")
    first = deploy(workspace, hub.endpoint, {"space": TEAM})
    hub.forget()

    same = deploy(workspace, hub.endpoint, {"space": TEAM, "region": "eu", "resource-group": GROUP})
    other = deploy(workspace, hub.endpoint, {"space": TEAM, "region": "us"})

    assert [each.outputs["result"] for each in (first, same, other)] == ["live"] * 3, other.log
    assert ("::warning" in same.log, writes(hub)) == (False, [])
    assert f"::warning::{TEAM} is in the region eu, and `region` says us. A Space can't be moved" in other.log
    assert asked_for(other)["changes"] == []


def test_where_it_is_is_only_asked_for_if_it_is_said(hub: LocalHub, api: HfApi, workspace: Path) -> None:
    api.create_repo(TEAM, repo_type="space", space_sdk="static")
    hub.forget()

    deploy(workspace, hub.endpoint, {"space": TEAM})
    without = [each["query"] for each in hub.requests()]
    hub.forget()
    deploy(workspace, hub.endpoint, {"space": TEAM, "region": "us"})

    assert not any("region" in query for query in without)
    assert sum("expand=region" in each["query"] for each in hub.requests()) == 1


@pytest.mark.parametrize("space", ["alice/place", "club/place"])
@pytest.mark.parametrize("command", ["deploy", "check"])
def test_without_the_plan_for_it_nothing_is_created(command: str, space: str, hub: LocalHub, workspace: Path) -> None:
    step = deploy(workspace, hub.endpoint, {"space": space, "region": "eu", "command": command})

    assert (step.exit_code, step.outputs["error"], writes(hub)) == (1, "region-plan", []), step.log
    assert f"and {space.partition('/')[0]} has none" in step.log


def test_where_only_the_hub_can_tell_its_refusal_is_explained(hub: LocalHub, workspace: Path) -> None:
    hub.fault(method="POST", path="^/api/repos/create", kind="status", status=403,
              body={"error": "Storage Regions are not available for this account"})  # fmt: skip

    step = deploy(workspace, hub.endpoint, {"space": TEAM, "region": "eu"})

    assert (step.exit_code, step.outputs["error"]) == (1, "region-plan"), step.log


def test_a_group_that_the_hub_does_not_take_is_explained(hub: LocalHub, workspace: Path) -> None:
    step = deploy(workspace, hub.endpoint, {"space": TEAM, "resource-group": GROUP})

    assert (step.exit_code, step.outputs["error"]) == (1, "resource-group-refused"), step.log
    assert "Resource groups are only available for Enterprise organizations" in step.log


@pytest.mark.parametrize(
    ("inputs", "says"),
    [({"region": "asia"}, "Known values: us, eu."), ({"resource-group": "my group"}, "Write the id, not the name")],
)
def test_what_is_no_place_is_refused(inputs: dict[str, str], says: str, hub: LocalHub, workspace: Path) -> None:
    step = deploy(workspace, hub.endpoint, {"space": TEAM, **inputs})

    assert (step.exit_code, step.outputs["error"], writes(hub)) == (1, "input-invalid", []), step.log
    assert says in step.log
