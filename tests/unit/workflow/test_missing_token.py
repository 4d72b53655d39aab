"""`missing_token`: why a job has no token, told from its event, its environment and its workflow."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hfspace_action.errors import Failures
from hfspace_action.inputs import schema
from hfspace_action.workflow.missing_token import Reason, judge

PATH = ".github/workflows/deploy.yml"
ENV = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "push",
    "GITHUB_REPOSITORY": "octo/site",
    "GITHUB_WORKFLOW_REF": f"octo/site/{PATH}@refs/heads/main",
    "GITHUB_JOB": "deploy",
    "GITHUB_ACTOR": "mona",
}
STEP = {"uses": "org/hf-space-deploy@v1", "with": {"space": "a/b", "hf-token": "${{ secrets.SPACE_TOKEN }}"}}
OWN = {PATH: {"jobs": {"deploy": {"steps": [{"uses": "actions/checkout@v4"}, STEP]}}}}
CALLER = {PATH: {"jobs": {"call": {"uses": "./.github/workflows/reusable.yml"}}}}


def pull(head: str | None) -> dict[str, Any]:
    """The event of a pull request from a repository to octo/site."""
    return {
        "pull_request": {"head": {"repo": head and {"full_name": head}}, "base": {"repo": {"full_name": "octo/site"}}}
    }


class Case(NamedTuple):
    """What is known, and what is concluded."""

    name: str
    reason: Reason
    env: dict[str, str] = {}  # noqa: RUF012 - never changed
    payload: dict[str, Any] = {}  # noqa: RUF012
    workflows: dict[str, Any] = OWN


UNSET = Reason("token-unset", {"secret": "SPACE_TOKEN", "where": "the repository"})
CASES = [
    Case("a fork", Reason("token-fork", {"fork": "eve/site"}), {"GITHUB_EVENT_NAME": "pull_request"}, pull("eve/site")),
    Case("a fork that is gone", Reason("token-fork", {"fork": "a deleted fork"}), {"GITHUB_EVENT_NAME": "pull_request"}, pull(None)),
    Case("a review in a fork", Reason("token-fork", {"fork": "eve/site"}), {"GITHUB_EVENT_NAME": "pull_request_review"}, pull("eve/site")),
    Case("a fork whose event has secrets", UNSET, {"GITHUB_EVENT_NAME": "pull_request_target"}, pull("eve/site")),
    Case("a branch of the repository", UNSET, {"GITHUB_EVENT_NAME": "pull_request"}, pull("octo/site")),
    Case("Dependabot", Reason("token-dependabot", {"secret": "SPACE_TOKEN"}), {"GITHUB_ACTOR": "dependabot[bot]"}),
    Case("Dependabot, no workflow known", Reason("token-dependabot", {"secret": "HF_TOKEN"}), {"GITHUB_ACTOR": "dependabot[bot]"}, workflows={}),
    Case("a called workflow", Reason("token-not-inherited", {"job": "call", "uses": "./.github/workflows/reusable.yml"}), workflows=CALLER),
    Case("a called workflow that inherits", Reason("input-token-missing"),
         workflows={PATH: {"jobs": {"call": {"uses": "./x.yml", "secrets": "inherit"}}}}),
    Case("a secret of an environment", Reason("token-environment", {"secret": "SPACE_TOKEN", "job": "deploy", "environment": "production"}),
         workflows={**OWN, ".github/workflows/release.yml": {"jobs": {"release": {"environment": {"name": "production"}, "steps": [STEP]}}}}),
    Case("an environment without it", Reason("token-unset", {"secret": "SPACE_TOKEN", "where": "the environment test and the repository"}),
         workflows={PATH: {"jobs": {"deploy": {"environment": "test", "steps": [STEP]}}}}),
    Case("an unset secret", UNSET),
    Case("an unset secret in brackets", UNSET,
         workflows={PATH: {"jobs": {"deploy": {"steps": [{"with": {"hf-token": "${{ secrets['SPACE_TOKEN'] }}"}}]}}}}),
    Case("no token passed", Reason("input-token-missing"), workflows={PATH: {"jobs": {"deploy": {"steps": [{"with": {"space": "a/b"}}]}}}}),
    Case("no workflow known", Reason("input-token-missing"), workflows={}),
    Case("another repository's workflow", Reason("input-token-missing"), {"GITHUB_WORKFLOW_REF": f"acme/ci/{PATH}@v1"}),
    *(Case(f"odd content: {odd!r}", Reason("input-token-missing"), payload={"pull_request": odd}, workflows={PATH: odd})
      for odd in (None, [], "x", {"jobs": []}, {"jobs": {"deploy": None}}, {"jobs": {"deploy": {"steps": [1, None]}}})
      if not isinstance(odd, dict)),
    *(Case(f"an odd workflow: {odd!r}", Reason("input-token-missing"), workflows={PATH: odd})
      for odd in ({"jobs": []}, {"jobs": {"deploy": None}}, {"jobs": {"deploy": {"steps": [1, None, {"with": 3}]}}})),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_why_there_is_no_token(case: Case) -> None:
    assert judge(ENV | case.env, case.payload, case.workflows) == case.reason


def refused(workspace: Path, workflow: str) -> str:
    """The advice of a step without a token, whose checkout has this workflow."""
    (workspace / ".github/workflows").mkdir(parents=True)
    (workspace / PATH).write_text(workflow, "utf-8")
    with pytest.raises(Failures) as caught:
        schema.read(ENV | {"INPUT_SPACE": "alice/site", "GITHUB_WORKSPACE": str(workspace)})
    return caught.value.failures[0].advice


def test_the_lines_to_add_are_those_of_the_users_own_workflow(tmp_path: Path) -> None:
    advice = refused(tmp_path, "on: push\njobs:\n  ship:\n    uses: ./.github/workflows/reusable.yml\n")

    assert "jobs:\n  ship:\n    uses: ./.github/workflows/reusable.yml\n    secrets: inherit\n" in advice


@pytest.mark.parametrize("workflow", ["a: b: c", "{{{", "&a [*a, *a]", "x" * 300_000])
def test_a_workflow_that_can_not_be_read_is_no_fault_of_ours(workflow: str, tmp_path: Path) -> None:
    assert "secrets.HF_TOKEN" in refused(tmp_path, workflow)
