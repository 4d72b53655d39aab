"""A run with many Spaces: one result, one table, and of each red one what a run with it alone shows."""

import json
from dataclasses import replace

import pytest

from hfspace_action.errors import Failure, Place
from hfspace_action.report import report
from hfspace_action.report.facts import Report
from hfspace_action.report.many import table, tally
from hfspace_action.report.summary import summary
from hfspace_action.result import Result
from tests.kit import summaries

LIVE = Report(
    result=Result.LIVE, space_id="alice/live", space_url="https://huggingface.co/spaces/alice/live", changed=True,
    app_url="https://alice-live.hf.space", plan=["~ files: 1 changed"], commit_sha="a" * 40,
)  # fmt: skip
SAME = Report(result=Result.SEEN, space_id="alice/same", changed=False)
LOST = Report(
    space_id="alice/lost", failures=[Failure("path-missing", place=Place("spaces.yaml", 7), path="apps/lost", meant="")]
)
OPEN = Report(space_id="alice/open")
SECRET = "hunter2-and-more"


def seen(*results: Result) -> list[Report]:
    return [Report(result=each, space_id="alice/a") for each in results]


@pytest.mark.parametrize(
    ("results", "one"),
    [
        ([Result.SEEN, Result.SEEN], Result.SEEN),
        ([Result.SEEN, Result.LIVE], Result.LIVE),
        ([Result.ASLEEP, Result.LIVE], Result.ASLEEP),
        ([Result.LIVE, Result.PUBLISHED, Result.ASLEEP], Result.PUBLISHED),
        ([Result.PLANNED, Result.PLANNED], Result.PLANNED),
        ([Result.LIVE, Result.TIMEOUT, Result.FAILED], Result.TIMEOUT),
        ([Result.ERROR, Result.PLANNED], Result.ERROR),
    ],
)
def test_the_result_is_the_first_red_one_else_the_least_sure(results: list[Result], one: Result) -> None:
    assert tally.result(seen(*results)) is one


def test_a_restart_is_said_once_for_each_space() -> None:
    both = [replace(LIVE, restarts=True, plan=["+ variable A: 1", "~ files: 1 changed"]), SAME]

    assert [line.count("restarts the app") for line in table.planned(both)] == [1, 0]
    assert summary(Report(result=Result.LIVE, spaces=both), str).count("restarts the app") == 1


def test_what_is_red_comes_first_and_what_did_not_change_last() -> None:
    assert tally.words([SAME, LIVE, LOST, SAME]) == "4 Spaces: 1 not deployed, 1 live, 2 unchanged"
    assert [each.space_id for each in tally.in_order([SAME, LIVE, LOST])] == ["alice/lost", "alice/live", "alice/same"]


def test_the_summary_has_a_row_for_each_and_the_cause_of_each_red_one() -> None:
    shown = summary(Report(result=Result.ERROR, spaces=(SAME, LIVE, LOST)), str)

    assert shown.startswith("### ❌ 3 Spaces: 1 not deployed, 1 live, 1 unchanged\n")
    rows = [line for line in shown.splitlines() if line.startswith("| ")][2:]
    assert [row.split(" | ")[0] for row in rows] == ["| ✗", "| ✓", "| –"]
    assert "[alice/live](https://huggingface.co/spaces/alice/live) · [app](https://alice-live.hf.space)" in rows[1]
    assert "`spaces.yaml` line 7" in shown


def test_what_ended_the_run_for_all_is_said_once() -> None:
    cut = Report(result=Result.CANCELLED, failures=[Failure("cancelled")], spaces=(LIVE, OPEN))

    assert summary(cut, str).startswith("### ❌ 2 Spaces: 1 not finished, 1 live: the runner ended the step\n")
    assert report.outputs(cut)["error"] == "cancelled"


def test_a_secret_in_what_one_space_failed_of_is_hidden() -> None:
    failed = Report(
        result=Result.FAILED, space_id="alice/a", log_tail=[f"key {SECRET}"], plan=[f"~ variable A: {SECRET}"],
        failures=[Failure("internal", kind="E", detail=SECRET)],
    )  # fmt: skip
    shown = summary(Report(result=Result.FAILED, spaces=(failed, LIVE)), lambda text: text.replace(SECRET, "***"))

    assert SECRET not in shown
    assert "***" in shown


@pytest.mark.parametrize("hostile", summaries.HOSTILE)
def test_what_others_wrote_changes_nothing_but_text(hostile: str) -> None:
    def shape(text: str) -> object:
        many = Report(result=Result.FAILED, spaces=(summaries.filled(text), LIVE))
        return summaries.shape(summaries.page(many))

    assert shape(hostile) == shape("text")


def test_the_output_has_what_is_known_of_each() -> None:
    outputs = report.outputs(Report(result=Result.ERROR, spaces=(LIVE, LOST)))

    first, second = json.loads(outputs["spaces"])
    assert (first["space-id"], first["result"], first["app-url"]) == ("alice/live", "live", LIVE.app_url)
    assert second == {"space-id": "alice/lost", "result": "error", "error": "path-missing"}
    assert (outputs["error"], outputs["space-id"]) == ("path-missing", "")
