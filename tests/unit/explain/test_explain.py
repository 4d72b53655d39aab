"""From a log to its cause: the corpus of real logs, the Hub's messages, the shapes not provoked, and hostile text."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfspace_action.errors import Place, catalogue
from hfspace_action.explain import Cause, Deployed, ending, explain
from hfspace_action.explain.order import RULES
from hfspace_action.file import File
from tests.kit.corpus import heldout_scenarios, tuned_scenarios
from tests.kit.corpus.scenario import DOCKER, FOLDER, GRADIO, Scenario, log

HELD_OUT = len(heldout_scenarios.SCENARIOS)
# Right in cause and place, measured once the rules were finished. (First 36 of 40: three samples did not show the failure
# they were meant to. The samples were corrected, the rules were not: 39.)
MEASURED = 39


@dataclass(frozen=True)
class Texts:
    """Files that are only a mapping."""

    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def paths(self) -> frozenset[str]:
        return frozenset(self.files)

    def text(self, path: str) -> str | None:
        return self.files.get(path)


def of(scenario: Scenario, part: str) -> Cause | None:
    lines = log(part, scenario).read_text("utf-8").split("\n")
    return explain(scenario.stage, scenario.message, lines, scenario, sdk=str(scenario.data["sdk"]), data=scenario.data)


def said(
    stage: str,
    message: str = "",
    lines: str = "",
    files: Mapping[str, str] | None = None,
    sdk: str = "docker",
    **data: object,
) -> Cause | None:
    """The cause for a message of the Hub and a log."""
    return explain(stage, message, lines.split("\n"), Texts(files or {}), sdk=sdk, data=data)


def known(cause: Cause | None) -> tuple[str, Place | None]:
    assert cause is not None
    return cause.id, cause.place


@pytest.mark.parametrize("scenario", tuned_scenarios.SCENARIOS, ids=lambda scenario: scenario.name)
def test_sample_is_explained(scenario: Scenario) -> None:
    cause = of(scenario, "tuned")

    assert known(cause) == (scenario.id, scenario.place)
    assert cause
    assert cause.message
    assert cause.advice


def test_held_out_samples_are_explained_as_often_as_measured() -> None:
    wrong = [one.name for one in heldout_scenarios.SCENARIOS if known(of(one, "heldout")) != (one.id, one.place)]

    assert HELD_OUT - len(wrong) >= MEASURED, wrong


def test_held_out_part_is_at_least_a_third() -> None:
    assert len(tuned_scenarios.SCENARIOS) <= HELD_OUT * 2
    assert not {one.name for one in heldout_scenarios.SCENARIOS} & {one.name for one in tuned_scenarios.SCENARIOS}


@pytest.mark.parametrize("part", ["tuned", "heldout"])
def test_samples_name_no_machine(part: str) -> None:
    scenarios = {"tuned": tuned_scenarios.SCENARIOS, "heldout": heldout_scenarios.SCENARIOS}[part]
    texts = {one.name: log(part, one).read_text("utf-8") for one in scenarios}

    assert sorted(texts) == sorted(path.stem for path in FOLDER.joinpath(part).iterdir())
    for name, text in texts.items():
        assert not re.search(
            r"/work/|corpus-\w{8}|pypi\.org/(?!en|project)|files\.python|registry\.npm|/root/(?!packages)", text
        ), name


def test_front_matter_of_a_readme_that_is_on_the_space_only_has_no_place() -> None:
    assert known(said("CONFIG_ERROR", "Missing configuration in README")) == ("front-matter-missing", None)


# The excerpts and the advice


def tuned(name: str) -> Cause:
    cause = of(next(one for one in tuned_scenarios.SCENARIOS if one.name == name), "tuned")
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


# What the Hub says by itself. The messages are those seen on the Hub.


@pytest.mark.parametrize(
    ("stage", "message", "id", "place"),
    [
        ("CONFIG_ERROR", "Missing configuration in README", "front-matter-missing", Place("README.md", 1)),
        ("CONFIG_ERROR", "Collision on variables and secrets names", "name-collision", None),
        (
            "CONFIG_ERROR",
            '"colorFrom" must be one of [red, yellow, green]',
            "front-matter-invalid",
            Place("README.md", 3),
        ),
        (
            "CONFIG_ERROR",
            '"app_port" must be greater than or equal to 1025',
            "front-matter-invalid",
            Place("README.md", 1),
        ),
        ("PAUSED", "Quota exceeded for flavor cpu-basic (requested=1): current=0, limit=0", "quota-exceeded", None),
        ("RUNTIME_ERROR", "Scheduling failure: unable to schedule", "no-capacity", None),
        ("RUNTIME_ERROR", "Scheduling failure: not enough hardware capacity", "no-capacity", None),
        ("RUNTIME_ERROR", "Workload evicted, storage limit exceeded (50G)", "storage-full", None),
        ("RUNTIME_ERROR", "You must add a payment method to your account", "hardware-billing", None),
        ("RUNTIME_ERROR", "Exit code: 137. Reason: ", "out-of-memory", None),
        ("RUNTIME_ERROR", "Memory limit exceeded (16Gi)", "out-of-memory", None),
        ("RUNTIME_ERROR", "Launch timed out, workload was not healthy after 30 min", "never-healthy", None),
        ("BUILD_ERROR", "Unexpected job error", "hub-fault", None),
    ],
)
def test_message_of_the_hub(stage: str, message: str, id: str, place: Place | None) -> None:  # noqa: A002
    readme = "---\nsdk: docker\ncolorFrom: mauve\n---\n# Demo\n"

    assert known(said(stage, message, files={"README.md": readme})) == (id, place)


def test_no_app_file_points_at_the_name_in_the_front_matter() -> None:
    files = {"README.md": "---\nsdk: gradio\napp_file: start.py\n---\n", "main.py": ""}

    cause = said("NO_APP_FILE", files=files, sdk="gradio", app_file="start.py")

    assert known(cause) == ("app-file-missing", Place("README.md", 3))
    assert cause
    assert cause.message == "The file to start, start.py, is not where it is looked for; the Space has main.py."


def test_traceback_in_the_message_alone_is_enough() -> None:
    message = 'Exit code: 1. Reason: Traceback (most recent call last):\n  File "/home/user/app/app.py", line 2, in <module>\n    1/0\nZeroDivisionError: division by zero\n'

    assert known(said("RUNTIME_ERROR", message, files={"app.py": "\n1/0\n"})) == ("app-crashed", Place("app.py", 2))


# Shapes that could not be provoked here: builds by the engine of 2021 with BuildKit, and images that can't be pulled.


@pytest.mark.parametrize(
    ("end", "id", "line"),
    [
        (
            "#6 [3/3] RUN make all\n#6 ERROR: executor failed running [/bin/sh -c make all]: exit code: 2",
            "docker-step-failed",
            3,
        ),
        ('#7 [4/4] COPY gone.txt .\nfailed to compute cache key: "/gone.txt" not found: not found', "copy-missing", 4),
        (
            "ERROR: failed to solve: nosuch/image:1: pull access denied, repository does not exist",
            "base-image-missing",
            1,
        ),
        ("ERROR: failed to solve: docker.io/nosuch/image:1: not found", "base-image-missing", 1),
        ("manifest for nosuch/image:1 not found: manifest unknown", "base-image-missing", 1),
    ],
)
def test_other_shapes_of_builders(end: str, id: str, line: int) -> None:  # noqa: A002
    files = {"Dockerfile": "FROM nosuch/image:1\nWORKDIR /app\nRUN make all\nCOPY gone.txt .\n"}

    assert known(said("BUILD_ERROR", "", end, files)) == (id, Place("Dockerfile", line))


# Where nothing is known


def test_unknown_failure_has_no_cause_but_an_ending() -> None:
    lines = [
        "Starting",
        "",
        "\x1b[31mSomething odd\x1b[0m",
        "10%|█▏ | 1/10\r90%|█████████ | 9/10",
        "gave up",
        "━━━━━ 3/3 MB",
    ]

    assert explain("RUNTIME_ERROR", None, lines, Texts(), sdk="docker", data={}) is None
    assert ending(lines) == ("Starting", "Something odd", "gave up")


@pytest.mark.parametrize(
    "path", ["/usr/local/lib/python3.10/site-packages/gradio/app.py", "<string>", "/other/nothere.py"]
)
def test_frames_outside_the_repository_have_no_place(path: str) -> None:
    trace = f'Traceback (most recent call last):\n  File "{path}", line 1, in <module>\nValueError: no'

    assert known(said("RUNTIME_ERROR", "", trace, {"app.py": "1\n"})) == ("app-crashed", None)


def test_line_that_the_file_does_not_have_is_not_given() -> None:
    trace = 'Traceback (most recent call last):\n  File "/app/app.py", line 99, in <module>\nValueError: no'

    assert known(said("RUNTIME_ERROR", "", trace, {"app.py": "1\n"})) == ("app-crashed", None)


def test_app_where_the_hub_expects_it_has_no_wrong_port() -> None:
    assert said("APP_STARTING", "", "Uvicorn running on http://0.0.0.0:7860 (Press CTRL+C to quit)") is None


def test_files_as_deployed_are_read() -> None:
    deployed = Deployed({"app.py": File.of("app.py", b"caf\xe9\n")})

    assert (deployed.text("app.py"), deployed.text("other"), set(deployed.paths)) == ("caf\ufffd\n", None, {"app.py"})


# Text of others

PIECES = sorted(
    {line for one in tuned_scenarios.SCENARIOS for line in log("tuned", one).read_text("utf-8").split("\n")}
    | {"Traceback (most recent call last):", "\x1b[", "\r", "::error::x", "{0}", "{", '"', "\ud800", "\x00", "#1 0.1 "}
)
LINES = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(max_size=80),
        st.tuples(st.sampled_from(PIECES), st.text(max_size=9)).map("".join),
    )
)
STAGES = st.sampled_from(
    ["BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE", "APP_STARTING", "PAUSED", "", "NEW"]
)


@settings(max_examples=150, deadline=None)
@given(
    stage=STAGES,
    lines=LINES,
    message=st.one_of(st.none(), st.text()),
    port=st.one_of(st.none(), st.text(max_size=6), st.integers()),
)
def test_any_text_is_survived(stage: str, lines: list[str], message: str | None, port: object) -> None:
    files = {"README.md": DOCKER, "Dockerfile": "\n".join(lines), "requirements.txt": "\n".join(lines), "app.py": ""}

    cause = explain(stage, message, lines, Texts(files), sdk="docker", data={"app_port": port})

    if cause:
        assert cause.id in catalogue()
        assert len(cause.excerpt) <= 10
        assert all(len(line) < 400 and "\x1b" not in line for line in cause.excerpt)
    assert all("\r" not in line for line in ending(lines))


@pytest.mark.parametrize(
    "piece",
    ["a", "/", "= ", "\x1b[", "\x1b]", "1.", "1.1.1.1:", "http://", "exec: ", "sh: ", "lstat ", "The command '/bin/sh -c ",
     "you require a and ", "/Dockerfile", "File \"", "  ", "...", "Cannot find module '", "Cannot install ", "lib.so", "x: ", ": ",
     "Could not find a version that satisfies the requirement ", "permission denied /", "https://a/", "-r a ", "$A", "---\n"],
)  # fmt: skip
def test_long_lines_take_no_longer_than_their_length(piece: str) -> None:
    line = piece * (1_000_000 // len(piece))
    files = Texts({"README.md": GRADIO, "Dockerfile": "RUN " + line, "requirements.txt": line, "app.py": line})

    for stage in ("BUILD_ERROR", "APP_STARTING"):
        began = time.process_time()
        explain(stage, line, [line] * 20, files, sdk="docker", data={})
        assert time.process_time() - began < 2


def test_every_rule_has_its_turn() -> None:
    assert len(set(RULES)) == len(RULES)
