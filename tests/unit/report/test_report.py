"""`report`: the log's last lines, outputs and annotations."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from hfspace_action import durations
from hfspace_action.errors import Failure, Note, Place
from hfspace_action.report import report
from hfspace_action.report.facts import Report
from hfspace_action.report.summary import summary
from hfspace_action.result import Result
from hfspace_action.workflow.runner import Runner
from tests.kit.summaries import (
    ACTION,
    FAILED,
    LIVE,
    REFUSED,
    SHA,
    page,
    shown_by,
    words,
)

ACTIONS = {"GITHUB_ACTIONS": "true"}


def test_outputs_are_those_of_the_contract() -> None:
    assert list(report.outputs(Report())) == list(yaml.safe_load(ACTION.read_text())["outputs"])


def test_outputs_of_a_live_space() -> None:
    assert report.outputs(LIVE) == {
        "result": "live",
        "stage": "RUNNING",
        "space-id": "alice/demo",
        "space-url": "https://huggingface.co/spaces/alice/demo",
        "app-url": "https://alice-demo.static.hf.space",
        "commit-sha": SHA,
        "commit-url": f"https://huggingface.co/spaces/alice/demo/commit/{SHA}",
        "changed": "true",
        "created": "false",
        "hardware": "cpu-basic",
        "visibility": "public",
        "plan": "",
        "healthy": "",
        "error": "",
        "duration": "81",
        "spaces": "",
        "matrix": "",
        "pull-request": "",
        "release": "",
        "releases": "",
        "receipt": "",
    }


def test_outputs_that_are_not_known_are_empty() -> None:
    assert {name for name, value in report.outputs(Report()).items() if value} == {"result"}


def test_output_error_is_the_first_failures_id() -> None:
    both = [Failure("input-token-missing"), Failure("input-space-missing")]
    assert report.outputs(Report(failures=both))["error"] == "input-token-missing"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (3.14, "3.1 s"), (9.99, "10 s"), (59.6, "1 min"), (81, "1 min 21 s"), (7500, "2 h 5 min")],
)
def test_duration_in_words(seconds: float, said: str) -> None:
    assert durations.words(seconds) == said


def annotations(given: Report) -> list[str]:
    out = io.StringIO()
    report.annotate(given, Runner(ACTIONS, out))
    return out.getvalue().splitlines()


def test_annotation_of_a_failure_is_at_its_place() -> None:
    (line,) = annotations(FAILED)
    assert line == (
        "::error title=alice/demo was not built,file=requirements.txt,line=3::"
        "exit code: 1.%0ACorrect what the end of the build log names, and push again.%0A[stage-build-error]"
    )


PAGE = "https://github.com/org/hf-space-deploy/blob/v1/docs/errors.md"


def test_annotation_ends_with_the_id() -> None:
    (alone,) = annotations(FAILED)
    (linked,) = annotations(replace(FAILED, errors_page=PAGE))

    assert alone.endswith("%0A[stage-build-error]")
    assert linked.endswith(f"%0A{PAGE}#stage-build-error [stage-build-error]")
    assert "Error:" not in alone + linked


def test_annotation_has_the_address_of_a_page_that_its_advice_names() -> None:
    (line,) = annotations(Report(failures=[REFUSED], secrets_page="https://github.com/a/b/settings/secrets/actions"))
    assert "the repository's secrets (https://github.com/a/b/settings/secrets/actions), under" in line


def test_summary_leads_from_each_failure_to_its_section() -> None:
    failures = [
        *FAILED.failures,
        Failure("timeout", after="30 min", target="a1b2c3d", stage="BUILDING", work="The build", more="1h"),
    ]

    shown = page(replace(FAILED, failures=failures, errors_page=PAGE))

    links = {link.text: link.get("href") for link in shown.iter("a")}
    assert links["stage-build-error"] == f"{PAGE}#stage-build-error"
    assert links["timeout"] == f"{PAGE}#timeout"


def test_summary_has_the_id_without_a_link_where_no_address_is_known() -> None:
    shown = page(FAILED)

    assert "(stage-build-error)" in words(shown)
    assert "errors.md" not in str([link.attrib for link in shown.iter("a")])


def test_annotation_of_a_failed_run_without_a_failure_is_its_headline() -> None:
    assert annotations(replace(LIVE, result=Result.TIMEOUT)) == ["::error::alice/demo is not live yet."]


def test_annotation_of_a_note_is_a_warning() -> None:
    assert annotations(replace(LIVE, notes=[Note("Mind the step.", Place("a.sh")), Note("And this.")])) == [
        "::warning file=a.sh::Mind the step.",
        "::warning::And this.",
    ]


def test_publish_writes_the_log_the_outputs_and_the_summary(tmp_path: Path) -> None:
    output, written, out = tmp_path / "output", tmp_path / "summary", io.StringIO()
    output.touch()
    written.touch()
    report.publish(LIVE, Runner(ACTIONS | {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(written)}, out))
    assert out.getvalue() == f"alice/demo is live. {LIVE.app_url}\n"
    assert len(re.findall(r"^[a-z-]+<<", output.read_text(), re.MULTILINE)) == len(report.outputs(LIVE))
    assert written.read_text() == summary(LIVE, str)


def test_the_lines_that_show_the_cause_are_outside_of_any_group() -> None:
    out = io.StringIO()
    failure = shown_by(Failure("stage-build-error", said="no"), "ERROR: nope")
    report.publish(replace(FAILED, failures=[failure]), Runner(ACTIONS, out))
    assert out.getvalue().splitlines()[:2] == ["alice/demo was not built:", "  ERROR: nope"]
