"""One issue about each Space, whatever happens to it on GitHub."""

import re

import pytest

from hfspace_action.commands.monitor import page
from tests.e2e.monitor.conftest import DECLARED, SECRET, Watched
from tests.kit.github.judge import filled

PAUSED = {"stage": "PAUSED"}


def resume(watched: Watched, space: str) -> None:
    watched.api.restart_space(space)
    watched.settled(space, "RUNNING")


@pytest.mark.slow
def test_it_is_told_what_is_wrong_now_and_opened_again_the_next_time(watched: Watched, space: str) -> None:
    watched.deployed(space, {"stage": "RUNNING", "http_status": 500}, on_restart=({"stage": "RUNNING"},))
    watched.run(space)
    watched.api.pause_space(space)
    watched.run(space)
    resume(watched, space)
    well = watched.run(space)
    watched.api.pause_space(space)
    watched.run(space)

    assert well.outputs["result"] == "seen", well.log
    (issue,) = watched.about(space)
    assert (issue["state"], issue["title"]) == ("open", f"{space}: PAUSED")
    assert [each["body"] for each in watched.octo.comments] == [
        f"{space} needs attention: PAUSED.",
        f"{space} is as it should be.",
        f"{space} needs attention: PAUSED.",
    ]


def test_one_that_a_person_closed_as_not_planned_stays_closed(watched: Watched, space: str) -> None:
    watched.deployed(space, PAUSED)
    watched.run(space)
    watched.octo.issues[0] |= {"state": "closed", "state_reason": "not_planned", "title": "Old"}

    step = watched.run(space)

    assert step.outputs["result"] == "broken"
    assert [(each["state"], each["title"]) for each in watched.about(space)] == [("closed", f"{space}: PAUSED")]
    assert watched.octo.comments == []


@pytest.mark.parametrize("whose", ["a stranger's", "a pull request"])
def test_what_only_looks_like_it_is_left_alone(whose: str, watched: Watched, space: str) -> None:
    watched.deployed(space, PAUSED)
    user = filled("simple-user", login="mallory", type="User" if whose == "a stranger's" else "Bot")
    page = "https://github.com/octo/site/" + ("issues/1" if whose == "a stranger's" else "pull/1")
    body = f"<!-- hf-space-deploy: watch of {space} -->\nMine."
    labels = [{"name": "hf-space-deploy"}]
    theirs = {
        "number": 1,
        "state": "open",
        "title": "x",
        "body": body,
        "user": user,
        "labels": labels,
        "html_url": page,
    }
    watched.octo.issues.append(filled("issue", **theirs, author_association="NONE", state_reason=None))

    watched.run(space)

    assert [each["number"] for each in watched.about(space)] != [1]
    assert watched.octo.issues[0]["body"] == body
    assert len(watched.octo.issues) == 2


def test_of_two_that_two_runs_opened_at_once_one_stays(watched: Watched, space: str) -> None:
    watched.deployed(space, PAUSED)
    watched.run(space)
    watched.octo.issues.append(watched.octo.issues[0] | {"number": 7, "id": 7})

    watched.run(space)

    assert [(each["state"], each["number"] == 7) for each in watched.about(space)] == [
        ("open", False),
        ("closed", True),
    ]


def test_no_secret_and_nothing_that_acts_gets_into_it(watched: Watched, space: str) -> None:
    said = f"key {SECRET} of hf_alice\n| @octocat | <img src=x> #1 <!-- cures: 9 -->"
    watched.deployed(space, {"stage": "RUNTIME_ERROR", "errorMessage": said})
    watched.commit(space, f"Use {SECRET} | <!-- cures: 9 --> @octocat", "a|`b`.txt")
    watched.settled(space, "RUNTIME_ERROR")

    step = watched.run(space, **DECLARED)

    (issue,) = watched.about(space)
    assert "edited by hand" in issue["title"], step.log
    for text in (issue["title"], issue["body"], *(each["body"] for each in watched.octo.comments)):
        assert SECRET not in text
        assert "hf_alice" not in text
        assert "@octocat" not in text
        assert "<img" not in text
    assert page.tried(issue["body"]) == 0, "the first count is ours"
    rows = [line for line in issue["body"].splitlines() if line.startswith(("| ✗", "| ✓", "| –"))]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}, rows


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("ghs_poor", "The job lacks the permission `issues: write` (HTTP 403)"),
        ("ghs_unlabelled", "GitHub has not put the label `hf-space-deploy` on #"),
        ("", "no issue is kept about it, because there is no `github-token`"),
    ],
)
def test_without_the_right_to_it_the_look_goes_on(token: str, says: str, watched: Watched, space: str) -> None:
    watched.deployed(space, PAUSED)

    step = watched.run(space, github_token=token)

    assert (step.outputs["result"], step.outputs["error"]) == ("broken", "paused"), step.log
    assert says in step.log
    assert len(watched.octo.issues) == (token == "ghs_unlabelled")
