"""Which files of a static Space are asked for, and what counts as the published one."""

import pytest

from hfspace_action.file import File
from hfspace_action.result import Result
from hfspace_action.watch.app.files import MOST, Served, is_page, is_reachable, spread
from hfspace_action.watch.app.outcome import Outcome
from hfspace_action.watch.app.visit import Answer, Question

PAGE = (
    b"<!doctype html>\n<html><head>\n<title>Tides</title></head><body>High at noon<script>go()</script></body></html>\n"
)
SCRIPT = b'<script>window.huggingface={variables:{"A":"1"}};</script>'


class Site:
    """What an edge serves: bodies by path, and the paths that it was asked for."""

    def __init__(self, bodies: dict[str, bytes], status: int = 200, *, closed: bool = False) -> None:
        self.bodies, self.status, self.closed = bodies, status, closed
        self.asked: list[str] = []

    def visit(self, question: Question) -> Answer:
        self.asked.append(question.path)
        body = self.bodies.get(question.path)
        return Answer("", 404 if body is None else self.status, False, {}, body or b"", closed=self.closed)


def came(files: dict[str, bytes], site: Site) -> Outcome:
    return Served([File.of(path, content) for path, content in files.items()]).ask(site.visit)


@pytest.mark.parametrize(
    ("body", "same"),
    [
        pytest.param(PAGE, True, id="as published"),
        pytest.param(PAGE.replace(b"<head>", b"<head>" + SCRIPT), True, id="a script behind head"),
        pytest.param(SCRIPT + PAGE, True, id="a script ahead of everything"),
        pytest.param(PAGE.replace(b"<body>", b"<body>\n" + SCRIPT + b"\n"), True, id="a script with lines of its own"),
        pytest.param(PAGE.replace(b"noon", b"dawn"), False, id="another text"),
        pytest.param(PAGE.replace(b"<body>", b"<body>Old and "), False, id="a text that the new one leaves out"),
        pytest.param(PAGE.replace(b"<body>", b"<body><script>old()</script>"), False, id="a script that it leaves out"),
        pytest.param(
            PAGE.replace(b"go()", b"window.huggingface.old()"), False, id="another script that asks the Hub's"
        ),
        pytest.param(b"", False, id="nothing"),
    ],
)
def test_a_page(body: bytes, same: bool) -> None:
    assert is_page(body, PAGE) is same


def test_a_page_of_openings_takes_no_time() -> None:
    assert is_page(b"<script" * 500_000, b"<script " * 500_000)


@pytest.mark.parametrize(
    ("body", "good", "final"),
    [
        (b"p { color: red }", True, None),
        (b"p { color: blue }", False, None),
        (b"p { color: red }\n", False, None),
        (b"", False, None),
        (None, False, Result.PUBLISHED),
    ],
)
def test_a_file_is_compared_byte_by_byte(body: bytes | None, good: bool, final: Result | None) -> None:
    outcome = came({"style.css": b"p { color: red }"}, Site({} if body is None else {"/style.css": body}))

    assert (outcome.good, outcome.final) == (good, final)
    assert ("style.css" in outcome.words) is not good


def test_a_page_into_which_more_was_put_than_is_known_is_no_failure() -> None:
    outcome = came(
        {"about.html": PAGE}, Site({"/about.html": PAGE.replace(b"<head>", b"<head><script>new()</script>")})
    )

    assert (outcome.good, outcome.final) == (False, Result.PUBLISHED)


def test_what_the_edge_shows_to_nobody_is_no_failure() -> None:
    assert came({"style.css": b"x"}, Site({"/style.css": b""}, 401, closed=True)).final is Result.PUBLISHED


@pytest.mark.parametrize(
    "name", ["a b.css", "übersicht.js", "100%.txt", "what?.css", "a#b.css", "x+y.txt", "deep/er/a&b.svg"]
)
def test_names_are_encoded(name: str) -> None:
    site = Site({})
    came({name: b"x"}, site)
    (path,) = site.asked
    assert path.isascii()
    assert not set(path) & set(" ?#")


def test_each_is_asked_for_until_it_is_served() -> None:
    site = Site({"/a.css": b"new", "/b.css": b"old"})
    served = Served([File.of("a.css", b"new"), File.of("b.css", b"new")])

    assert not served.ask(site.visit).good
    site.bodies["/b.css"] = b"new"
    assert served.ask(site.visit) == Outcome(True, "2 files served as published")
    assert site.asked == ["/a.css", "/b.css", "/b.css"]


def test_of_many_some_are_asked_for_the_same_each_time() -> None:
    names = [f"{number:03}.css" for number in range(500)]
    site = Site({f"/{name}": b"x" for name in names})

    outcome = came(dict.fromkeys(reversed(names), b"x"), site)

    assert outcome == Outcome(True, f"{MOST} of 500 files served as published")
    assert len(site.asked) == MOST
    assert (site.asked[0], site.asked[-1]) == ("/000.css", "/499.css")


@pytest.mark.parametrize("number", range(3 * MOST))
def test_a_sample_has_no_file_twice(number: int) -> None:
    files = [File.of(str(each), b"") for each in range(number)]
    chosen = [file.path for file in spread(files, MOST)]
    assert len(chosen) == len(set(chosen)) == min(number, MOST)


@pytest.mark.parametrize(
    ("path", "reachable"),
    [
        ("style.css", True),
        ("docs/README.md", True),
        ("README.md", False),
        (".gitattributes", False),
        (".github/x.yml", False),
    ],
)
def test_what_visitors_ask_for(path: str, reachable: bool) -> None:
    assert is_reachable(path) is reachable
