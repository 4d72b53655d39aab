"""`report`: outputs, annotations and the job summary, the latter judged as GitHub renders it (cmark-gfm, an HTML5 parser)."""

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import cmarkgfm
import pytest
import tinyhtml5
import yaml
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action import __version__, durations
from hfspace_action.errors import PLACEHOLDER, Failure, Note, Place, catalogue
from hfspace_action.report import markdown, report
from hfspace_action.report.facts import Changes, Phase, Report, Row
from hfspace_action.report.headline import headline
from hfspace_action.report.summary import summary
from hfspace_action.result import Result
from hfspace_action.workflow.runner import Runner
from tests.kit import ROOT

ACTION = ROOT / "action.yml"
SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"
LIVE = Report(
    result=Result.LIVE,
    stage="RUNNING",
    space_id="alice/demo",
    space_url="https://huggingface.co/spaces/alice/demo",
    app_url="https://alice-demo.static.hf.space",
    commit_sha=SHA,
    commit_url=f"https://huggingface.co/spaces/alice/demo/commit/{SHA}",
    changed=True,
    created=False,
    hardware="cpu-basic",
    visibility="public",
    sdk="static",
    duration=81.3,
)
FAILED = replace(
    LIVE,
    result=Result.FAILED,
    stage="BUILD_ERROR",
    error_message="Job failed with exit code: 1",
    failures=[
        Failure("stage-build-error", place=Place("requirements.txt", 3), space="alice/demo", said="exit code: 1")
    ],
    log_tail=["Collecting nope", "", "\x1b[31mERROR: No matching distribution found for nope\x1b[0m"],
)
HOSTILE = [
    "::error::x",
    "<script>alert(1)</script>",
    "</pre><img src=x onerror=alert(1)>",
    "</code></details><!-- -->",
    "a | b \\| c",
    "`code` ``` ~~~",
    "[x](javascript:alert(1))",
    "](javascript:alert(1))",
    '" onmouseover="alert(1)',
    "<https://evil.example> https://evil.example www.evil.example a@evil.example",
    "# head\n\n- item\n1. one\n\n---\n> quote\n    code",
    "*a* _b_ ~~c~~ **d** __e__ \\*f\\*",
    "&lt; &amp; &#60; &colon;",
    "{{ 7 * 7 }} {% raw %} {# #}",
    "![x](https://evil.example/x.png)",
    "[^1] [x]: y",
]


def render(source: str) -> Element:
    """A summary's HTML as GitHub's renderer makes it, before GitHub takes unsafe elements out of it."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_GITHUB_PRE_LANG
    return tinyhtml5.parse(cmarkgfm.github_flavored_markdown_to_html(source, options), namespace_html_elements=False)


def words(element: Element) -> str:
    """All the text of an element, a space between pieces, white space run together."""
    return " ".join("".join(element.itertext()).split())


def shape(element: Element) -> list[tuple[object, list[str]]]:
    """The elements and attributes of a page without its text, its line ends and its fixed-width words."""
    tags = [each for each in element.iter() if isinstance(each.tag, str) and each.tag not in ("br", "code")]
    return [(each.tag, sorted(each.attrib)) for each in tags]


def page(given: Report) -> Element:
    return render(summary(given, str))


def shown_by(failure: Failure, *lines: str) -> Failure:
    """The failure with the lines of a log that show it."""
    failure.excerpt = lines
    return failure


def filled(text: str) -> Report:
    """A report that has `text` wherever text can come from outside."""
    return Report(
        result=Result.FAILED,
        stage=text,
        error_message=f"{text}\n{text}",
        space_id=text,
        space_url=text,
        app_url=text,
        commit_sha=text,
        commit_url=text,
        hardware=text,
        visibility=text,
        sdk=text,
        title=text,
        duration=1.0,
        source_sha=text,
        source_url=text,
        source_subject=text,
        source_files=text,
        running_sha=text,
        failed_sha=text,
        failed_url=text,
        changes=Changes([text], [text], [text], 1, 1),
        changed=True,
        plan=[f"+ {text}", f"~ {text}!"],
        plan_document=text,
        done=[text],
        notes=[Note(text, Place(text, 1)), Note(text)],
        failures=[shown_by(Failure("stage-build-error", place=Place(text, 1), space=text, said=text), text)],
        rows=[Row(True, text, text, text), Row(None, text, text)],
        phases=[Phase(text, 0, 1)],
        log_name=text,
        log_tail=[text, text],
    )


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
    }


def test_outputs_that_are_not_known_are_empty() -> None:
    assert {name for name, value in report.outputs(Report()).items() if value} == {"result"}


def test_output_error_is_the_first_failures_id() -> None:
    both = [Failure("input-token-missing"), Failure("input-space-missing")]
    assert report.outputs(Report(failures=both))["error"] == "input-token-missing"


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


NOT_FOUND = Failure(
    "requirement-not-found", place=Place("requirements.txt", 2), requirement="transfomers==4.50", hint=""
)
REFUSED = Failure("token-refused", said="Invalid credentials", kind="a user access token")
HEADLINES = [
    (LIVE, "alice/demo is live"),
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
        replace(LIVE, result=Result.ROLLED_BACK, failures=[NOT_FOUND]),
        "alice/demo runs its previous version again as `a1b2c3d`; the new one failed: `transfomers==4.50` can't be installed",
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
    "Accept", "Add", "Ask", "Change", "Check", "Choose", "Commit", "Correct", "COPY", "Create", "Delete", "Deploy", "Edit", "Give",
    "Install", "Keep", "Leave", "Let", "Load", "Loosen", "Move", "Name", "Open", "Pass", "Pause", "Press", "Put", "Push", "Raise",
    "Remove", "Rename", "Report", "Restart", "Revoke", "Run", "Save", "Set", "Skip", "Spread", "Start", "Store", "Subscribe", "Take",
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


@pytest.mark.parametrize("name", catalogue())
@pytest.mark.parametrize("result", [each for each in Result if not each.ok])
def test_summary_of_every_error_names_result_and_reason_and_says_nothing_twice(result: Result, name: str) -> None:
    failure = failed(name)
    given = replace(LIVE, result=result, stage="BUILD_ERROR", failures=[failure])

    shown = plain(summary(given, str))
    title = shown.partition("\n")[0]
    said = [each for each in SENTENCE.split(shown) if len(each) > 20]
    reason = failure.reason.replace("`", "").lower()

    assert "alice/demo" in title or "The self-test" in title
    assert reason[:40] in title.lower()
    assert len(said) == len(set(said))
    assert shown.lower().count(reason) == 1
    assert failure.advice.split()[0] in shown


@pytest.mark.parametrize(
    "given", [LIVE, *(each for each, _ in HEADLINES)], ids=lambda given: f"{given.command} {given.result}"
)
def test_summary_says_nothing_twice(given: Report) -> None:
    said = [each for each in SENTENCE.split(words(page(given))) if len(each) > 12]

    assert len(said) == len(set(said))


@pytest.mark.parametrize("result", Result)
def test_summary_marks_exactly_the_successes(result: Result) -> None:
    (title,) = page(replace(LIVE, result=result)).iter("h3")
    neutral = {Result.PLANNED: "📋", Result.ROLLED_BACK: "↩️"}
    assert words(title)[0] == neutral.get(result, "✅" if result.ok else "❌")[0]


@pytest.mark.parametrize("stage", ["BUILD_ERROR", "RUNTIME_ERROR", "PAUSED"])
def test_summary_of_a_broken_space_is_red_though_the_look_at_it_is_green(stage: str) -> None:
    (title,) = page(replace(LIVE, command="status", result=Result.SEEN, stage=stage)).iter("h3")
    assert words(title).startswith("❌")


FULL = replace(
    LIVE,
    app_url="https://alice-full.hf.space",
    source_sha="f" * 40,
    source_url="https://github.com/acme/app/commit/fff",
    source_subject="Say tonight",
    rows=[Row(True, "HTTP 200", "GET /")],
    hardware="t4-small",
    price=0.4,
    sleep_time=1800,
    sdk="docker",
    phases=[
        Phase("plan", 0, 0.04), Phase("publish", 1, 4), Phase("BUILDING", 4, 64), Phase("RUNNING_BUILDING", 64, 99),
        Phase("APP_STARTING", 99, 121), Phase("RUNNING", 121, 123),
    ],
    plan=["+ variable MODEL: org/model (restart)", "~ files: 1 added, 1 changed, 1 removed (restart)"],
    changes=Changes(["new.css"], ["index.html"], ["moon.js"], 3, 488),
)  # fmt: skip


def test_source_of_a_live_summary_is_legible_as_text() -> None:
    assert (
        summary(FULL, str)
        == f"""\
### ✅ alice/demo is live

**[Open the app](https://alice-full.hf.space)** · [Space]({LIVE.space_url}) · [what changed]({LIVE.commit_url})

It runs [`fffffff` Say tonight](https://github.com/acme/app/commit/fff) as [`a1b2c3d`]({LIVE.commit_url}), and answered with HTTP 200 after 1 min 21 s (publish 3 s, build 1 min 35 s, start 22 s).

```diff
+ variable MODEL: org/model (restart)
! files: 1 added, 1 changed, 1 removed (restart)
```

<details open><summary>3 files, 488 bytes</summary>

```diff
+ new.css
! index.html
- moon.js
```

</details>

<sub>public · docker · t4-small ($0.40 an hour, sleeps after 30 min) · hf-space-deploy {__version__}</sub>
"""
    )


def test_source_of_a_failed_summary_is_legible_as_text() -> None:
    given = replace(
        FULL,
        result=Result.FAILED,
        stage="BUILD_ERROR",
        failures=[
            shown_by(
                Failure(
                    "requirement-not-found",
                    place=Place("requirements.txt", 2),
                    requirement="transfomers==4.50",
                    hint="",
                ),
                "ERROR: No matching distribution found for transfomers==4.50",
            )
        ],
        rows=[],
        source_files="https://github.com/acme/app/blob/fff",
        log_tail=["Collecting flask", "ERROR: No matching distribution found for transfomers==4.50"],
        plan=[],
        price=None,
    )
    assert (
        summary(given, str)
        == f"""\
### ❌ alice/demo was not built: `transfomers==4.50` can't be installed

[`requirements.txt` line 2](https://github.com/acme/app/blob/fff/requirements.txt#L2): There is no such version that pip finds. Correct the name or the version: <https://pypi.org/project/> shows which there are. (requirement-not-found)

Nothing runs: this was the first deploy.

```text
ERROR: No matching distribution found for transfomers==4.50
```

<details><summary>Build log, last 2 lines</summary>

```text
Collecting flask
ERROR: No matching distribution found for transfomers==4.50
```

</details>

[Space]({LIVE.space_url}) · [app](https://alice-full.hf.space) · [`fffffff` Say tonight](https://github.com/acme/app/commit/fff) as [`a1b2c3d`]({LIVE.commit_url}) · BUILD_ERROR after 1 min 21 s · public · docker · t4-small
"""
    )


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"commit_sha": None, "existed": False}, "Nothing was changed on the Hub."),
        (
            {"commit_sha": None, "existed": True, "stage": "RUNNING"},
            "Nothing was changed; the version before still runs.",
        ),
        ({"commit_sha": None, "existed": True, "stage": "PAUSED"}, "Nothing was changed; the Space is PAUSED."),
        ({"stage": "BUILD_ERROR", "existed": False}, "Nothing runs: this was the first deploy."),
        ({"stage": "BUILD_ERROR", "existed": True}, "Nothing runs: the Space is BUILD_ERROR."),
        ({"stage": "RUNNING_BUILDING", "running_sha": "f" * 40}, "The version before (fffffff) still runs."),
        ({"stage": "RUNNING", "running_sha": SHA}, "The new version (a1b2c3d) is what visitors get."),
        ({"stage": "RUNNING", "running_sha": None}, "An app runs; the Hub does not say which version."),
        ({"stage": "BUILDING"}, "Nothing runs yet: the Space is BUILDING."),
    ],
)
def test_summary_of_a_failure_says_what_runs_now(known: dict[str, object], said: str) -> None:
    result = Result.ERROR if "commit_sha" in known else Result.TIMEOUT
    assert said in words(page(replace(LIVE, result=result, failures=[REFUSED], **known)))  # type: ignore[arg-type]


def test_summary_of_a_rollback_names_the_commit_that_runs_and_the_one_that_failed() -> None:
    given = replace(
        LIVE, result=Result.ROLLED_BACK, failures=[NOT_FOUND], failed_sha="f" * 40, failed_url="https://x.example/f"
    )
    seen = page(given)
    assert "as a1b2c3d;" in words(next(seen.iter("h3")))
    assert {words(link): link.get("href") for link in seen.iter("a")}["failed: fffffff"] == "https://x.example/f"


def test_summary_of_a_deletion_shows_no_error_of_what_is_gone() -> None:
    given = replace(
        LIVE,
        command="delete",
        result=Result.DELETED,
        error_message="Traceback\nold",
        rows=[Row(True, "public", "it was")],
    )
    assert "Traceback" not in words(page(given))
    assert words(next(page(given).iter("h3"))) == "✅ alice/demo was deleted"


def test_summary_shows_a_log_with_blank_lines_and_without_colours() -> None:
    (log,) = page(FAILED).iter("pre")
    assert "".join(log.itertext()) == "Collecting nope\n\nERROR: No matching distribution found for nope\n"


@pytest.mark.parametrize(("excerpt", "is_open"), [([], True), (["ERROR: nope"], False)])
def test_log_is_folded_once_a_cause_is_shown(excerpt: list[str], is_open: bool) -> None:
    failure = shown_by(Failure("stage-build-error", said="no"), *excerpt)
    (fold,) = page(replace(FAILED, failures=[failure])).iter("details")
    assert ("open" in fold.attrib) is is_open


def test_summary_of_a_success_shows_no_log() -> None:
    assert not list(page(replace(FAILED, result=Result.LIVE, failures=[], error_message=None)).iter("pre"))


def test_summary_shows_an_error_of_many_lines_once_and_names_its_last() -> None:
    said = "Traceback:\n  File app.py\nModuleNotFoundError: nope"
    failure = Failure("stage-runtime-error", space="alice/demo", said="ModuleNotFoundError: nope")
    seen = page(replace(LIVE, result=Result.FAILED, stage="RUNTIME_ERROR", error_message=said, failures=[failure]))
    assert words(seen).count("Traceback") == 1
    assert words(next(seen.iter("h3"))) == "❌ The app of alice/demo does not run: ModuleNotFoundError: nope"


def test_summary_tells_a_failed_row_once_above_the_table() -> None:
    failure = Failure("path-missing", path="app")
    rows = [
        Row(True, "answers", "Hub", seconds=0.3),
        Row(False, failure.message, "Checkout", failure.advice),
        Row(None, "not reached", "Page", "Try again."),
    ]

    seen = page(Report(command="check", result=Result.UNHEALTHY, failures=[failure], rows=rows))

    assert [[words(cell) for cell in row] for row in seen.iter("tr")] == [
        ["", "What", "Result"],
        ["✓", "Hub (0.3 s)", "answers"],
        ["✗", "Checkout", "see above: path-missing"],
        ["–", "Page", "not reachedTry again."],
    ]
    assert words(seen).count("there is no folder 'app'") == 1
    assert words(seen).count("Check its spelling") == 1


def test_every_table_has_a_header_row() -> None:
    for row in page(replace(LIVE, rows=[Row(True, "a", "b")])).iter("tr"):
        assert {cell.tag for cell in row} in ({"th"}, {"td"})
    assert [words(cell) for cell in page(replace(LIVE, rows=[Row(True, "a", "b")])).iter("th")] == [
        "",
        "What",
        "Result",
    ]


def test_summary_without_anything_known_is_a_headline() -> None:
    assert summary(Report(), str) == "### ❌ Nothing was deployed\n\nNothing was changed on the Hub.\n"


@pytest.mark.parametrize(
    ("number", "is_open", "title"),
    [(1, True, "1 file, 1 byte"), (10, True, "10 files, 1 byte"), (11, False, "11 files, 1 byte")],
)
def test_files_are_open_when_there_are_few(number: int, is_open: bool, title: str) -> None:
    (fold,) = page(replace(LIVE, changes=Changes([f"{each}.txt" for each in range(number)], bytes=1))).iter("details")
    assert ("open" in fold.attrib, words(fold[0])) == (is_open, title)


def test_summary_counts_the_files_that_it_leaves_out() -> None:
    changes = Changes([f"new/{number}.txt" for number in range(1, 5001)], ["README.md"], ["old.txt"], 7, 1_234_567)
    (fold,) = page(replace(LIVE, changes=changes)).iter("details")
    assert words(fold[0]) == "5,002 files, 1.2 MB"
    assert words(next(fold.iter("pre"))).endswith("+ new/20.txt … and 4,982 more")


def test_summary_of_a_dry_run_shows_the_plan_as_a_difference() -> None:
    planned = replace(
        LIVE, result=Result.PLANNED, commit_sha=None, changes=Changes(["a"]), plan=["~ hardware: cpu-basic → t4-small"]
    )
    seen = page(planned)
    assert [each.get("lang") for each in seen.iter("pre")] == ["diff", "diff"]
    assert "! hardware: cpu-basic → t4-small" in words(seen)
    assert "Nothing was changed." in words(seen)


def test_summary_of_a_deploy_that_was_refused_half_way_tells_what_was_done() -> None:
    plan = ["~ visibility: private → public", "+ variable A: 1", "~ files: 1 added"]
    seen = words(page(Report(failures=[Failure("static-secrets")], plan=plan, done=plan[:1])))
    done, _, undone = seen.partition("Not done")
    assert [line[2:] in done for line in plan] == [True, False, False]
    assert [line[2:] in undone for line in plan] == [False, True, True]


def test_summary_lists_plan_and_notes() -> None:
    notes = [Note("Call it with `bash start.sh`.", Place("start.sh"))]
    seen = page(replace(LIVE, plan=["+ secret KEY"], notes=notes))
    assert [words(item) for item in seen.iter("pre")] == ["+ secret KEY"]
    assert "⚠️ start.sh: Call it with bash start.sh." in words(seen)


def test_lines_to_copy_are_a_block() -> None:
    (block,) = page(Report(failures=[Failure("token-not-inherited", job="call", uses="./x.yml")])).iter("pre")
    assert block.get("lang") == "yaml"
    assert "".join(block.itertext()) == "jobs:\n  call:\n    uses: ./x.yml\n    secrets: inherit\n"


def test_summary_links_the_hubs_pages_that_an_advice_names() -> None:
    (link,) = page(Report(failures=[Failure("input-token-missing")])).iter("a")
    assert link.get("href") == words(link) == "https://huggingface.co/settings/tokens"


@pytest.mark.parametrize(
    "text", ["alice/my-demo_2 is 1.5 MB: 3 files, 100 %", "C++ (a) 'b' \"c\" x=1; y? {z}", "a & b > c"]
)
def test_ordinary_text_needs_no_escape(text: str) -> None:
    assert markdown.escape(text) == text


def test_only_this_module_makes_markdown_safe() -> None:
    """But for words without a value in them."""
    for source in (ROOT / "hfspace_action/report").glob("*.py"):
        made = re.findall(r"\bSafe\((.*)", source.read_text("utf-8"))
        if source.name != "markdown.py":
            assert all(
                re.match(r"\"|f\" line |f\"hf-space-deploy |f\"\$\{dollars|sign\(|SIGNS|verb\b|$", each)
                or "{Result" in each
                for each in made
            ), made


@cache
def harmless(result: Result) -> list[tuple[object, list[str]]]:
    return shape(page(replace(filled("harmless"), result=result)))


@pytest.mark.parametrize("result", [Result.LIVE, Result.PLANNED, Result.SEEN, Result.ERROR, Result.ROLLED_BACK])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_nothing_in_any_result(text: str, result: Result) -> None:
    assert shape(page(replace(filled(text), result=result))) == harmless(result)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_nothing_but_text(text: str) -> None:
    assert shape(page(filled(text))) == shape(page(filled("harmless")))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    assert words(page(replace(LIVE, hardware=text))).count(" ".join(text.replace("\n", "").split())) == 1
    log = next(page(replace(FAILED, log_tail=[text])).iter("pre"))
    assert "".join(log.itertext()).split() == text.split()


@given(st.text(alphabet=st.sampled_from("ab1 *_`~#&;<>|()[]{}!@:/\\.-+='\"\n\r\tw\x00\x1b\udcffé✓"), max_size=40))
def test_any_text_in_any_place_changes_nothing_but_text(text: str) -> None:
    source = f"### {markdown.escape(text)}\n\n- {markdown.escape(text)}\n\n| {markdown.escape(text)} |\n|:--|\n| x |\n"
    plain = render("### a\n\n- a\n\n| a |\n|:--|\n| x |\n")
    assert shape(render(source)) == shape(plain)


@given(st.text(alphabet=st.sampled_from("ab1 *_`~#&;<>|()[]{}!@:/\\.-+='\"wé✓"), min_size=1, max_size=40))
def test_any_printable_text_is_shown_as_it_is(text: str) -> None:
    (cell,) = render(f"| x |\n|:--|\n| .{markdown.escape(text)}. |\n").iter("td")
    assert "".join(cell.itertext()) == f".{text}."


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "ftp://evil.example",
        "https://",
        "https:// evil",
        "https://a\nb",
        "https://a\\b",
        "https://" + "a" * 5000,
        "",
    ],
)
def test_link_to_what_is_no_web_address_is_only_text(url: str) -> None:
    assert not list(page(replace(LIVE, app_url=url, space_url=None, commit_url=None)).iter("a"))


def test_link_keeps_an_odd_address_whole() -> None:
    odd = "http://127.0.0.1:7860/a(b)|c`d*e_f\"g'h<i>?x=1&y=[2]#@z"
    assert {
        link.get("href") for link in page(replace(LIVE, app_url=odd, space_url=None, commit_url=None)).iter("a")
    } == {odd}


def test_summary_stays_small_whatever_is_in_it() -> None:
    big = filled("<|>\n" * 300_000)
    many = {name: list(getattr(big, name)) * 500 for name in ("plan", "notes", "failures", "phases", "log_tail")}
    assert len(summary(replace(big, **many), str).encode()) < 512 * 1024


def test_summary_shows_broken_text() -> None:
    source = summary(filled("nul\x00 \udcff \x1b[31mred\x1b[0m \x1b]0;title\x07"), str)
    assert "nul" in source.encode().decode()
    assert "\x1b" not in source
    assert "\x00" not in source


def test_summary_hides_secrets_before_their_spelling_changes() -> None:
    runner = Runner({}, io.StringIO())
    runner.mask("s*kr|t:_1")
    runner.mask("plain-secret")
    source = summary(filled("https://x.example/s*kr|t:_1/plain-secret"), runner.redact)
    seen = render(source)
    assert "s*kr" not in words(seen)
    assert not re.search("kr.{0,9}t|plain.?s", source)
    assert all("***" in (link.get("href") or "") for link in seen.iter("a"))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (3.14, "3.1 s"), (9.99, "10 s"), (59.6, "1 min"), (81, "1 min 21 s"), (7500, "2 h 5 min")],
)
def test_duration_in_words(seconds: float, said: str) -> None:
    assert durations.words(seconds) == said


def annotations(given: Report) -> list[str]:
    out = io.StringIO()
    report.annotate(given, Runner({}, out))
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


def test_summary_leads_from_each_failure_to_its_section() -> None:
    failures = [*FAILED.failures, Failure("timeout", after="30 min", target="a1b2c3d", stage="BUILDING")]

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
    report.publish(LIVE, Runner({"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(written)}, out))
    assert out.getvalue() == f"alice/demo is live. {LIVE.app_url}\n"
    assert len(re.findall(r"^[a-z-]+<<", output.read_text(), re.MULTILINE)) == len(report.outputs(LIVE))
    assert written.read_text() == summary(LIVE, str)


def test_the_lines_that_show_the_cause_are_outside_of_any_group() -> None:
    out = io.StringIO()
    failure = shown_by(Failure("stage-build-error", said="no"), "ERROR: nope")
    report.publish(replace(FAILED, failures=[failure]), Runner({}, out))
    assert out.getvalue().splitlines()[:2] == ["alice/demo was not built:", "  ERROR: nope"]


def test_lines_to_be_pasted_stay_unchanged_and_keep_their_ends() -> None:
    dockerfile = 'FROM x\nRUN a | b && c\n\nCMD ["x", "<y>"]'
    failure = Failure(
        "sdk-server",
        origin="main.py",
        framework="FastAPI",
        lines=f"```dockerfile\n{dockerfile}\n```\n```yaml\nwith:\n  sdk: docker\n```",
    )
    row = Row(False, "other words", "Checkout", "Paste:\n```yaml\nwith:\n  path: a\n```\nand more.")

    seen = page(replace(FAILED, failures=(failure,), rows=(row,), log_tail=()))

    blocks = ["".join(each.itertext()).removesuffix("\n") for each in seen.iter("pre")]
    assert blocks == [dockerfile, "with:\n  sdk: docker", "with:\n  path: a"]
    assert "```" not in words(seen)
