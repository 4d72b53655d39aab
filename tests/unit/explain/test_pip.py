"""What pip says of another Python or another system, in its own words (pip 23.2)."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from hfspace_action.errors import Place
from hfspace_action.explain import Ended, explain
from hfspace_action.readers import packages
from tests.kit.trees import Space, docker

WINDOWS, OLD = "a-1-cp39-cp39-win_amd64.whl", "a-1-cp39-cp39-manylinux_2_17_x86_64.whl"
STEP = "pip install -r requirements.txt"
FAILED = f'ERROR: process "/bin/sh -c {STEP}" did not complete successfully: exit code: 1'
NOT_SUPPORTED = "ERROR: {} is not a supported wheel on this platform."
IGNORED = (
    "ERROR: Ignored the following versions that require a different python version: "
    "1.21.2 Requires-Python >=3.7,<3.11; of-old Requires-Python >=3; 2.5.0 Requires-Python >=3.12"
)
NOT_FOUND = "ERROR: Could not find a version that satisfies the requirement numpy=={} (from versions: 1.3.0, 2.4.0)"
OTHER = "ERROR: Package 'needy' requires a different Python: 3.10.1 not in '>=3.99'"


class Case(NamedTuple):
    name: str
    log: str
    requirements: str
    id: str
    said: str
    line: int | None = 2
    """In requirements.txt; None where that names nothing of it: then it is the step of the Dockerfile."""

    @property
    def files(self) -> Mapping[str, str]:
        return docker(
            "FROM python:3.10\nCOPY . .\nRUN pip install -r requirements.txt\n",
            **{"requirements.txt": self.requirements},
        )


CASES = [
    Case("a wheel for another system", NOT_SUPPORTED.format(WINDOWS), f"flask\nhttps://example.org/{WINDOWS}\n", "requirement-platform", "win_amd64"),
    Case("a wheel for another Python", NOT_SUPPORTED.format(OLD), f"flask\nhttps://example.org/{OLD}\n", "requirement-python", "cp39"),
    Case("a version for a newer Python", f"{IGNORED}\n{NOT_FOUND.format('2.5.0')}", "flask\nnumpy==2.5.0\n", "requirement-python", ">=3.12"),
    Case("a version that nobody has", f"{IGNORED}\n{NOT_FOUND.format('9.9')}", "flask\nnumpy==9.9\n", "requirement-not-found", "9.9"),
    Case("a package for a newer Python", OTHER, "flask\nneedy\n", "requirement-python", ">=3.99"),
    Case("one that no file names", OTHER, "flask\n", "requirement-python", ">=3.99", line=None),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_pip(case: Case) -> None:
    space = Space(case.name, case.files)
    log = f"--> RUN {STEP}\n{case.log}\n{FAILED}".split("\n")

    cause = explain(Ended("BUILD_ERROR", "Job failed with exit code: 1"), log, space, sdk="docker", data=space.data)

    assert cause is not None
    assert cause.id == case.id
    assert cause.place == (Place("Dockerfile", 3) if case.line is None else Place("requirements.txt", case.line))
    assert case.said in f"{cause.message} {cause.advice}"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("gradoi", "gradio"),
        ("padnas", "pandas"),
        ("torhc", "torch"),
        ("transfomers", "transformers"),
        ("gradio", None),
        ("flask", None),
        ("xyz", None),
        ("smile", None),
    ],
)
def test_a_misspelt_name_is_known_again(name: str, meant: str | None) -> None:
    assert packages.meant(name) == meant
