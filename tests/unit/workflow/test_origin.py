"""Who did this: the lines of the commit on the Space."""

import json
from pathlib import Path
from typing import Any

import pytest

from hfspace_action.workflow.ci import github
from hfspace_action.workflow.run import Source
from tests.kit.watch.script import was

RUNNER = {
    "GITHUB_REPOSITORY": "octo/site",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_SHA": "a" * 40,
    "GITHUB_RUN_ID": "42",
    "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_ACTOR": "ada",
}
PULL = {
    "number": 12,
    "head": {"sha": "c" * 40, "repo": {"full_name": "octo/site"}},
    "base": {"sha": "b" * 40, "repo": {"full_name": "octo/site"}},
}


def lines(folder: Path, payload: Any, subject: str = "Say hello", **env: str) -> list[str]:
    file = folder / "event.json"
    file.write_text(json.dumps(payload), "utf-8")
    source = github.source({**RUNNER, "GITHUB_EVENT_PATH": str(file), **env})
    return source._replace(subject=subject).description.split("\n")


def test_a_push_names_commit_subject_changes_actor_and_run(tmp_path: Path) -> None:
    compare = "https://github.com/octo/site/compare/b...a"

    assert lines(tmp_path, {"compare": compare}) == [
        f"Source: https://github.com/octo/site/commit/{'a' * 40}",
        "Subject: Say hello",
        f"Changes: {compare}",
        "Actor: ada",
        "Run: https://github.com/octo/site/actions/runs/42 (attempt 1)",
    ]


def test_a_pull_request_is_named_with_what_it_changes(tmp_path: Path) -> None:
    found = lines(tmp_path, {"pull_request": PULL})

    assert "Pull request: https://github.com/octo/site/pull/12" in found
    assert f"Changes: https://github.com/octo/site/compare/{'b' * 40}...{'c' * 40}" in found


@pytest.mark.parametrize("subject", ["Say hello (#12)", "Merge pull request #12 from ada/hello"])
def test_the_subject_of_a_merge_names_its_pull_request(subject: str, tmp_path: Path) -> None:
    assert "Pull request: https://github.com/octo/site/pull/12" in lines(tmp_path, {}, subject)


@pytest.mark.parametrize("subject", ["Fix #12", "See (#12) again", "(#12"])
def test_other_subjects_name_none(subject: str, tmp_path: Path) -> None:
    assert not [line for line in lines(tmp_path, {}, subject) if line.startswith("Pull request")]


def test_who_runs_it_again_is_named_too(tmp_path: Path) -> None:
    assert "Actor: ada, run again by bob" in lines(tmp_path, {}, GITHUB_TRIGGERING_ACTOR="bob")
    assert "Actor: ada" in lines(tmp_path, {}, GITHUB_TRIGGERING_ACTOR="ada")


@pytest.mark.parametrize("compare", ["https://evil.example/compare/x", 5, None])
def test_only_an_address_of_the_repository_is_shown(compare: object, tmp_path: Path) -> None:
    assert not [line for line in lines(tmp_path, {"compare": compare}) if line.startswith("Changes")]


def test_a_long_subject_stays_one_line(tmp_path: Path) -> None:
    (subject,) = [line for line in lines(tmp_path, {}, "x\ny" * 200) if line.startswith("Subject: ")]

    assert len(subject) < 300


def test_an_event_that_can_not_be_read_costs_only_its_lines(tmp_path: Path) -> None:
    assert lines(tmp_path, [1, 2])[0].startswith("Source: ")


@pytest.mark.parametrize(
    ("repository", "space", "wanted", "shown"),
    [
        pytest.param("private", "public", None, False, id="private on a public Space"),
        pytest.param("internal", "public", None, False, id="internal on a public Space"),
        pytest.param("private", None, None, False, id="private on a Space that may be public"),
        pytest.param("private", "private", "public", False, id="private on a Space that becomes public"),
        pytest.param("private", "private", None, True, id="private on a private Space"),
        pytest.param("private", "protected", None, True, id="private on a protected Space"),
        pytest.param("private", "public", "private", True, id="private on a Space that becomes private"),
        pytest.param("public", "public", None, True, id="public on a public Space"),
    ],
)
def test_the_subject_is_shown_to_those_alone_who_may_read_it(
    repository: str, space: str | None, wanted: str | None, shown: bool
) -> None:
    there = was("RUNNING", visibility=space, private=space == "private")
    source = Source(
        repository="octo/site", page="https://github.com/octo/site", subject="Buy Acme (#12)", shown_to=repository
    )

    description = source.shown_on(there, wanted).description

    assert ("Acme" in description) == shown
    assert "Pull request: https://github.com/octo/site/pull/12" in description
