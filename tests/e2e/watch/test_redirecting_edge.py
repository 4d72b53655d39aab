"""A static Space's `/` is a redirect to its page: what is live there is found live at once, and not after the whole timeout."""

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import deploy

POLLS, SECONDS = 5, 10.0
"""The state at once and every half second, until a page that can be compared is ours, or another answered three times."""
COMMIT, STATE = re.compile(r"/api/spaces/[^/]+/[^/]+/commit/main"), re.compile(r"/api/spaces/[^/]+/[^/]+")


class Watched(NamedTuple):
    """What was asked between the last commit of a step and the page that made it live."""

    polls: int
    seconds: float
    pages: list[tuple[str, int]]


def watched(hub: LocalHub) -> Watched:
    requests = hub.requests()
    last = max(number for number, each in enumerate(requests) if COMMIT.fullmatch(each["path"]))
    began = datetime.fromisoformat(requests[last]["at"])
    visits = [each for each in hub.visits() if datetime.fromisoformat(each["at"]) >= began]
    return Watched(
        sum(each["method"] == "GET" and STATE.fullmatch(each["path"]) is not None for each in requests[last:]),
        (datetime.fromisoformat(visits[-1]["at"]) - began).total_seconds(),
        [(each["path"], each["status"]) for each in visits],
    )


def assert_live_in_the_time_of_a_poll(found: Watched) -> None:
    assert found.pages == [("/", 302), ("/index.html", 200)] * (len(found.pages) // 2), "each redirect was followed"
    assert len(found.pages) <= 2 * POLLS
    assert found.polls <= POLLS
    assert found.seconds <= SECONDS


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_a_deploy_and_a_redeploy(visibility: str, hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "<h1>Flood</h1>\n"})
    for text in ("Ebb", "Slack water"):
        repository.commit(workspace, text, {"index.html": f"<h1>{text}</h1>\n"})
        hub.forget()

        step = deploy(workspace, hub.endpoint, {"space": space, "visibility": visibility})

        assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
        assert_live_in_the_time_of_a_poll(watched(hub))


@pytest.mark.slow
def test_a_rollback(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "<h1>Tides</h1>\n"})
    deploy(workspace, hub.endpoint, {"space": space})
    repository.commit(workspace, "Empty the page", {"index.html": "<h1>Soon</h1>\n"})
    hub.forget()

    given = {"space": space, "on-failure": "rollback", "checks": "- contains: Tides", "timeout": "4s"}
    step = deploy(workspace, hub.endpoint, given)

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "rolled-back", "check-failed")
    assert_live_in_the_time_of_a_poll(watched(hub))


def test_a_private_self_test(hub: LocalHub, space: str, workspace: Path) -> None:
    workspace.mkdir()
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, "command": "selftest"})

    assert (step.exit_code, step.outputs["result"]) == (0, "passed"), step.log
    assert re.search(rf"create: {space}-selftest-\w+, private$", step.log, re.MULTILINE)
    assert_live_in_the_time_of_a_poll(watched(hub))
