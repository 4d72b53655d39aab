"""A fixed part of `make faults`, those cells that once went wrong, and that the judge itself finds what is wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.faults import cell, routes
from scripts.faults.cell import FAULTS, OFTEN
from scripts.faults.judge import OUTPUTS, Kind, Seen, Tried
from scripts.faults.scenes import SCENES
from scripts.faults.shards import tried
from tests.kit.space.settings import State
from tests.kit.step.action import Step

SAMPLE = 300
PARTS = 6
_SPACE = "/api/spaces/{space}"
ONCE_WRONG = (
    "redeploy | POST /api/validate-yaml | 502-html | once",
    f"redeploy | POST {_SPACE}/paths-info/{{sha}} | mistaken | once",
    "binary | POST /_xet/v2/shards | missing | once",
    "binary | GET /_xet/v1/chunks/default/{sha256} | elsewhere-302 | once",
    f"binary | GET {_SPACE}/tree/{{sha}}?recursive=false&expand=false #2 | lacking | once",
    f"first | GET {_SPACE}?expand=sha&expand=runtime&expand=sdk&expand=private&expand=cardData #2 | elsewhere-302 | once",
    "first | POST /api/repos/create | swollen | once",
    "publisher | POST /oauth/token | encoding | once",
    "restart | GET /spaces/{space}/resolve/{sha}/README.md | elsewhere-302 | always",
    "restart | GET /spaces/{space}/resolve/{sha}/README.md | 200-html | once",
    f"watch | GET {_SPACE}/commits/{{sha}} | mistaken | once",
    "held | GET /spaces/{space}/resolve/{sha}/.gitattributes | 200-html | always",
    "held | GET /spaces/{space}/resolve/{sha}/.gitattributes | elsewhere-302 | always",
    f"through | GET {_SPACE}-staging?expand=sha&expand=runtime&expand=sdk&expand=private&expand=cardData | mistaken | once",
    f"promote | POST {_SPACE}-staging/paths-info/{{sha}} | lacking | always",
)


def test_there_are_cells_enough() -> None:
    assert sum(1 for _ in cell.every()) >= 3000
    assert routes.read().keys() == SCENES.keys()
    assert len(cell.quick(SAMPLE)) == SAMPLE
    assert {each.fault for each in cell.quick(SAMPLE)} == FAULTS.keys() - cell.LONG


def test_a_cell_is_known_by_its_name() -> None:
    for each in cell.sample(200):
        assert cell.of(each.id) == each
    assert {each.often for each in cell.every()} == {*OFTEN}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_sample(part: int, tmp_path: Path) -> None:
    outcomes = tried(cell.quick(SAMPLE)[part::PARTS], tmp_path / "first", jobs=10, quiet=True)
    # What could not be tried, because its Hub was not reached on a busy machine, gets another chance.
    untried = [each.cell for each in outcomes if any(problem.kind is Kind.UNTRIED for problem in each.problems)]
    again = tried(untried, tmp_path / "again", jobs=2, quiet=True) if untried else []
    outcomes = [*(each for each in outcomes if each.cell not in untried), *again]

    assert len(outcomes) == SAMPLE // PARTS
    assert {each.cell.id: each.problems for each in outcomes if each.problems} == {}


@pytest.mark.slow
def test_what_once_went_wrong(tmp_path: Path) -> None:
    outcomes = tried([cell.of(each) for each in ONCE_WRONG], tmp_path, jobs=5, quiet=True)

    assert {each.cell.id: each.problems for each in outcomes if each.problems} == {}


# That the judge sees what is wrong

_OLD, _NEW = {"a": "1" * 40}, {"a": "2" * 40}
_BEFORE = Seen(_OLD, ("c1",), State(exists=True, visibility="public"), (), frozenset({"alice/x"}))
_AFTER = _BEFORE._replace(files=_NEW, commits=("c2", "c1"))
_STEP = Step(
    0, "", dict.fromkeys(OUTPUTS, "") | {"result": "published", "commit-sha": "c2", "changed": "true"}, "summary"
)
_SCENE = replace(SCENES["redeploy"], results=("published",))


def judged(after: Seen = _AFTER, step: Step | None = _STEP, **scene: object) -> set[Kind]:
    return {each.kind for each in Tried(replace(_SCENE, **scene), "alice/x", _NEW, _BEFORE, after, step).problems()}


def ended(code: int = 1, log: str = "", summary: str = "summary", **outputs: str) -> Step:
    named = {name.replace("_", "-"): value for name, value in outputs.items()}
    return Step(code, log, {**_STEP.outputs, **named}, summary)


def test_a_deploy_that_is_right_has_no_problem() -> None:
    assert judged() == set()
    assert judged(_BEFORE, ended(result="error", error="hub-unwell", changed="", commit_sha="")) == set()


@pytest.mark.parametrize(
    ("after", "step", "kind"),
    [
        (_BEFORE, _STEP, Kind.LIE),
        (_AFTER, ended(result="published"), Kind.LIE),
        (_AFTER, ended(0, result="error", error="x"), Kind.LIE),
        (_AFTER, ended(result="error", error="x", changed="false"), Kind.LIE),
        (_BEFORE, ended(result="error", error="x", changed="true", commit_sha=""), Kind.LIE),
        (_AFTER, ended(0, commit_sha="c1"), Kind.LIE),
        (_AFTER, ended(0, visibility="private"), Kind.LIE),
        (_AFTER, ended(0, created="true"), Kind.LIE),
        (_AFTER._replace(files={"a": "3" * 40}), _STEP, Kind.HALF),
        (_AFTER._replace(commits=("c3", "c2", "c1")), ended(0, commit_sha="c3"), Kind.HALF),
        (_AFTER._replace(unfinished=(1,)), _STEP, Kind.LEFTOVER),
        (_AFTER._replace(spaces=frozenset({"alice/x", "alice/x-selftest-1"})), _STEP, Kind.LEFTOVER),
        (_AFTER, ended(result="error", error="internal"), Kind.INTERNAL),
        (_AFTER, ended(0, log="Traceback (most recent call last)"), Kind.INTERNAL),
        (_AFTER, ended(0, summary=""), Kind.REPORT),
        (_AFTER, ended(result="error", error=""), Kind.REPORT),
        (_AFTER, Step(1, "", {"result": "error", "error": "x"}, "summary"), Kind.REPORT),
        (_AFTER, None, Kind.TIME),
    ],
)
def test_what_is_wrong_is_found(after: Seen, step: Step | None, kind: Kind) -> None:
    assert kind in judged(after, step)


def test_settings_that_are_not_as_asked_are_a_lie() -> None:
    assert judged(settings={"visibility": "private"}) == {Kind.LIE}
