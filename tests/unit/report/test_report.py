"""`report`: outputs, annotations and the job summary, the latter judged as GitHub renders it (cmark-gfm, an HTML5 parser)."""

import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import cmarkgfm
import pytest
import tinyhtml5
import yaml
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action import durations
from hfspace_action.errors import Failure, Note, Place
from hfspace_action.report import markdown, report, timeline
from hfspace_action.report.facts import Changes, Phase, Report, Row
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
RESULTS = [
    *("live", "published", "planned", "asleep", "unreachable", "unconfirmed", "failed", "rolled-back"),
    *("paused", "superseded", "timeout", "cancelled", "error"),
]
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
    return render(report.summary(given, str))


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
        changes=Changes([text], [text], [text], 1, 1),
        plan=[text, f"{text}!"],
        plan_document=text,
        done=[text],
        notes=[Note(text, Place(text, 1)), Note(text)],
        failures=[Failure("stage-build-error", place=Place(text, 1), space=text, said=text)],
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
@pytest.mark.parametrize("result", RESULTS)
def test_headline_is_one_sentence_for_every_result(result: str, known: Report) -> None:
    sentence = report.headline(replace(known, result=Result(result)))
    assert re.fullmatch(r"[A-Z]?[^\n]+\.", sentence)
    assert not re.search(r"None|  | \.", sentence)
    assert f": {result}." not in sentence, "the sentence for unknown results"


def test_headlines_tell_the_results_apart() -> None:
    assert len({report.headline(replace(LIVE, result=Result(result))) for result in RESULTS}) == len(RESULTS)


def test_headline_of_a_live_space_names_space_and_commit() -> None:
    assert report.headline(LIVE) == "alice/demo is live: it runs commit a1b2c3d."
    assert (
        report.headline(replace(LIVE, changed=False))
        == "alice/demo is live: no file had changed, it runs commit a1b2c3d."
    )


@pytest.mark.parametrize("stage", ["BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE", "DELETING"])
def test_headline_of_a_failed_space_depends_on_its_stage(stage: str) -> None:
    others = {report.headline(replace(FAILED, stage=other)) for other in (None, "RUNNING")}
    assert report.headline(replace(FAILED, stage=stage)) not in others


@pytest.mark.parametrize("result", RESULTS)
def test_summary_marks_exactly_the_successes(result: str) -> None:
    (title,) = page(replace(LIVE, result=Result(result))).iter("h3")
    assert ("✅" in words(title)) == Result(result).ok
    assert ("❌" in words(title)) == (not Result(result).ok)


def test_summary_of_a_live_space() -> None:
    seen = page(LIVE)
    assert words(next(seen.iter("h3"))) == "✅ alice/demo is live: it runs commit a1b2c3d."
    rows = {words(row[0]): words(row[1]) for row in seen.iter("tr")}
    assert rows == {
        "Space": "alice/demo",
        "App": "alice-demo.static.hf.space",
        "Commit": "a1b2c3d",
        "Stage": "RUNNING",
        "SDK": "static",
        "Hardware": "cpu-basic",
        "Visibility": "public",
        "Time": "1 min 21 s",
    }
    assert {words(link): link.get("href") for link in seen.iter("a")} == {
        "Open the app": LIVE.app_url,
        "alice/demo": LIVE.space_url,
        "alice-demo.static.hf.space": LIVE.app_url,
        "a1b2c3d": LIVE.commit_url,
    }


def test_summary_of_a_failure_says_cause_place_and_advice_before_the_facts() -> None:
    said = words(page(FAILED))
    parts = [
        "exit code: 1",
        "requirements.txt:3",
        "What to do:",
        "The end of the build log",
        "Collecting nope",
        "Stage",
    ]
    assert sorted(parts, key=said.index) == parts


def test_summary_shows_a_log_with_blank_lines_and_without_colours() -> None:
    (log,) = page(FAILED).iter("pre")
    assert log.text == "Collecting nope\n\nERROR: No matching distribution found for nope\n"


def test_summary_of_a_success_shows_no_log() -> None:
    assert not list(page(replace(FAILED, result=Result.LIVE, failures=[], error_message=None)).iter("pre"))


def test_summary_shows_an_error_of_many_lines_once_and_names_its_last() -> None:
    said = "Traceback:\n  File app.py\nModuleNotFoundError: nope"
    failure = Failure("stage-runtime-error", space="alice/demo", said=said)
    seen = page(replace(LIVE, result=Result.FAILED, error_message=said, failures=[failure]))
    assert words(seen).count("Traceback") == 1
    assert "does not run: ModuleNotFoundError: nope." in words(seen)


def test_summary_tells_a_failed_row_once_above_the_table() -> None:
    failure = Failure("path-missing", path="app")
    rows = [
        Row(True, "answers", "Hub", seconds=0.3),
        Row(False, failure.message, "Checkout", failure.advice),
        Row(None, "not reached", "Page", "Try again."),
    ]

    seen = page(Report(command="check", result=Result.UNHEALTHY, failures=[failure], rows=rows))

    assert [[words(cell) for cell in row] for row in seen.iter("tr")] == [
        ["✓", "Hub (0.3 s)", "answers"],
        ["✗", "Checkout", "see above: path-missing"],
        ["–", "Page", "not reachedTry again."],
    ]
    assert words(seen).count("there is no folder 'app'") == 1
    assert words(seen).count("Check its spelling") == 1


def test_summary_without_anything_known_is_a_headline() -> None:
    assert report.summary(Report(), str).strip() == "### ❌ The deploy ended with an error&#46;"


def test_summary_folds_the_changes_and_counts_what_it_leaves_out() -> None:
    changes = Changes([f"new/{number}.txt" for number in range(1, 5001)], ["README.md"], ["old.txt"], 7, 1_234_567)
    seen = page(replace(LIVE, changes=changes))
    (fold,) = seen.iter("details")
    assert words(fold[0]) == "Files: 5,000 added, 1 changed, 1 removed, 7 unchanged; 1.2 MB"
    assert words(next(fold.iter("pre"))).endswith("+ new/20.txt … and 4,982 more")


def test_summary_of_an_unchanged_deploy_says_so() -> None:
    assert "Files: 4,937 unchanged" in words(page(replace(LIVE, changed=False, changes=Changes(unchanged=4937))))


def test_summary_of_a_dry_run_speaks_of_what_would_be() -> None:
    planned = replace(
        LIVE, result=Result.PLANNED, commit_sha=None, changes=Changes(["a"]), plan=["~ hardware: cpu-basic → t4-small"]
    )
    seen = words(page(planned))
    assert "Files to publish: 1 added" in seen
    assert "Plan, of which nothing was done" in seen
    assert "~ hardware: cpu-basic → t4-small" in seen


def test_summary_of_a_deploy_that_was_refused_half_way_tells_what_was_done() -> None:
    plan = ["~ visibility: private → public", "+ variable A: 1", "~ files: 1 added"]
    seen = words(page(Report(failures=[Failure("static-secrets")], plan=plan, done=plan[:1])))
    done, _, undone = seen.partition("Not done")
    assert [line in done for line in plan] == [True, False, False]
    assert [line in undone for line in plan] == [False, True, True]


def test_summary_lists_plan_and_notes() -> None:
    notes = [Note("Call it with `bash start.sh`.", Place("start.sh"))]
    seen = page(replace(LIVE, plan=["+ secret KEY"], notes=notes))
    assert [words(item) for item in seen.iter("pre")] == ["+ secret KEY"]
    assert "⚠️ start.sh: Call it with bash start.sh." in words(seen)
    assert [words(item) for item in seen.iter("code")] == ["start.sh", "bash start.sh"]


def test_summary_links_the_hubs_pages_that_an_advice_names() -> None:
    (link,) = page(Report(failures=[Failure("input-token-missing")])).iter("a")
    assert link.get("href") == words(link) == "https://huggingface.co/settings/tokens"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_nothing_but_text(text: str) -> None:
    assert shape(page(filled(text))) == shape(page(filled("harmless")))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    assert words(page(replace(LIVE, hardware=text))).count(" ".join(text.replace("\n", "").split())) == 1
    log = next(page(replace(FAILED, log_tail=[text])).iter("pre"))
    assert log.text == f"{text}\n"


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
    assert len(report.summary(replace(big, **many), str).encode()) < 512 * 1024


def test_summary_shows_broken_text() -> None:
    source = report.summary(filled("nul\x00 \udcff \x1b[31mred\x1b[0m \x1b]0;title\x07"), str)
    assert "nul" in source.encode().decode()
    assert "\x1b" not in source
    assert "\x00" not in source


def test_summary_hides_secrets_before_their_spelling_changes() -> None:
    runner = Runner({}, io.StringIO())
    runner.mask("s*kr|t:_1")
    runner.mask("plain-secret")
    source = report.summary(filled("https://x.example/s*kr|t:_1/plain-secret"), runner.redact)
    seen = render(source)
    assert "s*kr" not in words(seen)
    assert not re.search("kr.{0,9}t|plain.?s", source)
    assert all("***" in (link.get("href") or "") for link in seen.iter("a"))


def test_timeline_marks_the_phase_that_failed() -> None:
    phases = [Phase("Publish", 0, 1.5), Phase("BUILDING", 1.5, 62)]
    assert timeline.chart(phases, failed=True).splitlines() == [
        "gantt",
        "    dateFormat HH:mm:ss.SSS",
        "    axisFormat %M:%S",
        "    tickInterval 15second",
        "    1.5 s Publish :00:00:00.000, 00:00:01.500",
        "    1 min BUILDING :crit, 00:00:01.500, 00:01:02.000",
    ]
    assert "crit" not in timeline.chart(phases, failed=False)


def test_timeline_takes_only_letters_from_a_name() -> None:
    (task,) = timeline.chart([Phase("click a: b;c#d\n```%%{x}", 0, 1)], failed=False).splitlines()[4:]
    assert task == "    1 s click a bcdx :00:00:00.000, 00:00:01.000"


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
    assert line.startswith(
        "::error title=alice/demo could not be built from commit a1b2c3d.,file=requirements.txt,line=3::"
        "alice/demo could not be built: exit code: 1.%0AThe end of the build log"
    )


PAGE = "https://github.com/org/hf-space-deploy/blob/v1/docs/errors.md"


def test_annotation_ends_with_the_id_or_the_address_that_ends_with_it() -> None:
    (alone,) = annotations(FAILED)
    (linked,) = annotations(replace(FAILED, errors_page=PAGE))

    assert alone.endswith("%0AError: stage-build-error")
    assert linked.endswith(f"%0AMore: {PAGE}#stage-build-error")


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
    assert annotations(replace(LIVE, result=Result.TIMEOUT)) == [
        "::error::alice/demo did not run commit a1b2c3d in the time given. Its stage is RUNNING."
    ]


def test_annotation_of_a_note_is_a_warning() -> None:
    assert annotations(replace(LIVE, notes=[Note("Mind the step.", Place("a.sh")), Note("And this.")])) == [
        "::warning file=a.sh::Mind the step.",
        "::warning::And this.",
    ]


def test_publish_tells_the_log_the_outputs_and_the_summary(tmp_path: Path) -> None:
    output, summary, out = tmp_path / "output", tmp_path / "summary", io.StringIO()
    output.touch()
    summary.touch()
    report.publish(LIVE, Runner({"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}, out))
    assert out.getvalue() == f"alice/demo is live: it runs commit a1b2c3d. {LIVE.app_url}\n"
    assert len(re.findall(r"^[a-z-]+<<", output.read_text(), re.MULTILINE)) == len(report.outputs(LIVE))
    assert summary.read_text() == report.summary(LIVE, str)
