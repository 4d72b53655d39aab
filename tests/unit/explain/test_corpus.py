"""From a log to its cause: the corpus of real logs."""

import re

import pytest

from hfspace_action.errors import Place
from hfspace_action.explain import Cause
from tests.kit.corpus import heldout_builds, heldout_scenarios, heldout_starts
from tests.kit.corpus.make import PARTS
from tests.kit.corpus.scenario import FOLDER, Scenario, log
from tests.unit.explain.asked import known, of, said, text_of

SECOND = [*heldout_builds.SCENARIOS, *heldout_starts.SCENARIOS]


# The parts that are held out, and how many were right in cause, place and words when the rules were finished, before
# anything was corrected by them. (The first: 36 of 40, of which three samples did not show the failure they were meant to;
# the samples were corrected, the rules were not: 39. The second: 46 of 48; the kinds of the two misses then got their rules.)
HELD_OUT = {"first": (heldout_scenarios.SCENARIOS, 39), "second": (SECOND, 46)}


def right(scenario: Scenario, part: str) -> bool:
    cause = of(scenario, part)
    return cause is not None and known(cause) == (scenario.id, scenario.place) and scenario.words in text_of(cause)


@pytest.mark.parametrize("scenario", PARTS["tuned"], ids=lambda scenario: scenario.name)
def test_sample_is_explained(scenario: Scenario) -> None:
    cause = of(scenario, "tuned")

    assert known(cause) == (scenario.id, scenario.place)
    assert cause
    assert cause.message
    assert cause.advice
    assert scenario.words in text_of(cause)


@pytest.mark.parametrize("part", HELD_OUT)
def test_held_out_samples_are_explained_as_often_as_measured(part: str) -> None:
    scenarios, measured = HELD_OUT[part]

    wrong = [one.name for one in scenarios if not right(one, "heldout")]

    assert len(scenarios) - len(wrong) >= measured, wrong


def test_held_out_part_is_at_least_a_third() -> None:
    assert len(PARTS["tuned"]) <= len(PARTS["heldout"]) * 2
    assert not {one.name for one in PARTS["heldout"]} & {one.name for one in PARTS["tuned"]}


@pytest.mark.parametrize("part", ["tuned", "heldout"])
def test_samples_name_no_machine(part: str) -> None:
    texts = {one.name: log(part, one).read_text("utf-8") for one in PARTS[part]}

    assert sorted(texts) == sorted(path.stem for path in FOLDER.joinpath(part).iterdir())
    for name, text in texts.items():
        assert not re.search(
            r"/work/|corpus-\w{8}|pypi\.org/(?!en|project)|files\.python|registry\.npm|/root/(?!packages)",
            text,
        ), name


def test_front_matter_of_a_readme_that_is_on_the_space_only_has_no_place() -> None:
    assert known(said("CONFIG_ERROR", "Missing configuration in README")) == ("front-matter-missing", None)


# The excerpts and the advice


def tuned(name: str) -> Cause:
    cause = of(next(one for one in PARTS["tuned"] if one.name == name), "tuned")
    assert cause
    return cause


def test_excerpt_of_a_traceback_goes_from_our_line_to_the_error() -> None:
    assert tuned("crash-while-handling").excerpt == (
        '  File "/home/user/app/app.py", line 4, in <module>',
        "    raise RuntimeError('no model') from error",
        "RuntimeError: no model",
    )


def test_excerpt_of_a_step_has_its_output_without_colours_and_prefixes() -> None:
    for name in ("step-failed-classic", "step-failed-buildkit"):
        assert "ls: cannot access '/data/model.bin': No such file or directory" in tuned(name).excerpt


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("module-missing", "`transformers` to requirements.txt"),
        ("module-missing-other-name", "`opencv-python-headless` to requirements.txt"),
        ("node-module-missing", "`express` to package.json"),
        ("library-missing", "libportaudio2 to packages.txt"),
        ("wrong-port-uvicorn", "`app_port: 8123`"),
        ("environment-missing", "`secrets`"),
    ],
)
def test_advice_names_what_to_do(name: str, advice: str) -> None:
    assert advice in tuned(name).advice


def test_missing_module_that_the_requirements_name_is_not_asked_for_again() -> None:
    trace = 'Traceback (most recent call last):\n  File "/app/app.py", line 1, in <module>\n    import cv2\n'
    files = {"app.py": "import cv2\n", "requirements.txt": "idna\nOpenCV_python-headless>=4\n"}

    cause = said("RUNTIME_ERROR", "", trace + "ModuleNotFoundError: No module named 'cv2'", files)

    assert known(cause) == ("module-not-installed", Place("app.py", 1))
