"""From a log to its cause: the corpus of real logs, the Hub's messages, the shapes not provoked, and hostile text."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfspace_action.errors import Place, catalogue
from hfspace_action.explain import Cause, Ended, early, explain
from hfspace_action.explain.order import RULES
from hfspace_action.file import File
from hfspace_action.readers.files import Deployed
from tests.kit.corpus import heldout_builds, heldout_scenarios, heldout_starts
from tests.kit.corpus.make import PARTS
from tests.kit.corpus.scenario import DOCKER, FOLDER, GRADIO, Scenario, log

SECOND = [*heldout_builds.SCENARIOS, *heldout_starts.SCENARIOS]
# The parts that are held out, and how many were right in cause, place and words when the rules were finished, before
# anything was corrected by them. (The first: 36 of 40, of which three samples did not show the failure they were meant to;
# the samples were corrected, the rules were not: 39. The second: 46 of 48; the kinds of the two misses then got their rules.)
HELD_OUT = {"first": (heldout_scenarios.SCENARIOS, 39), "second": (SECOND, 46)}


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
    return explain(
        Ended(scenario.stage, scenario.message), lines, scenario, sdk=str(scenario.data["sdk"]), data=scenario.data
    )


def said(
    stage: str,
    message: str = "",
    lines: str = "",
    files: Mapping[str, str] | None = None,
    sdk: str = "docker",
    **data: object,
) -> Cause | None:
    """The cause for a message of the Hub and a log."""
    return explain(Ended(stage, message), lines.split("\n"), Texts(files or {}), sdk=sdk, data=data)


def known(cause: Cause | None) -> tuple[str, Place | None]:
    assert cause is not None
    return cause.id, cause.place


def right(scenario: Scenario, part: str) -> bool:
    cause = of(scenario, part)
    return cause is not None and known(cause) == (scenario.id, scenario.place) and scenario.words in text_of(cause)


def text_of(cause: Cause) -> str:
    return f"{cause.message} {cause.advice}"


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
            r"/work/(?!dist/)|corpus-\w{8}|pypi\.org/(?!en|project)|files\.python|registry\.npm|/root/(?!packages)",
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


# What the Hub says by itself. The messages are those seen on the Hub.


class Said(NamedTuple):
    """A stage, the Hub's message, and the cause that it stands for."""

    stage: str
    message: str
    id: str
    place: Place | None


@pytest.mark.parametrize(
    "case",
    [
        Said(
            stage="CONFIG_ERROR",
            message="Missing configuration in README",
            id="front-matter-missing",
            place=Place("README.md", 1),
        ),
        Said(stage="CONFIG_ERROR", message="Collision on variables and secrets names", id="name-collision", place=None),
        Said(
            stage="CONFIG_ERROR",
            message='"colorFrom" must be one of [red, yellow, green]',
            id="front-matter-invalid",
            place=Place("README.md", 3),
        ),
        Said(
            stage="CONFIG_ERROR",
            message='"app_port" must be greater than or equal to 1025',
            id="front-matter-invalid",
            place=Place("README.md", 1),
        ),
        Said(
            stage="PAUSED",
            message="Quota exceeded for flavor cpu-basic (requested=1): current=0, limit=0",
            id="quota-exceeded",
            place=None,
        ),
        Said(stage="RUNTIME_ERROR", message="Scheduling failure: unable to schedule", id="no-capacity", place=None),
        Said(
            stage="RUNTIME_ERROR",
            message="Scheduling failure: not enough hardware capacity",
            id="no-capacity",
            place=None,
        ),
        Said(
            stage="RUNTIME_ERROR",
            message="Workload evicted, storage limit exceeded (50G)",
            id="storage-full",
            place=None,
        ),
        Said(
            stage="RUNTIME_ERROR",
            message="You must add a payment method to your account",
            id="hardware-billing",
            place=None,
        ),
        Said(stage="RUNTIME_ERROR", message="Exit code: 137. Reason: ", id="out-of-memory", place=None),
        Said(stage="RUNTIME_ERROR", message="Memory limit exceeded (16Gi)", id="out-of-memory", place=None),
        Said(
            stage="RUNTIME_ERROR",
            message="Launch timed out, workload was not healthy after 30 min",
            id="never-healthy",
            place=None,
        ),
        Said(stage="BUILD_ERROR", message="Unexpected job error", id="hub-fault", place=None),
    ],
    ids=lambda case: case.message,
)
def test_message_of_the_hub(case: Said) -> None:
    readme = "---\nsdk: docker\ncolorFrom: mauve\n---\n# Demo\n"

    assert known(said(case.stage, case.message, files={"README.md": readme})) == (case.id, case.place)


def test_no_app_file_points_at_the_name_in_the_front_matter() -> None:
    files = {"README.md": "---\nsdk: gradio\napp_file: start.py\n---\n", "main.py": ""}

    cause = said("NO_APP_FILE", files=files, sdk="gradio", app_file="start.py")

    assert known(cause) == ("app-file-missing", Place("README.md", 3))
    assert cause
    assert cause.message == "The file to start, start.py, is not where it is looked for. The Space has main.py."


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


def test_unknown_failure_has_no_cause() -> None:
    lines = [
        "Starting",
        "",
        "\x1b[31mSomething odd\x1b[0m",
        "10%|█▏ | 1/10\r90%|█████████ | 9/10",
        "gave up",
        "━━━━━ 3/3 MB",
    ]

    assert explain(Ended("RUNTIME_ERROR", None), lines, Texts(), sdk="docker", data={}) is None


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


# An app that answers, and a log that is not over


def test_app_that_answered_is_not_asked_to_change_its_port() -> None:
    lines = ["Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)"]
    files = Texts({"README.md": DOCKER})
    message = "Launch timed out, workload was not healthy after 30 min"

    causes = {
        answered: explain(Ended("RUNTIME_ERROR", message, answered), lines, files, sdk="docker", data={})
        for answered in (False, True)
    }

    assert known(causes[False]) == ("wrong-port", Place("README.md", 4))
    assert causes[True] is None


@pytest.mark.parametrize(
    ("line", "sdk", "id"),
    [
        ("Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)", "docker", "wrong-port"),
        ("* Running on http://127.0.0.1:7860", "docker", "loopback-only"),
        ("Uvicorn running on http://0.0.0.0:7860 (Press CTRL+C to quit)", "docker", None),
        ("Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)", "static", None),
        ("Loading the model", "docker", None),
    ],
)
def test_log_that_is_not_over_shows_where_the_app_listens(line: str, sdk: str, id: str | None) -> None:  # noqa: A002
    failure = early(["Starting", line], Texts({"README.md": DOCKER}), sdk=sdk, data={})

    assert (failure.id if failure else None) == id


def test_colour_behind_a_name_that_ends_with_cr_does_not_hide_it() -> None:
    files = {"packages.txt": "ffmpeg\r\n", "README.md": GRADIO}

    cause = said("BUILD_ERROR", "", "\x1b[91mE: Unable to locate package ffmpeg\r\x1b[0m\n", files, sdk="gradio")

    assert known(cause) == ("packages-txt", Place("packages.txt", 1))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32", "utf-8"])
def test_file_is_read_in_the_encoding_of_its_mark(encoding: str) -> None:
    deployed = Deployed({"requirements.txt": File.of("requirements.txt", "idna\n".encode(encoding))})

    assert deployed.text("requirements.txt") == "idna\n"


def test_files_as_deployed_are_read() -> None:
    deployed = Deployed({"app.py": File.of("app.py", b"caf\xe9\n")})

    assert (deployed.text("app.py"), deployed.text("other"), set(deployed.paths)) == ("caf\ufffd\n", None, {"app.py"})


# Text of others

PIECES = sorted(
    {line for one in PARTS["tuned"] for line in log("tuned", one).read_text("utf-8").split("\n")}
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

    cause = explain(Ended(stage, message), lines, Texts(files), sdk="docker", data={"app_port": port})

    if cause:
        assert cause.id in catalogue()
        assert len(cause.excerpt) <= 10
        assert all(len(line) < 400 and "\x1b" not in line for line in cause.excerpt)


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
        explain(Ended(stage, line), [line] * 20, files, sdk="docker", data={})
        assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "begin",
    ["No solution found when resolving", "ERROR: Cannot install a because these package versions have conflicting dependencies",
     "npm error code ERESOLVE", "npm error code EUSAGE", "fatal: could not read Username for", "In --require-hashes mode, all"],
)  # fmt: skip
@pytest.mark.parametrize(
    "piece", ["a", "a==1 depends on ", "because a", "Wheels are available for `a`", "https://a/b/c/", "npm error peer a@", " and you require a"]
)  # fmt: skip
def test_long_lines_after_the_beginning_of_an_error_take_no_longer_than_their_length(begin: str, piece: str) -> None:
    junk = piece * (100_000 // len(piece))
    files = Texts({"README.md": DOCKER, "Dockerfile": "RUN x", "requirements.txt": junk[:4000], "package.json": "{}"})

    started = time.process_time()
    explain(Ended("BUILD_ERROR", None), [begin, *[junk] * 40], files, sdk="docker", data={})

    assert time.process_time() - started < 2


@pytest.mark.parametrize("line", ["0", "2", "99999"])
@pytest.mark.parametrize(
    "log",
    ["error: Unexpected 'x' in requirements.txt:{line}:1", "error: Couldn't parse requirement in `requirements.txt` at position {line}",
     "Dockerfile parse error on line {line}: unknown instruction: X", "Dockerfile:{line}\n--------------------\nERROR: failed to solve: x",
     'Traceback (most recent call last):\n  File "/app/app.py", line {line}, in <module>\nValueError: x', "/app/app.js:{line}\n\nSyntaxError: x"],
)  # fmt: skip
def test_a_line_that_a_file_has_not_is_not_pointed_at(log: str, line: str) -> None:
    files = {"README.md": DOCKER, "Dockerfile": "FROM x\n", "requirements.txt": "x\n", "app.py": "x\n", "app.js": "x\n"}

    for stage in ("BUILD_ERROR", "RUNTIME_ERROR"):
        cause = explain(
            Ended(stage, None), log.format(line=line).splitlines(), Texts(files), sdk="docker", data={"sdk": "docker"}
        )
        place = cause.place if cause else None
        assert place is None or place.line is None or 0 < place.line <= files[place.file].count("\n"), cause


def test_every_rule_has_its_turn() -> None:
    assert len(set(RULES)) == len(RULES)


def test_script_of_node_that_is_not_there_is_placed_where_it_is_started() -> None:
    log = "Error: Cannot find module '/app/setup.js'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)\n"
    files = {
        "package.json": '{\n  "scripts": {\n    "postinstall": "node setup.js"\n  }\n}\n',
        "Dockerfile": "FROM node\n",
    }

    assert known(said("BUILD_ERROR", lines=log, files=files)) == ("local-module-missing", Place("package.json", 3))


@pytest.mark.parametrize(
    "line",
    [
        "E: Couldn't find any package by regex 'libGL.so.1'",
        "E: Version '4' for 'libGL.so.1' was not found",
        "E: Unable to locate package libGL.so.1",
    ],
)
def test_words_of_apt(line: str) -> None:
    files = {"packages.txt": "ffmpeg\nlibGL.so.1=4\n"}

    assert said("BUILD_ERROR", lines=line, files=files, sdk="gradio").place == Place("packages.txt", 2)  # type: ignore[union-attr]


def test_relative_import_in_the_program_is_told_from_a_missing_file() -> None:
    log = 'Traceback (most recent call last):\n  File "/home/user/app/app.py", line 1, in <module>\n    from .ui import page\n' \
          "ImportError: attempted relative import with no known parent package\n"  # fmt: skip
    cause = said("RUNTIME_ERROR", lines=log, files={"app.py": "from .ui import page\n", "ui.py": ""}, sdk="gradio")

    assert known(cause) == ("local-module-missing", Place("app.py", 1))
    assert cause
    assert "without the dots" in text_of(cause)


# As the classic builder of Docker 20.10 says them, which gives no line.
DOCKERFILE = "FROM python:3.13-slim\nEXPOSE web\nENV FOO\nCOPY *.whl /w/\nCOPY ../x /y\nCOPY --from=4 /x /y\n"


@pytest.mark.parametrize(
    ("log", "id", "line"),
    [
        (
            "Error response from daemon: failed to parse Dockerfile: ENV must have two arguments",
            "dockerfile-invalid",
            3,
        ),
        ("Invalid containerPort: web", "dockerfile-invalid", 2),
        ("invalid from flag value 4: index out of bounds", "dockerfile-invalid", 6),
        ("Step 4/6 : COPY *.whl /w/\nCOPY failed: no source files were specified", "copy-missing", 4),
        ("Step 5/6 : COPY ../x /y\nCOPY failed: forbidden path outside the build context: ../x ()", "copy-missing", 5),
    ],
)
def test_words_of_the_classic_builder_without_a_line(log: str, id: str, line: int) -> None:  # noqa: A002
    cause = said("BUILD_ERROR", lines=log, files={"Dockerfile": DOCKERFILE})

    assert known(cause) == (id, Place("Dockerfile", line))
