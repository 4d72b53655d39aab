"""What may have become of a Space since its deploy: each named, in one issue however often it is seen."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.e2e.monitor.conftest import DECLARED, Watched
from tests.kit.local import LocalHub

LOG = 'Traceback (most recent call last):\n  File "/app/app.py", line 1, in <module>\nRuntimeError: no luck\n'


def as_deployed(_watched: Watched, _space: str) -> None:
    """Nothing has happened."""


class State(NamedTuple):
    """What is planted, and what must be named: `short` in the issue's title, `error` in its text."""

    name: str
    script: tuple[dict[str, object], ...] = ()
    happens: Callable[[Watched, str], object] = as_deployed
    short: str = ""
    error: str = ""


STATES = (
    State("fine"),
    State("runtime-error", ({"stage": "RUNTIME_ERROR", "errorMessage": "Exit code: 1.", "run_log": LOG},),
          short="RUNTIME_ERROR", error="app-crashed"),
    State("build-error", ({"stage": "BUILD_ERROR", "errorMessage": "Job failed."},), short="BUILD_ERROR", error="stage-build-error"),
    State("paused", happens=lambda watched, space: watched.api.pause_space(space), short="PAUSED", error="paused"),
    State("sleeping", ({"stage": "SLEEPING"},)),
    State("app-500", ({"stage": "RUNNING", "http_status": 500},), short="the app does not answer as it should", error="unreachable"),
    State("wrong-commit", ({"stage": "RUNNING", "sha": "old"},),
          short="another commit runs", error="not-head"),
    State("hand-edit", happens=lambda watched, space: watched.commit(space, "Update app.py @octocat", "app.py"),
          short="edited by hand", error="edited"),
    State("variable", happens=lambda watched, space: watched.api.add_space_variable(space, "GREETING", "bye"),
          short="variable GREETING differs", error="setting-differs"),
    State("hardware", happens=lambda watched, space: watched.api.request_space_hardware(space, "t4-small"),
          short="hardware differs", error="setting-differs"),
    State("secret", happens=lambda watched, space: watched.api.delete_space_secret(space, "API_KEY"),
          short="secret API_KEY missing", error="setting-differs"),
    State("visibility", happens=lambda watched, space: watched.api.update_repo_settings(space, private=True, repo_type="space"),
          short="visibility differs", error="setting-differs"),
    State("deleted", happens=lambda watched, space: watched.api.delete_repo(space, repo_type="space"),
          short="deleted or hidden", error="space-missing"),
)  # fmt: skip
ILL = [state for state in STATES if state.short]


@pytest.fixture
def planted(watched: Watched, space: str) -> dict[str, str]:
    """A Space in each state, by the state's name."""
    made = {state.name: watched.deployed(f"{space}-{state.name}", *state.script) for state in STATES}
    for state in STATES:
        state.happens(watched, made[state.name])
    for name in ("hand-edit", "variable", "hardware"):
        watched.settled(made[name], "RUNNING")
    return made


@pytest.mark.slow
def test_each_of_twelve_states_is_named_in_one_issue_however_often_it_is_seen(
    watched: Watched, planted: dict[str, str]
) -> None:
    names = "\n".join(planted.values())

    runs = [watched.run(spaces=names, **DECLARED) for _ in range(3)]

    for run in runs:
        assert (run.exit_code, run.outputs["result"], run.outputs["error"]) == (1, "broken", "needs-attention"), run.log
    for state in STATES:
        found = watched.about(planted[state.name])
        assert [(each["state"], each["title"]) for each in found] == (
            [("open", f"{planted[state.name]}: {state.short}")] if state.short else []
        )
        assert all(f"(`{state.error}`)" in each["body"] for each in found), found
        row = re.search(rf"^\| (\S+) \| .*{planted[state.name]}\b.*$", runs[-1].summary, re.MULTILINE)
        assert row, runs[-1].summary
        assert row[1] == ("✗" if state.short else "✓"), row[0]
    assert len(watched.octo.issues) == len(ILL) == 11
    assert watched.octo.comments == [], "nothing new happened"
    assert [each.split()[0] for each in watched.octo.requests].count("POST") == len(ILL)
    assert [each for each in watched.octo.requests if each.startswith("GET")] == 3 * [watched.octo.requests[0]]
    (edited,) = watched.about(planted["hand-edit"])
    assert "by alice on" in edited["body"]
    assert "(app.py)" in edited["body"]
    assert "@octocat" not in edited["body"], "somebody would be called"


@pytest.mark.parametrize("variant", ["", "no-visibility", "private"])
def test_a_space_that_is_well_takes_eight_requests_to_the_hub_the_app_and_github(
    variant: str, watched: Watched, space: str, hub: LocalHub
) -> None:
    watched.deployed(space)
    if variant == "private":
        watched.api.update_repo_settings(space, private=True, repo_type="space")
    elif variant:
        hub.vary(variant, of=space)
    hub.forget()
    before = len(hub.visits())

    step = watched.run(
        space, max_price="30", **DECLARED | {"visibility": "private" if variant == "private" else "public"}
    )

    assert (step.exit_code, step.outputs["result"], step.outputs["stage"]) == (0, "seen", "RUNNING"), step.log
    asked = [each["path"] for each in hub.requests()] + watched.octo.requests + hub.visits()[before:]
    assert len(asked) <= 8, asked
    assert {each["method"] for each in hub.requests()} == {"GET"}, "it only reads"
    assert watched.octo.issues == []
    assert "cpu-upgrade, $0.03 an hour, sleeps after 1 h" in step.log
