"""From a log to its cause: the Hub's messages, and the shapes not provoked."""

from typing import NamedTuple

import pytest

from hfspace_action.errors import Place
from hfspace_action.explain import Ended, early, explain
from hfspace_action.explain.order import RULES
from hfspace_action.file import File
from hfspace_action.readers.files import Deployed
from tests.kit.corpus.scenario import DOCKER, GRADIO
from tests.unit.explain.asked import Texts, known, said, text_of

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
