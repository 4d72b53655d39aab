"""Deploys without a stored token: the job proves who it is, and the Space trusts it."""

import random
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.hf_api import RepoFile

from tests.e2e.deploy.test_publish import LARGE, holds
from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import REPOSITORY, Step, deploy
from tests.kit.step.provoke import CLAIMS, DOCKER, WORKFLOW

SITE = {"index.html": "<h1>Hello</h1>"}


def run(
    workspace: Path,
    hub: LocalHub,
    space: str,
    environment: dict[str, str],
    files: Mapping[str, str] = SITE,
    **inputs: str,
) -> Step:
    if not workspace.exists():
        repository.create(workspace, files)
    return deploy(workspace, hub.endpoint, {"space": space, "hf-token": "", **inputs}, env={**WORKFLOW, **environment})


@pytest.fixture(autouse=True)
def _as_ever_afterwards(hub: LocalHub, space: str) -> Iterator[None]:
    yield
    hub.vary(of=space)


@pytest.mark.parametrize(
    "variant", ["", "publisher-401", "publisher-403", "publisher-discusses", "publisher-sets", "no-auth-check"]
)
def test_a_trusted_job_deploys(variant: str, hub: LocalHub, api: HfApi, existing: str, workspace: Path) -> None:
    hub.trust(existing, **CLAIMS)
    hub.vary(*([variant] if variant else []), of=existing)

    step = run(workspace, hub, existing, hub.job(REPOSITORY))

    assert (step.exit_code, step.outputs["result"], step.outputs["created"]) == (0, "live", "false"), step.log
    assert step.outputs["commit-sha"] == api.space_info(existing).sha
    assert api.list_repo_commits(existing, repo_type="space")[0].authors == ["[OIDC]"]


@pytest.mark.parametrize("variant", ["publisher-401", "publisher-403", "publisher-discusses"])
def test_a_trusted_job_deploys_files_of_any_size(
    variant: str, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    hub.trust(existing, **CLAIMS)
    hub.vary(variant, of=existing)

    step = run(workspace, hub, existing, hub.job(REPOSITORY), files=LARGE, wait="false")

    assert (step.exit_code, step.outputs["result"]) == (0, "published"), step.log
    assert holds(hub, existing, LARGE)
    assert ("takes no pull requests" in step.log) is (variant != "publisher-discusses")


def test_a_trusted_job_promotes_what_everybody_sees(hub: LocalHub, existing: str, workspace: Path) -> None:
    staging = f"{existing}-staging"
    repository.create(workspace, {**SITE, "model.bin": "1" * 50_000})
    first = deploy(workspace, hub.endpoint, {"space": staging, "visibility": "public"})
    hub.trust(existing, **CLAIMS)
    promote = {"command": "promote", "from": staging}

    step = run(workspace, hub, existing, hub.job(REPOSITORY), **promote)
    missing = run(workspace, hub, existing, hub.job(REPOSITORY), **{**promote, "from": f"{existing}-none"})

    assert (first.outputs["result"], step.exit_code, step.outputs["result"]) == ("live", 0, "live"), step.log
    assert SpaceTree(hub, existing).blobs() == SpaceTree(hub, staging).blobs()
    assert (missing.exit_code, missing.outputs["error"]) == (1, "twin-missing"), missing.log


@pytest.mark.parametrize("variant", ["publisher-401", "publisher-403"])
def test_a_trusted_job_deploys_a_large_file(
    variant: str, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    hub.trust(existing, **CLAIMS)
    hub.vary(variant, of=existing)
    content = random.Random(20).randbytes(20_000_000)
    repository.create(workspace, SITE)
    (workspace / "tides.bin").write_bytes(content)
    repository.commit(workspace, "A large file", {})

    step = run(workspace, hub, existing, hub.job(REPOSITORY))

    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "live", "true"), step.log
    [file] = api.get_paths_info(existing, "tides.bin", repo_type="space")
    assert isinstance(file, RepoFile)
    assert file.lfs is not None
    assert (file.lfs.size, file.lfs.sha256) == (20_000_000, sha256(content).hexdigest())
    assert any("/_xet/" in request["path"] for request in hub.requests())


WISHES = [
    pytest.param(({"hardware": "t4-small"}, "hardware"), id="hardware"),
    pytest.param(({"variables": "GREETING=Hi"}, "variable"), id="a variable"),
    pytest.param(({"secrets": "KEY=a-secret-value"}, "secret"), id="a secret"),
    pytest.param(({"visibility": "private"}, "visibility"), id="visibility"),
]


@pytest.mark.parametrize("variant", ["publisher-401", "publisher-403"])
@pytest.mark.parametrize("wish", WISHES)
def test_what_a_publisher_may_not_is_refused_before_anything_is_sent(
    wish: tuple[dict[str, str], str], variant: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.create_repo(space, repo_type="space", space_sdk="docker")
    hub.trust(space, **CLAIMS)
    hub.vary(variant, of=space)
    head = api.space_info(space).sha
    wished, named = wish
    steps = [
        run(workspace, hub, space, hub.job(REPOSITORY), files=DOCKER, **wished, **more)
        for more in ({}, {"dry-run": "true"}, {"command": "check"})
    ]

    for step in steps:
        assert (step.exit_code, step.outputs["error"]) == (1, "publisher-may-not"), step.log
        assert "for one hour; settings, hardware and restarts need more" in step.log
        assert f"/spaces/{space}/settings" in step.log
        assert named in step.log
    assert api.space_info(space).sha == head


def test_a_paused_space_is_refused_where_the_publisher_can_not_restart_it(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.create_repo(space, repo_type="space", space_sdk="docker")
    api.pause_space(space)
    hub.trust(space, **CLAIMS)
    head = api.space_info(space).sha

    steps = [
        run(workspace, hub, space, hub.job(REPOSITORY), files=DOCKER, **more) for more in ({}, {"command": "check"})
    ]

    for step in steps:
        assert (step.exit_code, step.outputs["error"]) == (1, "publisher-may-not"), step.log
        assert "PAUSED" in step.log
    assert api.space_info(space).sha == head


def test_a_secret_is_set_once_where_publishers_may_set_any(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    """The fingerprint's key is the token of the inputs, which a publisher has none of: the exchanged one lasts an hour."""
    api.create_repo(space, repo_type="space", space_sdk="docker")
    hub.trust(space, **CLAIMS)
    hub.vary("publisher-sets", of=space)

    first = run(workspace, hub, space, hub.job(REPOSITORY), files=DOCKER, secrets="KEY=a-secret-value", wait="false")
    hub.forget()
    second = run(workspace, hub, space, hub.job(REPOSITORY), files=DOCKER, secrets="KEY=a-secret-value", wait="false")

    assert (first.outputs["result"], second.outputs["result"]) == ("published", "published"), first.log + second.log
    assert [each["method"] for each in hub.requests() if each["path"].endswith("/secrets")] == ["GET"]
    assert api.get_space_secrets(space).keys() == {"KEY"}
    assert "nothing to change" in second.log


@pytest.mark.parametrize("variant", ["", "exchange-by-status"])
def test_a_refused_exchange_says_what_to_set_up(variant: str, hub: LocalHub, existing: str, workspace: Path) -> None:
    hub.vary(*([variant] if variant else []), of=existing)

    step = run(workspace, hub, existing, hub.job(REPOSITORY))

    assert (step.exit_code, step.outputs["error"]) == (1, "publisher-refused"), step.log


def test_no_token_is_shown(hub: LocalHub, existing: str, workspace: Path) -> None:
    hub.trust(existing, **CLAIMS)
    job = hub.job(REPOSITORY)

    step = run(workspace, hub, existing, job)

    masks = [line.removeprefix("::add-mask::") for line in step.log.splitlines() if line.startswith("::add-mask::")]
    assert any(mask.startswith("hf_jwt_") for mask in masks)
    assert job["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] in masks
    rest = step.log + step.summary + "".join(step.outputs.values())
    for mask in masks:
        rest = rest.replace(f"::add-mask::{mask}\n", "")
    assert [mask for mask in masks if mask in rest] == []
    assert not re.search(r"eyJ[\w-]+\.", rest), "no JSON Web Token either"


def test_a_space_that_does_not_trust_the_job(hub: LocalHub, existing: str, workspace: Path) -> None:
    step = run(workspace, hub, existing, hub.job(REPOSITORY))

    assert (step.exit_code, step.outputs["error"]) == (1, "publisher-refused"), step.log
    assert f"{hub.endpoint}/spaces/{existing}/settings" in step.log
    assert f"repository = {REPOSITORY}, branch = main, workflow = deploy.yml" in step.log
    assert [request["path"] for request in hub.requests()] == ["/oauth/token"], "asked once, and nothing else"


def test_a_space_that_is_missing_is_not_created(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space, hub.job(REPOSITORY))

    assert (step.exit_code, step.outputs["error"]) == (1, "publisher-refused"), step.log
    assert "create it once" in step.log
    assert not api.repo_exists(space, repo_type="space")


def test_nor_one_that_disappears(hub: LocalHub, existing: str, workspace: Path) -> None:
    hub.trust(existing, **CLAIMS)
    hub.fault(
        method="GET",
        path=f"/api/spaces/{existing}",
        kind="status",
        status=404,
        headers={"X-Error-Code": "RepoNotFound"},
    )
    try:
        step = run(workspace, hub, existing, hub.job(REPOSITORY))
    finally:
        hub.forget()

    assert (step.exit_code, step.outputs["error"]) == (1, "publisher-creates-nothing"), step.log


def test_a_hub_that_gives_up_on_its_own_check_is_asked_again(hub: LocalHub, existing: str, workspace: Path) -> None:
    hub.trust(existing, **CLAIMS)
    aborted = {"error": "invalid_grant", "error_description": "This operation was aborted"}
    hub.fault(method="POST", path="/oauth/token", kind="status", status=400, body=aborted, times=1)

    step = run(workspace, hub, existing, hub.job(REPOSITORY))

    assert step.outputs["result"] == "live", step.log
    assert "trying again in 1 s" in step.log


def test_a_job_without_the_permission(hub: LocalHub, existing: str, workspace: Path) -> None:
    step = run(workspace, hub, existing, {})

    assert (step.exit_code, step.outputs["error"]) == (1, "input-token-missing"), step.log
    assert "id-token: write" in step.log
    assert hub.requests() == []


def test_github_issues_no_token(hub: LocalHub, existing: str, workspace: Path) -> None:
    step = run(workspace, hub, existing, {**hub.job(REPOSITORY), "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "expired"})

    assert (step.exit_code, step.outputs["error"]) == (1, "identity-not-issued"), step.log
    assert hub.requests() == []
