"""`summary`: what the blocks show, as GitHub renders them."""

import re
from dataclasses import replace

import pytest

from hfspace_action import __version__
from hfspace_action.errors import Failure, Note, Place
from hfspace_action.report.facts import Changes, Phase, Report, Row
from hfspace_action.report.summary import summary
from hfspace_action.result import Result
from hfspace_action.space import SERVING
from tests.kit.summaries import FAILED, FULL, LIVE, NOT_FOUND, REFUSED, SHA, not_found, page, shown_by, words


@pytest.mark.parametrize("result", Result)
def test_summary_marks_exactly_the_successes(result: Result) -> None:
    (title,) = page(replace(LIVE, result=result)).iter("h3")
    neutral = {Result.PLANNED: "📋", Result.ROLLED_BACK: "↩️", Result.TIMEOUT: "⏳"}
    assert words(title)[0] == neutral.get(result, "✅" if result.ok else "❌")[0]


@pytest.mark.parametrize("stage", ["BUILD_ERROR", "RUNTIME_ERROR", "PAUSED"])
def test_summary_of_a_broken_space_is_red_though_the_look_at_it_is_green(stage: str) -> None:
    (title,) = page(replace(LIVE, command="status", result=Result.SEEN, stage=stage)).iter("h3")
    assert words(title).startswith("❌")


def test_source_of_a_live_summary_is_legible_as_text() -> None:
    assert (
        summary(FULL, str)
        == f"""\
### ✅ alice/demo is live

**[Open the app](https://alice-full.hf.space)** · [Space]({LIVE.space_url}) · [what changed]({LIVE.commit_url})

It runs GitHub's [`fffffff` Say tonight](https://github.com/acme/app/commit/fff) as the Space's [`a1b2c3d`]({LIVE.commit_url}). The app restarted and answered with HTTP 200.

```diff
! hardware: t4-small ($0.40/h), was cpu-basic
+ variable MODEL: org/model
! files: 1 added, 1 changed, 1 removed
```

<details open><summary>3 files, 488 bytes</summary>

```diff
+ new.css
! index.html
- moon.js
```

</details>

<sub>public · t4-small ($0.40 an hour, sleeps after 30 min) · docker · took 1 min 21 s (publish 3 s, build 1 min 35 s, start 22 s) · hf-space-deploy {__version__}</sub>
"""
    )


def test_source_of_a_failed_summary_is_legible_as_text() -> None:
    given = replace(
        FULL,
        result=Result.FAILED,
        stage="BUILD_ERROR",
        failures=[
            shown_by(
                not_found(),
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

[Space]({LIVE.space_url}) · [what changed]({LIVE.commit_url})

[`requirements.txt` line 2](https://github.com/acme/app/blob/fff/requirements.txt#L2): Pip finds no package named `transfomers`. Did you mean [`transformers`](https://pypi.org/project/transformers/)? Correct the name or the version: <https://pypi.org/search/> shows which there are. (requirement-not-found)

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

GitHub's [`fffffff` Say tonight](https://github.com/acme/app/commit/fff) as the Space's [`a1b2c3d`]({LIVE.commit_url}) · BUILD_ERROR after 1 min 21 s · public · t4-small · docker
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


ROLLED_BACK = replace(
    FULL, result=Result.ROLLED_BACK, failures=[NOT_FOUND], failed_sha="e" * 40, failed_url="https://x.example/e",
    restored_sha="1c2cb9e", restored_url="https://github.com/acme/app/commit/1c2cb9e", restored_subject="Say hello",
)  # fmt: skip


def test_summary_of_a_rollback_links_one_commit_that_runs_and_one_that_failed() -> None:
    seen = page(ROLLED_BACK)

    assert "GitHub's 1c2cb9e Say hello runs again. GitHub's fffffff Say tonight failed." in words(seen)
    assert re.findall(r"\b[0-9a-f]{7}\b", words(seen)) == ["1c2cb9e", "f" * 7], "no other hash"
    links = {words(link): link.get("href") for link in seen.iter("a")}
    assert links["1c2cb9e Say hello"] == ROLLED_BACK.restored_url
    assert links["fffffff Say tonight"] == FULL.source_url


def test_summary_of_a_rollback_falls_back_to_the_spaces_commits() -> None:
    given = replace(ROLLED_BACK, restored_sha=None, source_sha=None)
    assert "The Space's a1b2c3d runs again. The Space's eeeeeee failed." in words(page(given))


def test_summary_of_a_rollback_tells_what_was_undone_from_what_was_not() -> None:
    shown = words(
        page(replace(ROLLED_BACK, plan=["~ hardware: t4-small ($0.40/h), was cpu-basic", "~ files: 1 added"]))
    )
    only = words(page(replace(ROLLED_BACK, plan=["~ files: 1 added"])))

    assert "Tried, then undone: ! files: 1 added Changed, and not undone: ! hardware" in shown
    assert "not undone" not in only


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
    failure = Failure("path-missing", path="app", meant="")
    rows = [
        Row(True, "answers", "Hub", seconds=0.3),
        Row(False, failure.message, "Checkout", failure.advice),
        Row(None, "not reached", "Page", "Try again."),
    ]

    seen = page(Report(command="selftest", result=Result.ERROR, failures=[failure], rows=rows))

    assert [[words(cell) for cell in row] for row in seen.iter("tr")] == [
        ["", "What", "Result"],
        ["✓", "Hub (0.3 s)", "answers"],
        ["✗", "Checkout", "see above: path-missing"],
        ["–", "Page", "not reachedTry again."],
    ]
    assert words(seen).count("there is no folder 'app'") == 1
    assert words(seen).count("Check its spelling") == 1


CHECKED = [
    Row(True, "answers", "Hub"), Row(None, "none is asked for", "Hardware"), Row(True, "changes none", "Settings"),
    Row(None, "PAUSED; a deploy restarts it", "Space", warns=True),
]  # fmt: skip


def test_a_check_shows_what_needs_somebody_and_folds_the_rest() -> None:
    seen = page(replace(LIVE, command="check", result=Result.HEALTHY, rows=CHECKED))

    (fold,) = seen.iter("details")
    assert words(fold[0]) == "2 passed, 1 did not apply"
    assert "open" not in fold.attrib
    inside = [words(cell) for cell in fold.iter("td")][1::3]
    assert inside == ["Hub", "Hardware", "Settings"]
    assert [words(cell) for cell in seen.iter("td")][:2] == ["⚠", "Space"]


def test_a_check_without_anything_to_do_has_no_open_table() -> None:
    seen = page(replace(LIVE, command="check", result=Result.HEALTHY, rows=CHECKED[:3], idle=True))

    assert len(list(seen.iter("table"))) == 1
    assert words(next(seen.iter("h3"))) == "✅ A deploy to alice/demo can go ahead, and would change nothing"


def test_every_table_has_a_header_row() -> None:
    seen = page(replace(LIVE, command="status", result=Result.SEEN, rows=[Row(True, "a", "b")]))

    assert [{cell.tag for cell in row} for row in seen.iter("tr")] == [{"th"}, {"td"}]
    assert [words(cell) for cell in seen.iter("th")] == ["", "What", "Result"]


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
    heading, aim, *_ = summary(planned, str).split("\n\n")
    assert (heading[:5], aim[:20]) == ("### 📋", "Nothing was changed.")
    assert "To apply this plan, run the step again without dry-run." in words(seen)


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


def test_a_refused_token_says_why_in_a_line_then_what_to_do_and_links_both_pages() -> None:
    secrets = "https://github.com/acme/app/settings/secrets/actions"
    source = summary(Report(failures=[REFUSED], secrets_page=secrets), str)

    title, advice, *_ = source.split("\n\n")
    assert title == "### ❌ Nothing was deployed: the Hub refuses the token in `hf-token`"
    why, do = (
        "It is a user access token, so it was mistyped, has expired, was revoked, or is another Hub's. ",
        "Create a token with write access",
    )
    assert advice.startswith(f"{why}{do} at <https://huggingface.co/settings/tokens>, and save it in ")
    assert f"[the repository's secrets]({secrets})" in advice
    assert advice.index("under the name") < advice.index("The Hub's answer: Invalid credentials.")


def test_a_page_that_is_not_known_leaves_its_words() -> None:
    assert "save it in the repository's secrets, under" in summary(Report(failures=[REFUSED]), str)


@pytest.mark.parametrize("stage", ["BUILD_ERROR", "RUNNING", "PAUSED", "RUNNING_BUILDING"])
def test_a_look_links_the_space_and_an_app_only_where_one_runs(stage: str) -> None:
    seen = page(replace(LIVE, command="status", result=Result.BROKEN, stage=stage))

    links = {words(link): link.get("href") for link in seen.iter("a")}
    assert links["Space"] == LIVE.space_url
    assert ("Open the app" in links) is (stage in SERVING)


@pytest.mark.parametrize(
    "written", ["`a` (https://pypi.org/project/b/)", "`a` (https://evil.example/project/a/)", "`a b` (https://pypi.org/project/a b/)"]
)  # fmt: skip
def test_only_a_package_of_this_very_name_is_a_link_by_its_name(written: str) -> None:
    failure = Failure("requirement-not-found", requirement="a", problem=written, page="x", hint="")

    assert "a" not in [words(link) for link in page(Report(failures=[failure])).iter("a")]


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


def test_summary_of_a_bad_input_has_no_line_of_facts() -> None:
    assert summary(Report(duration=0.2), str) == summary(Report(), str)


def test_numbers_inside_of_a_line_need_no_escape() -> None:
    phases = [Phase("read", 0, 0.2), Phase("plan", 0.2, 1.7)]
    assert "took 1.7 s (read 0.2 s, plan 1.5 s)" in summary(replace(LIVE, duration=1.7, phases=phases), str)


def test_several_bad_inputs_have_a_line_each_with_their_places() -> None:
    failures = [
        Failure(
            "input-invalid", place=Place(".github/workflows/deploy.yml", at), input=name, problem="'x' is none", advice="Write y."
        )
        for at, name in ((7, "sdk"), (9, "wait"))
    ]  # fmt: skip
    source = summary(Report(failures=failures, source_files="https://github.com/a/b/blob/c"), str)

    lines = [line for line in source.splitlines() if line.startswith("- ")]
    assert [line[2:].partition("(")[0] for line in lines] == [
        "[line 7]", "[line 9]"
    ]  # fmt: skip
    assert [line.partition("): ")[2] for line in lines] == [
        "**`sdk`: 'x' is none.** Write y.",
        "**`wait`: 'x' is none.** Write y.",
    ]
    assert source.count("can't be used") == 1, "in the headline"
    assert source.count("input-invalid") == 1
    assert source.count("`.github/workflows/deploy.yml`") == 1


@pytest.mark.parametrize(("name", "said"), [("GitHub", "GitHub's"), ("GitLab", "GitLab's")])
def test_the_result_line_says_whose_commit_is_which(name: str, said: str) -> None:
    shown = words(page(replace(FULL, source_name=name)))
    assert f"It runs {said} fffffff Say tonight as the Space's a1b2c3d." in shown


def test_several_bad_inputs_repeat_no_sentence() -> None:
    failures = [
        Failure("input-invalid", input=name, problem=f"no {name}", advice=f"Write {name}.") for name in ("a", "b")
    ]
    assert words(page(Report(failures=failures))).count("README") == 0


def test_the_stage_of_a_space_that_got_nothing_is_not_this_commits() -> None:
    before = replace(FULL, result=Result.ERROR, failures=[REFUSED], stage="RUNNING", commit_sha=None, commit_url=None)
    facts = next(line for line in summary(before, str).splitlines() if "RUNNING" in line)

    assert facts.startswith("GitHub's [`fffffff` Say tonight](")
    assert " · the Space is RUNNING · took 1 min 21 s · " in facts


def test_a_plan_of_which_nothing_was_done_says_so() -> None:
    refused = Report(failures=[REFUSED], plan=["+ space alice/app: static", "+ files: 2 added"])

    assert "Not done:\n\n```diff\n+ space alice/app: static\n+ files: 2 added\n```" in summary(refused, str)


def test_facts_of_a_look_are_in_one_order_whatever_is_known() -> None:
    given = replace(LIVE, command="check", result=Result.HEALTHY, app_url=None, commit_sha=None, duration=1.6)
    assert summary(given, str).splitlines()[-1] == "RUNNING · took 1.6 s · public · cpu-basic · static"
