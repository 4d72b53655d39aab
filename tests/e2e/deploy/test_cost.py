"""A deploy costs what the change costs, whatever the size of the tree: requests and bytes, counted by localhub."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from hfspace_action.publish import batches
from tests.kit import large
from tests.kit.gitrepo import commit
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import begin

# As Open WebUI has it: thousands of icons in one folder, the rest in some hundreds; and the largest tree of the Hub's advice.
ICONS = {f"static/icons/{number}.svg": f"<svg>{number}</svg>\n" for number in range(3800)}


def as_open_webui() -> dict[str, str]:
    return large.many(110, 10) | ICONS


# Made by the test that needs them: each process of pytest collects both.
TREES = [
    pytest.param(as_open_webui, id="4,900 files, most in one folder"),
    pytest.param(partial(large.many, 1000), id="100,000 files", marks=pytest.mark.slow),
]


def cost(hub: LocalHub, workspace: Path, space: str) -> tuple[int, int]:
    """The requests of one deploy and the bytes that it sends, up to where it would begin to wait for the Space."""
    hub.forget()
    with begin(workspace, hub.endpoint, {"space": space, "wait": "false"}) as running:
        step = running.end(300)
    assert step.outputs["result"] == "published", step.log
    requests = hub.requests()
    return len(requests), sum(request["request_bytes"] for request in requests)


@pytest.mark.parametrize("made", TREES)
def test_cost_of_no_change_and_of_one_file(
    made: Callable[[], Mapping[str, str]], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    large.checkout(workspace, made())
    api.create_repo(space, repo_type="space", space_sdk="docker")
    tree = SpaceTree(hub, space)
    large.deployed(tree.path, workspace)
    before = tree.commits()

    requests, sent = cost(hub, workspace, space)

    assert requests <= 8
    assert sent <= 20_000
    assert tree.commits() == before

    commit(workspace, {"part-0050/file-05.txt": "changed\n"})
    requests, sent = cost(hub, workspace, space)

    assert requests <= 14
    assert sent <= 20_000
    assert len(tree.commits()) == len(before) + 1


def test_cost_of_changes_in_many_folders_is_that_of_listing_them_at_once(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    large.checkout(workspace, large.many(300, 10))
    api.create_repo(space, repo_type="space", space_sdk="docker")
    large.deployed(SpaceTree(hub, space).path, workspace)
    commit(workspace, {f"part-{number:04}/file-05.txt": "changed\n" for number in range(300)})

    requests, _ = cost(hub, workspace, space)

    assert requests <= 14


def test_a_first_deploy_moves_main_once(hub: LocalHub, space: str, workspace: Path) -> None:
    large.checkout(workspace, large.many(batches.FILES * 3 // 100))

    cost(hub, workspace, space)

    assert len(SpaceTree(hub, space).commits()) == 1
