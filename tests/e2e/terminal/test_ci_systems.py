"""Deploys from CI systems beside GitHub: their variables, their id tokens, their files."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from huggingface_hub import HfApi

from tests.kit import gitrepo, repository, web
from tests.kit.local import LocalHub
from tests.kit.step.command_line import Run, run

HUB = "https://huggingface.co"
SITE = {"index.html": "<h1>Hello</h1>"}
SHA = "0" * 40  # what is checked out is what counts


class System(NamedTuple):
    """A CI system: its variables as it documents them, what a publisher is known by, and where its id token goes."""

    name: str
    provider: str
    env: Mapping[str, str]
    claims: Mapping[str, str]
    variable: str
    commit: str
    run: str
    absent: str


PROJECT = "66666666-7777-4888-9999-000000000000"
SYSTEMS = [
    System(
        "GitLab",
        "gitlab",
        {
            "GITLAB_CI": "true",
            "CI": "true",
            "CI_PROJECT_PATH": "group/sub/site",
            "CI_PROJECT_URL": "https://git.example.com/group/sub/site",
            "CI_COMMIT_SHA": SHA,
            "CI_JOB_URL": "https://git.example.com/group/sub/site/-/jobs/42",
            "CI_PROJECT_VISIBILITY": "internal",
        },
        {"project_path": "group/sub/site", "ref": "main", "ref_type": "branch"},
        "HF_OIDC_ID_TOKEN",
        "https://git.example.com/group/sub/site/-/commit/",
        "https://git.example.com/group/sub/site/-/jobs/42",
        "token-absent-gitlab",
    ),
    System(
        "CircleCI",
        "circleci",
        {
            "CIRCLECI": "true",
            "CI": "true",
            "CIRCLE_PROJECT_USERNAME": "group",
            "CIRCLE_PROJECT_REPONAME": "site",
            "CIRCLE_REPOSITORY_URL": "git@github.com:group/site.git",
            "CIRCLE_SHA1": SHA,
            "CIRCLE_BUILD_URL": "https://circleci.com/gh/group/site/42",
        },
        {"oidc.circleci.com/project-id": PROJECT, "oidc.circleci.com/vcs-ref": "refs/heads/main"},
        "CIRCLE_OIDC_TOKEN_V2",
        "https://github.com/group/site/commit/",
        "https://circleci.com/gh/group/site/42",
        "token-absent-circleci",
    ),
    System(
        "Bitbucket",
        "bitbucket",
        {
            "BITBUCKET_BUILD_NUMBER": "42",
            "CI": "true",
            "BITBUCKET_REPO_FULL_NAME": "group/site",
            "BITBUCKET_COMMIT": SHA,
            "BITBUCKET_REPO_IS_PRIVATE": "true",
        },
        {"repositoryUuid": f"{{{PROJECT}}}", "branchName": "main"},
        "BITBUCKET_STEP_OIDC_TOKEN",
        "https://bitbucket.org/group/site/commits/",
        "https://bitbucket.org/group/site/pipelines/results/42",
        "token-absent-bitbucket",
    ),
]
each_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)


def id_token(hub: LocalHub, system: System, audience: str = HUB, **about: str) -> str:
    job = hub.job("group/sub/site", provider=system.provider, branch="main", **about)
    answer = web.get(
        f"{job['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience={audience}",
        headers={"authorization": f"Bearer {job['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
    )
    return str(answer.raise_for_status().json()["value"])


def deploy(workspace: Path, hub: LocalHub, space: str, env: Mapping[str, str], *options: str) -> Run:
    if not workspace.exists():
        repository.create(workspace, SITE)
    return run(workspace, space, "--json", *options, env={"HF_ENDPOINT": hub.endpoint, **env})


@each_system
def test_a_job_deploys_without_a_stored_token(
    system: System, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    hub.trust(existing, provider=system.provider, **system.claims)
    proof = id_token(hub, system)

    done = deploy(workspace, hub, existing, {**system.env, system.variable: proof})

    assert (done.exit_code, done.outputs["result"]) == (0, "live"), done.err
    assert api.list_repo_commits(existing, repo_type="space")[0].authors == ["[OIDC]"]
    assert proof not in done.out + done.err
    assert "as the trusted publisher" in done.err


@each_system
@pytest.mark.parametrize("variable", ["own", "HF_OIDC_ID_TOKEN"])
def test_an_id_token_for_others_does_not_leave_the_job(
    variable: str, system: System, hub: LocalHub, existing: str, workspace: Path
) -> None:
    named = system.variable if variable == "own" else variable
    hub.trust(existing, provider=system.provider, **system.claims)

    done = deploy(workspace, hub, existing, {**system.env, named: id_token(hub, system, "https://cloud.example")})

    assert done.exit_code != 0
    assert done.outputs["error"] == ("identity-audience" if named == "HF_OIDC_ID_TOKEN" else system.absent), done.err
    assert not any(request["path"] == "/oauth/token" for request in hub.requests())


@each_system
def test_a_job_of_another_branch_is_refused_with_the_claims_to_write(
    system: System, hub: LocalHub, existing: str, workspace: Path
) -> None:
    hub.trust(existing, provider=system.provider, **system.claims)
    other = hub.job("group/sub/site", provider=system.provider, branch="other")
    headers = {"authorization": f"Bearer {other['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    proof = web.get(f"{other['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience={HUB}", headers=headers).json()["value"]

    done = deploy(workspace, hub, existing, {**system.env, "HF_OIDC_ID_TOKEN": proof})

    assert (done.exit_code, done.outputs["error"]) == (1, "publisher-refused"), done.err
    assert "iss = " in done.err
    assert "other" in done.err


@each_system
def test_a_job_without_a_token_is_told_the_lines_to_add(
    system: System, hub: LocalHub, existing: str, workspace: Path
) -> None:
    done = deploy(workspace, hub, existing, system.env)

    assert (done.exit_code, done.outputs["error"]) == (2, system.absent)
    assert HUB in done.err
    assert "GitHub" not in done.err.replace("trusted publisher", "")


@each_system
def test_the_commit_on_the_space_names_where_it_comes_from(
    system: System, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    done = deploy(workspace, hub, space, {**system.env, "HF_TOKEN": "hf_alice", "SUMMARY_FILE": "../summary.md"})

    commit = api.list_repo_commits(space, repo_type="space")[0]
    head = gitrepo.git(workspace, "rev-parse", "HEAD").strip()
    assert done.exit_code == 0, done.err
    assert f"Source: {system.commit}{head}" in commit.message
    assert f"Run: {system.run}" in commit.message
    assert "attempt" not in commit.message
    assert f"{system.commit}{head}" in (workspace.parent / "summary.md").read_text("utf-8")


@pytest.mark.parametrize("system", [SYSTEMS[0], SYSTEMS[2]], ids=lambda system: system.name)
def test_a_new_space_of_a_private_repository_is_private(
    system: System, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    done = deploy(workspace, hub, space, {**system.env, "HF_TOKEN": "hf_alice"})

    assert done.exit_code == 0, done.err
    assert api.space_info(space).private


def test_gitlab_folds_groups(hub: LocalHub, space: str, workspace: Path) -> None:
    done = deploy(workspace, hub, space, {**SYSTEMS[0].env, "HF_TOKEN": "hf_alice"})

    begun = re.findall(r"\x1b\[0Ksection_start:\d+:(\w+)\r\x1b\[0K", done.err)
    ended = re.findall(r"\x1b\[0Ksection_end:\d+:(\w+)\r\x1b\[0K", done.err)
    assert begun
    assert begun == ended
    assert "::" not in re.sub(r"https?://\S+", "", done.err)


@pytest.mark.parametrize("prefix", ["GITHUB_", "FORGEJO_"])
def test_forgejo_speaks_as_github_does_with_addresses_of_its_own(
    prefix: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    files = {"GITHUB_OUTPUT": workspace.parent / "output", "GITHUB_STEP_SUMMARY": workspace.parent / "summary"}
    workspace.parent.mkdir(exist_ok=True)
    for file in files.values():
        file.touch()
    own = {"SERVER_URL": "https://codeberg.org", "REPOSITORY": "group/site", "RUN_NUMBER": "7", "RUN_ID": "1234"}
    env = {f"{prefix}{name}": value for name, value in own.items()}
    env |= {"FORGEJO_ACTIONS": "true", "GITHUB_ACTIONS": "true", "HF_TOKEN": "hf_alice"}

    done = deploy(workspace, hub, space, {**env, **{name: str(file) for name, file in files.items()}})

    message = api.list_repo_commits(space, repo_type="space")[0].message
    assert done.exit_code == 0, done.err
    assert "Source: https://codeberg.org/group/site/commit/" in message
    assert "Run: https://codeberg.org/group/site/actions/runs/7" in message
    assert "::add-mask::hf_alice\n" in done.err
    assert "result<<" in files["GITHUB_OUTPUT"].read_text()


def test_any_job_with_an_id_token_for_the_hub_deploys(hub: LocalHub, existing: str, workspace: Path) -> None:
    """On a CI system that is not known here, as huggingface_hub documents it."""
    system = SYSTEMS[0]
    hub.trust(existing, provider=system.provider, **system.claims)

    done = deploy(workspace, hub, existing, {"CI": "true", "HF_OIDC_ID_TOKEN": id_token(hub, system)})

    assert (done.exit_code, done.outputs["result"]) == (0, "live"), done.err
