"""`command: check`: every row in a healthy case and in one where it fails, and that a deploy fails in just that way."""

import re
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import repository
from tests.kit.github import GitHub, github
from tests.kit.local import LocalHub, localhub
from tests.kit.step.action import GITHUB, REPOSITORY, Step, deploy
from tests.kit.step.provoke import CLAIMS, WORKFLOW

SITE = {"index.html": "<h1>Hello</h1>"}
APP = {"Dockerfile": "FROM python:3.13-slim\nCOPY app.py .\nEXPOSE 8080\nCMD python app.py\n", "app.py": "print(1)\n"}
NAMES = [
    *(
        "Hub",
        "Token",
        "Checkout",
        "Likely build errors",
        "Space",
        "Write access",
        "Account plan",
        "Hardware",
        "Settings",
        "Front matter",
        "Files",
    ),
    *("Rate limit", "Id token", "GitHub"),
]
ACCOUNTS = """
users:
  - name: dora
    plan: pro
    canPay: false
    tokens:
      hf_dora: write
      hf_one: {role: fineGrained, scoped: [{entity: dora/one, permissions: [repo.content.read, repo.content.write]}]}
      hf_all: {role: fineGrained, scoped: [{entity: dora, permissions: [repo.content.read, repo.write]}]}
  - {name: bob, plan: free, tokens: {hf_bob: write}}
orgs:
  - {name: acme, plan: team, members: {dora: contributor, bob: read}}
"""
LEAK = "hf_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3h"
PRIVATE_GITHUB = "ghs_AbCdEf0123456789AbCdEf0123456789AbCd"


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    """A Hub of people without a plan, without a payment method, with lesser tokens and roles, and with rate limits."""
    file = tmp_path_factory.mktemp("accounts") / "accounts.yml"
    file.write_text(ACCOUNTS)
    with localhub("--simulate", "--accounts", str(file), unlimited=False) as hub:
        yield hub


@pytest.fixture(scope="module")
def octo() -> Iterator[GitHub]:
    """GitHub, with the repository and a token for each kind of answer."""
    permissions = {"admin": False, "push": True, "pull": True}
    tokens = {
        PRIVATE_GITHUB: {"permissions": permissions},
        "ghp_classic": {"permissions": permissions, "scopes": ["repo", "workflow"]},
        "silent": {},
    }
    with github(REPOSITORY, tokens) as server:
        yield server


def check(workspace: Path, hub: LocalHub, space: str, inputs: Mapping[str, str] | None = None, **job: str) -> Step:
    return deploy(workspace, hub.endpoint, {"command": "check", "space": space, **(inputs or {})}, env=job)


def rows(step: Step) -> dict[str, tuple[str, str]]:
    """Sign and words of each row, as the log has them."""
    found = re.findall(r"^([✓✗–⚠]) ([A-Z][\w ]+): (.*)$", step.log, re.MULTILINE)
    return {name: (sign, words) for sign, name, words in found}


def named(step: Step, sign: str) -> set[str]:
    return {name for name, (shown, _) in rows(step).items() if shown == sign}


def changes(hub: LocalHub) -> list[str]:
    """The requests that were no question. Two questions are asked by POST: about front matter, and about some files."""
    asked = [(request["method"], request["path"]) for request in hub.requests()]
    question = re.compile(r"/api/validate-yaml|/api/spaces/[^/]+/[^/]+/paths-info/[^/]+")
    return [f"{method} {path}" for method, path in asked if method != "GET" and not question.fullmatch(path)]


def test_a_new_space(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, APP)
    hub.forget()

    step = check(workspace, hub, space, {"hardware": "t4-small", "variables": "MODEL=small"})

    assert (step.exit_code, step.outputs["result"], step.outputs["healthy"]) == (0, "healthy", "true"), step.log
    told = rows(step)
    assert list(told) == NAMES
    assert named(step, "–") == {"Space", "Rate limit", "Id token", "GitHub"}
    assert re.fullmatch(rf"{hub.endpoint} answers in \d+ ms", told["Hub"][1])
    assert re.fullmatch(r"valid: alice's token.*, a classic one of role write", told["Token"][1])
    assert told["Checkout"][1] == "2 files, for a Space of the SDK docker (from Dockerfile)"
    assert told["Write access"][1] == f"the token may create {space} (its owner's own namespace)"
    assert told["Account plan"][1] == "t4-small is paid by the hour and needs none"
    assert told["Hardware"][1] == "t4-small is offered for $0.40 an hour, and alice has a payment method"
    assert told["Settings"][1] == "a deploy would change: variable MODEL"
    assert told["Files"][1] == "to publish: 3 added"
    assert changes(hub) == []
    assert not api.repo_exists(space, repo_type="space")
    assert "::error" not in step.log


def test_a_space_that_runs(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, APP)
    first = deploy(workspace, hub.endpoint, {"space": space, "variables": "MODEL=small"})
    assert first.outputs["result"] == "live", first.log
    hub.forget()

    step = check(workspace, hub, space, {"variables": "MODEL=large", "visibility": "protected"})

    assert step.outputs["result"] == "healthy", step.log
    told, head = rows(step), str(api.space_info(space).sha)
    assert told["Space"] == ("✓", f"RUNNING, runs its head {head[:7]}, cpu-basic, public")
    assert told["Write access"] == ("✓", f"the token may write to {space} (its owner's own namespace)")
    assert told["Account plan"] == ("–", "not needed: the Space exists")
    assert told["Settings"] == ("✓", "a deploy would change: visibility, variable MODEL")
    assert told["Files"] == ("✓", "to publish: nothing, the Space has them all")
    assert changes(hub) == []
    for output in ("space-id", "space-url", "app-url", "stage", "hardware", "visibility"):
        assert step.outputs[output] == first.outputs[output], output
    assert step.outputs["commit-sha"] == step.outputs["changed"] == ""
    assert "would change nothing" not in step.summary
    idle = check(workspace, hub, space, {"variables": "MODEL=small"})
    assert f"A deploy to {space} can go ahead, and would change nothing" in idle.summary


def test_every_row_is_in_the_summary_as_in_the_log(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, SITE)

    step = check(workspace, hub, space)

    shown = re.findall(r"^\| ([✓✗–⚠]) \| ([A-Z][\w ]+) \|", step.summary, re.MULTILINE)
    assert sorted(shown) == sorted((sign, name) for name, (sign, _) in rows(step).items())


@dataclass(frozen=True)
class Case:
    """What is wrong, the row that says so and the error that it is. `says` are words of the row."""

    row: str
    error: str
    says: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=lambda: SITE)
    space: str = "dora/new"


FAILING = {
    "the token is unknown": Case("Token", "token-refused", inputs={"hf-token": "hf_nobody"}),
    "somebody else's Space": Case("Write access", "no-write-access", "neither 'dora'", {"hf-token": "hf_bob"}, space="dora/page"),
    "a namespace of others": Case("Write access", "no-write-access", "neither 'dora'", {"hf-token": "hf_bob"}),
    "a reading member": Case("Write access", "no-write-access", "the role 'read' in 'acme'", {"hf-token": "hf_bob"}, space="acme/new"),
    "a token for another Space": Case("Write access", "no-write-access", "permission", {"hf-token": "hf_one"}),
    "no plan": Case("Account plan", "plan-needed", "bob has none", {"hf-token": "hf_bob"}, APP, "bob/app"),
    "hardware of no such name": Case("Hardware", "hardware-unknown", "t9-huge", {"hardware": "t9-huge"}, APP),
    "hardware on a static Space": Case("Hardware", "static-hardware", "", {"hardware": "t4-small"}),
    "nobody pays": Case("Hardware", "payment-needed", "$0.40 an hour, and dora has no payment", {"hardware": "t4-small"}, APP),
    "protected without a plan": Case("Settings", "protected-plan", "", {"hf-token": "hf_bob", "visibility": "protected"}, space="bob/page"),
    "secrets on a static Space": Case("Settings", "static-secrets", "", {"secrets": "KEY=a-secret-value"}),
    "a name twice": Case("Settings", "settings-collision", "MODEL", {"secrets": "MODEL=a-secret-value"}, APP, "dora/app"),
    "a colour that is none": Case("Front matter", "readme-refused", "", {"front-matter": "colorFrom: mud"}),
    "no such folder": Case("Checkout", "path-missing", "'app'", {"path": "app"}),
    "an unknown kind of Space": Case("Checkout", "sdk-unknown", "", files={"notes.txt": "Hello"}),
    "a token left in a file": Case("Files", "checkout-credential", "config.txt:1", files={**SITE, "config.txt": LEAK}),
    "a kept file in the way": Case("Files", "keep-conflict", "'data'", {"keep": "data"}, {**SITE, "data/a.txt": ""}, "dora/page"),
    "paused, and to stay so": Case("Space", "paused", "", {"resume": "false"}, APP, "dora/paused"),
}  # fmt: skip


@pytest.fixture(scope="module")
def settled(others: LocalHub) -> LocalHub:
    """That Hub, with some Spaces."""
    api = HfApi(others.endpoint, token="hf_dora")
    api.create_repo("dora/page", repo_type="space", space_sdk="static")
    api.upload_file(path_or_fileobj=b"kept", path_in_repo="data", repo_id="dora/page", repo_type="space")
    api.create_repo("dora/app", repo_type="space", space_sdk="docker", space_variables=[{"key": "MODEL", "value": "x"}])
    api.create_repo("dora/paused", repo_type="space", space_sdk="docker")
    api.pause_space("dora/paused")
    return others


@pytest.mark.parametrize("case", FAILING.values(), ids=FAILING.keys())
def test_what_a_deploy_would_fail_with_is_a_failed_row(case: Case, settled: LocalHub, workspace: Path) -> None:
    repository.create(workspace, case.files)
    inputs = {"hf-token": "hf_dora", **case.inputs}
    settled.forget()

    step = check(workspace, settled, case.space, inputs)

    assert (step.exit_code, step.outputs["result"], step.outputs["healthy"]) == (1, "unhealthy", "false"), step.log
    told = rows(step)
    assert list(told) == NAMES, "one failing row hides none of the others"
    assert named(step, "✗") == {case.row}, step.log
    assert case.says in told[case.row][1]
    assert step.outputs["error"] == case.error
    assert "::error" in step.log
    assert changes(settled) == []
    assert "a-secret-value" not in re.sub("^::add-mask::.*$", "", step.log, flags=re.MULTILINE) + step.summary

    real = deploy(workspace, settled.endpoint, {"space": case.space, **inputs})
    assert (real.exit_code, real.outputs["error"]) == (1, case.error), real.log


def test_two_failures_are_told_at_once(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, SITE)

    step = check(workspace, hub, space, {"hf-token": "hf_nobody", "path": "app"})

    assert named(step, "✗") == {"Token", "Checkout"}
    assert rows(step)["Hub"][0] == "✓", "it did answer"
    assert step.log.count("::error") == 2
    assert step.outputs["error"] == "token-refused"


@pytest.mark.slow
def test_what_answers_is_no_hub(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, SITE)
    hub.fault(kind="html", status=200, path="/api/")
    try:
        step = check(workspace, hub, space)
    finally:
        hub.forget()

    assert (step.exit_code, step.outputs["error"]) == (1, "not-a-hub"), step.log
    assert named(step, "✗") == {"Hub"}
    assert rows(step)["Token"] == rows(step)["Files"] == ("–", "not asked, because of what failed before")
    assert rows(step)["Checkout"][0] == "✓", "this needs no Hub"


@pytest.mark.parametrize(("token", "may"), [("hf_one", "write to dora/one"), ("hf_all", "create dora/two")])
def test_a_fine_grained_token(token: str, may: str, others: LocalHub, workspace: Path) -> None:
    repository.create(workspace, SITE)
    owner = HfApi(others.endpoint, token="hf_dora")
    owner.create_repo("dora/one", repo_type="space", space_sdk="static", exist_ok=True)

    step = check(workspace, others, may.rpartition(" ")[2], {"hf-token": token})

    assert step.outputs["result"] == "healthy", step.log
    assert "a fine-grained one" in rows(step)["Token"][1]
    assert rows(step)["Write access"][1].startswith(f"the token may {may}")


def test_a_contributor_may_create_in_an_organisation(others: LocalHub, workspace: Path) -> None:
    repository.create(workspace, APP)

    step = check(workspace, others, "acme/app", {"hf-token": "hf_dora"})

    assert step.outputs["result"] == "healthy", step.log
    assert rows(step)["Write access"][1] == "the token may create acme/app (dora is contributor in acme)"
    assert rows(step)["Account plan"][1].startswith("acme has the plan team")


def test_the_rate_limit_is_the_hubs_own_word(others: LocalHub, workspace: Path) -> None:
    repository.create(workspace, SITE)
    others.limit("dora", api=77)
    try:
        step = check(workspace, others, "dora/new", {"hf-token": "hf_dora"})
    finally:
        others.no_limit("dora")

    sign, words = rows(step)["Rate limit"]
    assert sign == "✓"
    assert re.fullmatch(r"\d+ of 77 requests left for the next \d+ s", words), words


class TestTrustedPublisher:
    """A job without a stored token."""

    @pytest.fixture
    def existing(self, api: HfApi, hub: LocalHub, space: str, workspace: Path) -> str:
        repository.create(workspace, SITE)
        api.create_repo(space, repo_type="space", space_sdk="static")
        hub.forget()
        return space

    def run(self, workspace: Path, hub: LocalHub, space: str, job: Mapping[str, str]) -> Step:
        return check(workspace, hub, space, {"hf-token": ""}, **WORKFLOW, **job)

    def test_that_is_trusted(self, hub: LocalHub, existing: str, workspace: Path) -> None:
        hub.trust(existing, **CLAIMS)

        step = self.run(workspace, hub, existing, hub.job(REPOSITORY))

        assert step.outputs["result"] == "healthy", step.log
        told = rows(step)
        assert told["Token"] == ("✓", f"valid: this job is a trusted publisher of {existing}")
        assert told["Write access"] == ("✓", f"a trusted publisher may write to {existing}")
        assert told["Id token"] == ("✓", "the job has `id-token: write`, and deploys by it")
        assert re.search(r"answers in \d+ ms", told["Hub"][1])
        assert changes(hub) == ["POST /oauth/token"], "to get the token, which changes nothing"

    def test_that_is_not(self, hub: LocalHub, existing: str, workspace: Path) -> None:
        step = self.run(workspace, hub, existing, hub.job(REPOSITORY))

        assert (step.exit_code, step.outputs["error"]) == (1, "publisher-refused"), step.log
        assert named(step, "✗") == {"Token"}
        assert rows(step)["Hub"][0] == "✓"

    def test_that_github_does_not_certify(self, hub: LocalHub, existing: str, workspace: Path) -> None:
        job = {**hub.job(REPOSITORY), "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "expired"}

        step = self.run(workspace, hub, existing, job)

        assert (step.exit_code, step.outputs["error"]) == (1, "identity-not-issued"), step.log
        assert named(step, "✗") == {"Id token"}
        assert rows(step)["Hub"][0] == "–", "it was not asked"

    def test_of_a_space_that_disappears(self, hub: LocalHub, existing: str, workspace: Path) -> None:
        hub.trust(existing, **CLAIMS)
        missing = {"X-Error-Code": "RepoNotFound"}
        hub.fault(method="GET", path=f"/api/spaces/{existing}", kind="status", status=404, headers=missing)
        try:
            step = self.run(workspace, hub, existing, hub.job(REPOSITORY))
        finally:
            hub.forget()

        assert step.outputs["error"] == "publisher-creates-nothing", step.log
        assert named(step, "✗") == {"Write access"}


class TestGitHub:
    """No deploy needs its API, so this row never fails."""

    def row(
        self, workspace: Path, hub: LocalHub, token: str, api: str = GITHUB, **job: str
    ) -> dict[str, tuple[str, str]]:
        repository.create(workspace, SITE)
        inputs = {"command": "check", "space": "alice/unmade", "github-token": token}
        step = deploy(workspace, hub.endpoint, inputs, github=api, env=job)
        assert step.outputs["result"] == "healthy", step.log
        if token:
            shown = re.sub("^::add-mask::.*$", "", step.log, flags=re.MULTILINE) + step.summary
            assert token not in shown + "".join(step.outputs.values())
        return rows(step)

    @pytest.mark.parametrize(
        ("token", "words"),
        [
            (PRIVATE_GITHUB, "; permissions of the token: push, pull"),
            ("ghp_classic", "; permissions of the token: push, pull; scopes of the token: repo, workflow"),
            ("silent", ""),
        ],
    )
    def test_that_answers(self, token: str, words: str, octo: GitHub, hub: LocalHub, workspace: Path) -> None:
        octo.requests.clear()

        sign, said = self.row(workspace, hub, token, octo.url)["GitHub"]

        assert sign == "✓"
        assert re.fullmatch(rf"{octo.url} answers in \d+ ms and shows {REPOSITORY}{words}", said)
        assert octo.requests == [f"GET /repos/{REPOSITORY}"]

    def test_that_does_not_know_the_token(self, octo: GitHub, hub: LocalHub, workspace: Path) -> None:
        sign, said = self.row(workspace, hub, "ghs_revoked", octo.url)["GitHub"]

        assert sign == "–"
        assert said == (
            f"{octo.url}: it refuses to show {REPOSITORY} to the token (HTTP 401); a deploy does not need it"
        )

    def test_that_is_out_of_reach(self, hub: LocalHub, workspace: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes connections and says nothing
            began = time.monotonic()
            said = self.row(workspace, hub, "ghs_some", f"http://127.0.0.1:{deaf.getsockname()[1]}")["GitHub"]

        assert said[0] == "–"
        assert "it can't be asked (" in said[1]
        assert time.monotonic() - began < 25

    def test_that_is_another_server(self, hub: LocalHub, workspace: Path) -> None:
        hub.fault(kind="html", status=200, path="/repos/")
        try:
            sign, said = self.row(workspace, hub, "ghs_some", hub.endpoint)["GitHub"]
        finally:
            hub.forget()

        assert sign == "–", said

    def test_without_a_token_is_not_asked(self, octo: GitHub, hub: LocalHub, workspace: Path) -> None:
        octo.requests.clear()

        assert self.row(workspace, hub, "", octo.url)["GitHub"][0] == "–"
        assert octo.requests == []

    def test_certifies_a_job_that_need_not_be(self, hub: LocalHub, workspace: Path) -> None:
        told = self.row(workspace, hub, "", **hub.job(REPOSITORY))

        assert told["Id token"] == ("✓", "the job has `id-token: write`; with `hf-token` it needs none")
