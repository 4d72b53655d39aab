"""The acceptance case: the real Open WebUI, 4,937 files, with nothing but `space` and `hf-token`."""

import subprocess
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from scripts import costs
from tests.kit import needs
from tests.kit.local import LocalHub
from tests.kit.step.action import begin

# What git tracks but a Space does not need: .github/ and git's own files.
LEFT_OUT = (".github/", ".gitignore", ".gitattributes")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    layout = needs.open_webui()
    checkout = tmp_path / "open-webui"
    subprocess.run([layout, checkout], check=True)
    return checkout


@pytest.mark.slow
def test_open_webui_is_deployed_and_a_second_run_changes_nothing(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    with begin(workspace, hub.endpoint, {"space": space}) as running:
        first = running.end(300)

    assert (first.outputs["result"], first.exit_code) == ("live", 0), first.log
    card = api.space_info(space).card_data
    assert card is not None
    assert (card["sdk"], card["app_port"]) == ("docker", 8080)
    # The Hub's own first commit, and one move of main.
    assert len(api.list_repo_commits(space, repo_type="space")) == 2
    assert tree(api, space) == tracked(workspace)

    hub.forget()
    with begin(workspace, hub.endpoint, {"space": space}) as running:
        again = running.end(300)

    assert (again.outputs["result"], again.outputs["changed"], again.exit_code) == ("live", "false", 0), again.log
    assert again.outputs["commit-sha"] == first.outputs["commit-sha"]
    assert again.outputs["stage"] == "RUNNING"
    assert "Nothing to publish" in again.log
    assert "nothing had changed" in again.summary
    assert not [request for request in hub.requests() if request["method"] != "GET"]


@pytest.mark.slow
@pytest.mark.parametrize("variant", costs.VARIANTS)
def test_cost_on_every_hub_that_decides_otherwise_what_is_large(variant: str) -> None:
    found = {cost.case: cost for cost in costs.costs(needs.open_webui(), variant)}

    assert found.keys() == {"nothing changed", "a text changed", "a picture changed"}
    for cost in found.values():
        assert cost.good, (cost.case, cost.requests)
    assert (found["a picture changed"].storage > 0) is (variant == "small-binaries-lfs"), "the variant is on"


def tracked(checkout: Path) -> dict[str, str]:
    """The blob ids of what git tracks and the Space gets; not the README, which is completed on its way."""
    listed = subprocess.run(
        ["git", "ls-tree", "-rz", "HEAD"], cwd=checkout, capture_output=True, check=True
    ).stdout.decode()
    entries = (line.split("\t", 1) for line in listed.split("\0") if line)
    return {
        path: about.split()[2]
        for about, path in entries
        if path != "README.md" and not path.startswith(LEFT_OUT[0]) and Path(path).name not in LEFT_OUT
    }


def tree(api: HfApi, space: str) -> dict[str, str]:
    """The blob ids of the Space's files; for one in LFS the id that git gives its content."""
    found = {}
    for entry in api.list_repo_tree(space, repo_type="space", recursive=True):
        if hasattr(entry, "blob_id") and entry.path not in ("README.md", ".gitattributes"):
            found[entry.path] = _content_id(api, space, entry.path) if entry.lfs else entry.blob_id
    return found


def _content_id(api: HfApi, space: str, path: str) -> str:
    file = api.hf_hub_download(space, path, repo_type="space")
    done = subprocess.run(["git", "hash-object", "--no-filters", file], capture_output=True, text=True, check=True)
    return done.stdout.strip()
