"""Reports to show, and summaries as GitHub renders them (cmark-gfm, an HTML5 parser)."""

from dataclasses import replace
from xml.etree.ElementTree import Element

import cmarkgfm
import tinyhtml5
from cmarkgfm.cmark import Options

from hfspace_action.errors import Failure, Note, Place
from hfspace_action.report.facts import Changes, Phase, Report, Row
from hfspace_action.report.summary import summary
from hfspace_action.result import Result
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
    html = cmarkgfm.github_flavored_markdown_to_html(source, options)
    page: Element = tinyhtml5.parse(html, namespace_html_elements=False)
    return page


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
        restored_sha=text,
        restored_url=text,
        restored_subject=text,
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


def not_found() -> Failure:
    """A misspelt requirement."""
    return Failure(
        "requirement-not-found", place=Place("requirements.txt", 2), requirement="transfomers==4.50",
        problem="Pip finds no package named `transfomers`.", page="https://pypi.org/search/",
        hint=" Did you mean `transformers` (https://pypi.org/project/transformers/)?",
    )  # fmt: skip


NOT_FOUND = not_found()
REFUSED = Failure(
    "token-refused",
    said="Invalid credentials",
    kind="a user access token",
    why="so it was mistyped, has expired, was revoked, or is another Hub's",
)
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
    plan=["~ hardware: t4-small ($0.40/h), was cpu-basic", "+ variable MODEL: org/model", "~ files: 1 added, 1 changed, 1 removed"],
    restarts=True,
    changes=Changes(["new.css"], ["index.html"], ["moon.js"], 3, 488),
)  # fmt: skip
