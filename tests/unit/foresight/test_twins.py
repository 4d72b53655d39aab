"""Every cause of `explain` that files alone can show has its twin in `foresight`."""

import ast
from pathlib import Path

import hfspace_action.explain
import hfspace_action.foresight
from hfspace_action.errors import catalogue, groups

# Causes that no file shows, and what does.
NEEDS_MORE_THAN_FILES = {
    "the Hub's message": {
        "front-matter-missing", "front-matter-invalid", "name-collision", "hardware-billing", "no-capacity", "storage-full", "hub-fault",
        "build-needs-plan", "quota-exceeded",
    },
    "an index of packages": {"index-unreachable", "requirement-hash", "requirement-repository"},
    "a run of the build": {"docker-step-failed", "npm-package-script"},
    "a run of the app": {
        "out-of-memory", "module-not-installed", "import-failed", "library-missing", "app-crashed", "permission-denied",
        "never-healthy",
    },
    "the settings of the Space": {"environment-missing"},
    "models on the Hub": {"gated-model", "model-missing"},
}  # fmt: skip
EXPLAINED = ("hub_said", "packages", "code", "start")


def ids(package: str, *calls: str) -> set[str]:
    """The first arguments of these calls in a package."""
    found = set[str]()
    for path in Path(package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.func if isinstance(node, ast.Call) else None
            called = name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""
            if isinstance(node, ast.Call) and called in calls and node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found & catalogue().keys()


def test_cause_that_files_show_is_foreseen() -> None:
    explained = ids(hfspace_action.explain.__path__[0], "cause", "_said", "_about")
    foreseen = ids(hfspace_action.foresight.__path__[0], "certain", "likely") | _by_kind()
    elsewhere = set[str]().union(*NEEDS_MORE_THAN_FILES.values())

    assert explained - foreseen - elsewhere == set()
    assert elsewhere <= explained, "a cause that is none any more"
    assert foreseen & elsewhere == set(), "files do show it"


def _by_kind() -> set[str]:
    """Findings whose certainty is decided where they are made: `(certain if … else likely)("id", …)`."""
    found = set[str]()
    for path in Path(hfspace_action.foresight.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.IfExp)
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def test_every_cause_has_a_group_of_causes() -> None:
    explained = ids(hfspace_action.explain.__path__[0], "cause", "_said", "_about")
    grouped = {name for group in groups() for name in group.texts}

    assert explained <= grouped
