"""`headline`: result and reason in one sentence, and the texts of errors.toml that give the reasons."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from hfspace_action.errors import PLACEHOLDER, Failure, Place, catalogue
from hfspace_action.inputs.schema import COMMANDS
from hfspace_action.report import headline as headline_module
from hfspace_action.report.facts import Report, Row
from hfspace_action.report.headline import headline
from hfspace_action.report.summary import summary
from hfspace_action.result import Result
from tests.kit.summaries import FAILED, LIVE, NOT_FOUND, REFUSED, SHA, page, words


@pytest.mark.parametrize("known", [LIVE, replace(FAILED, stage=None), Report()], ids=["all", "no-stage", "nothing"])
@pytest.mark.parametrize("result", Result)
def test_headline_is_one_sentence_for_every_result(result: Result, known: Report) -> None:
    sentence = str(headline(replace(known, result=result)))

    assert re.fullmatch(r"[A-Z]?[^\n]+[^.]", sentence)
    assert not re.search(r"None|  | \.|\{", sentence)


def test_headlines_tell_the_results_apart() -> None:
    assert len({str(headline(replace(LIVE, result=result))) for result in Result}) == len(Result)


@pytest.mark.parametrize("stage", ["BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE"])
def test_headline_of_a_failed_space_depends_on_its_stage(stage: str) -> None:
    others = {str(headline(replace(FAILED, stage=other))) for other in (None, "RUNNING")}
    assert str(headline(replace(FAILED, stage=stage))) not in others


HEADLINES = [
    (LIVE, "alice/demo is live"),
    (replace(LIVE, created=True), "alice/demo was created and is live"),
    (replace(LIVE, changed=False), "alice/demo is live, and nothing had changed"),
    (replace(FAILED, failures=[NOT_FOUND]), "alice/demo was not built: `transfomers==4.50` can't be installed"),
    (FAILED, "alice/demo was not built: exit code: 1"),
    (Report(space_id="alice/full", failures=[REFUSED]), "alice/full was not deployed: the Hub refuses the token in `hf-token`"),
    (Report(failures=[Failure("input-space-missing")]), "Nothing was deployed: the input `space` is missing"),
    (
        Report(failures=[Failure("input-invalid", input=name, problem="no", advice="Yes.") for name in "abcdef"]),
        "Nothing was deployed: 6 inputs can't be used",
    ),
    (
        replace(LIVE, result=Result.PLANNED, plan=["~ a", "+ b", "- c"], restarts=True),
        "Dry run: a deploy would make 3 changes to alice/demo and restart it",
    ),
    (replace(LIVE, result=Result.PLANNED, plan=["~ files: 1 added"]), "Dry run: a deploy would make 1 change to alice/demo"),
    (replace(LIVE, result=Result.PLANNED, plan=["nothing to change"]), "Dry run: a deploy would change nothing in alice/demo"),
    (replace(LIVE, result=Result.PLANNED, plan=["+ space alice/demo: static"]), "Dry run: a deploy would create alice/demo"),
    (replace(LIVE, result=Result.PLANNED, command="delete", plan=["- space x"]), "Dry run: alice/demo would be deleted"),
    (
        Report(command="migrate", result=Result.MIGRATED, changed=True, rows=[Row(True, "1 step", "a.yml")]),
        "Rewritten to deploy with this action: 1 workflow",
    ),
    (
        Report(command="migrate", result=Result.MIGRATED, changed=False, rows=[Row(True, "1 step", "a.yml")]),
        "Dry run: 1 workflow would deploy with this action",
    ),
    (
        Report(command="migrate", result=Result.MIGRATED, changed=False),
        "No workflow deploys to a Space in a way that is known",
    ),
    (
        replace(LIVE, result=Result.ROLLED_BACK, failures=[NOT_FOUND]),
        "alice/demo runs its previous version again; the new one failed: `transfomers==4.50` can't be installed",
    ),
    (replace(LIVE, command="status", result=Result.SEEN, running_sha=SHA), "alice/demo runs `a1b2c3d`, the head of main"),
    (
        replace(LIVE, command="status", result=Result.SEEN, running_sha="f" * 40),
        "alice/demo runs `fffffff`, while main is at `a1b2c3d`",
    ),
    (
        replace(LIVE, command="status", result=Result.SEEN, stage="BUILD_ERROR", error_message="Job failed\nexit code: 1\n"),
        "alice/demo is broken: exit code: 1",
    ),
    (replace(LIVE, command="status", result=Result.SEEN, stage="PAUSED"), "alice/demo is paused"),
    (
        replace(LIVE, result=Result.UNREACHABLE, failures=[Failure("unreachable", after="5 s", answer="HTTP 404", url="u")]),
        "alice/demo runs, but not as it should: its app does not answer as it should within 5 s: HTTP 404",
    ),
    (replace(LIVE, result=Result.ERROR, commit_sha=None, done=["~ a"], failures=[REFUSED]),
     "alice/demo was deployed in part: the Hub refuses the token in `hf-token`"),
    (
        Report(command="selftest", rows=[Row(True, "", "connect"), Row(False, "", "upload")], failures=[REFUSED]),
        "The self-test failed at the step `upload`: the Hub refuses the token in `hf-token`",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), HEADLINES, ids=[said for _, said in HEADLINES])
def test_headline_names_result_and_reason(given: Report, said: str) -> None:
    assert str(headline(given)) == said


BANNED = re.compile(
    r"\b(?:as it is|can't be told|could not be told|tell apart|told apart|by its shape|stands? in|look whether|look at|noted?|noting|tells?|hears?)\b",
    re.IGNORECASE,
)
IMPERATIVE = {
    "Accept", "Add", "Ask", "Build", "Change", "Check", "Choose", "Commit", "Correct", "COPY", "Create", "Declare", "Delete", "Deploy", "Edit", "Give",
    "Install", "Keep", "Leave", "Let", "Load", "Loosen", "Make", "Move", "Name", "Open", "Pass", "Pause", "Press", "Put", "Push", "Raise",
    "Remove", "Rename", "Report", "Restart", "Revoke", "Run", "Save", "Set", "Skip", "Spread", "Start", "Store", "Subscribe", "Switch", "Take",
    "Use", "Wait", "Write", "{advice}",
}  # fmt: skip
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


class Facts(dict[str, str]):
    """A fact of its own for each placeholder."""

    def __missing__(self, name: str) -> str:
        return f"the {name.replace('_', ' ')}"


def plain(source: str) -> str:
    """A summary's source without backticks and backslashes."""
    return re.sub(r"[`\\\\]", "", source)


def failed(name: str) -> Failure:
    """The failure with this id, with facts made up."""
    text = catalogue()[name].what + catalogue()[name].advice
    return Failure(name, place=Place("app.py", 3), **{each: Facts()[each] for each in PLACEHOLDER.findall(text)})


@pytest.mark.parametrize("name", catalogue())
def test_text_is_written_by_the_house_rule(name: str) -> None:
    what, advice = catalogue()[name]

    assert not BANNED.search(what + " " + advice)
    assert advice.split()[0] in IMPERATIVE, "the advice begins with what to do"
    assert re.match(r"[A-Z`'{]", what)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_headline_has_a_banned_word(command: str) -> None:
    said = [
        str(headline(replace(known, command=command, result=each)))
        for each in Result
        for known in (LIVE, FAILED, Report())
    ]

    assert not [each for each in said if BANNED.search(each)]


def test_no_fixed_sentence_has_a_banned_word() -> None:
    written = Path(headline_module.__file__).with_name("headlines.json").read_text("utf-8")
    said = [each for group in json.loads(written).values() for each in group.values()]

    assert len(said) > 50
    assert not [each for each in said if BANNED.search(each)]


@pytest.mark.parametrize("name", catalogue())
def test_summary_of_every_error_names_result_and_reason_and_says_nothing_twice(name: str) -> None:
    failure = failed(name)
    reason = failure.reason.replace("`", "").lower()

    for result in [each for each in Result if not each.ok]:
        shown = plain(summary(replace(LIVE, result=result, stage="BUILD_ERROR", failures=[failure]), str))
        title = shown.partition("\n")[0]
        said = [each for each in SENTENCE.split(shown) if len(each) > 20]

        assert "alice/demo" in title or "The self-test" in title, result
        assert reason[:40] in title.lower(), result
        assert len(said) == len(set(said)), result
        assert shown.lower().count(reason) == 1, result
        assert failure.advice.split()[0] in shown, result


@pytest.mark.parametrize(
    "given", [LIVE, *(each for each, _ in HEADLINES)], ids=lambda given: f"{given.command} {given.result}"
)
def test_summary_says_nothing_twice(given: Report) -> None:
    said = [each for each in SENTENCE.split(words(page(given))) if len(each) > 12]

    assert len(said) == len(set(said))
