"""`command: verify`: whether a Space holds what the checkout gives, shown with no token and no inputs."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from jsonschema import Draft202012Validator

from tests.kit import ROOT
from tests.kit.gitrepo import commit
from tests.kit.local import LocalHub
from tests.kit.space.verification import STATIC, TELLING, Case, Tampering, prepared, verified
from tests.kit.step.action import Step, deploy

SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/receipt.schema.json").read_text("utf-8")))


def receipt_of(step: Step) -> dict[str, object]:
    found: dict[str, object] = json.loads(step.outputs["receipt"])
    SCHEMA.validate(found)
    return found


@pytest.mark.parametrize("case", TELLING, ids=lambda case: case.name)
def test_a_space_is_verified_and_each_change_is_named(case: Case, hub: LocalHub, space: str, workspace: Path) -> None:
    prepared(case, hub, space, workspace)
    hub.forget()

    step = verified(hub, space, workspace)

    receipt = receipt_of(step)
    assert (step.exit_code, step.outputs["result"], receipt["verdict"]) == (0, "verified", "verified"), step.log
    assert receipt["paths"] == {"changed": [], "modes": [], "missing": [], "extra": [], "kept": list(case.kept)}
    assert all(each["method"] == "GET" or each["path"].endswith("/git-upload-pack") for each in hub.requests())

    tampering = Tampering(hub, space)
    changed = tampering.victim(case.kept)
    tampering.byte(changed)
    tampering.mode("README.md")
    tampering.extra(".cache/extra.py")

    step = verified(hub, space, workspace)

    receipt = receipt_of(step)
    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "differs", "differs"), step.log
    expected = {"changed": [changed], "modes": ["README.md"], "missing": [], "extra": [".cache/extra.py"]}
    assert receipt["paths"] == {**expected, "kept": list(case.kept)}
    for path in (changed, "README.md", ".cache/extra.py"):
        assert path in step.log
        assert path in step.summary


def test_who_verifies_with_inputs_trusts_no_record_on_the_space(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, STATIC)
    published = deploy(workspace, hub.endpoint, {"space": space, "wait": "false", "keep": "*", "visibility": "public"})
    Tampering(hub, space).extra("planted.html")

    recorded = verified(hub, space, workspace)
    of_its_own = verified(hub, space, workspace, {"sdk": "static"})

    assert published.outputs["result"] == "published", published.log
    assert (recorded.outputs["result"], receipt_of(recorded)["files"]["kept"]) == ("verified", 1)  # type: ignore[index]
    assert "As the Space's commit has it: keep: ['*']" in recorded.log
    assert (of_its_own.outputs["result"], receipt_of(of_its_own)["inputs"]) == (
        "differs",
        {"from": "step", "sdk": "static"},
    )
    assert "planted.html" in of_its_own.log


def test_the_digest_is_that_of_what_git_lists_of_the_space(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, STATIC)
    deploy(workspace, hub.endpoint, {"space": space, "wait": "false", "visibility": "private"})
    path = hub.data / "spaces" / space / "git"

    step = verified(hub, space, workspace, {"hf-token": "hf_alice"})

    listing = subprocess.run(
        ["git", "-C", path, "ls-tree", "-r", "-z", "--full-tree", "main"], check=True, capture_output=True
    )
    receipt = receipt_of(step)
    assert receipt["digest"] == f"sha256:{hashlib.sha256(listing.stdout).hexdigest()}"
    assert (receipt["space"], receipt["repository"]) == (space, "https://github.com/octo/site")
    assert (
        receipt["commit"] == subprocess.check_output(["git", "-C", workspace, "rev-parse", "HEAD"], text=True).strip()
    )
    assert verified(hub, space, workspace).outputs["error"] == "space-missing", "it is private, and there was no token"


def test_a_space_that_git_can_not_fetch(hub: LocalHub, existing: str, workspace: Path) -> None:
    commit(workspace, STATIC)
    hub.fault(
        method="GET", path=f"/spaces/{existing}/info/refs", kind="status", status=500, headers={"Retry-After": "0"}
    )

    step = verified(hub, existing, workspace)

    assert (step.exit_code, step.outputs["error"], step.outputs["receipt"]) == (1, "fetch-failed", ""), step.log
    assert f"{existing} was not verified" in step.log


def test_another_commit_than_was_deployed_is_named(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    commit(workspace, STATIC)
    deploy(workspace, hub.endpoint, {"space": space, "wait": "false", "visibility": "public"})
    deployed = subprocess.check_output(["git", "-C", workspace, "rev-parse", "HEAD"], text=True)[:7]
    commit(workspace, {"css/new.css": "new"})

    step = verified(hub, space, workspace)

    assert step.outputs["result"] == "differs"
    assert f"The Space was deployed from {deployed}, and this is " in step.log
    assert receipt_of(step)["paths"]["missing"] == ["css/new.css"]  # type: ignore[index]
    message = api.list_repo_commits(space, repo_type="space")[0].message
    assert '"sdk"' not in message, "only what was given is recorded"
