"""ARCHITECTURE.md describes the tree that is there."""

import re
from pathlib import Path

from tests.kit import ROOT

PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
MOST_MODULES = 12


def folders() -> dict[str, list[Path]]:
    """Each folder of the two packages with its modules."""
    packages = [init.parent for top in ("hfspace_action", "localhub") for init in (ROOT / top).rglob("__init__.py")]
    return {
        str(package.relative_to(ROOT)): [module for module in package.glob("*.py") if module.name != "__init__.py"]
        for package in packages
    }


def test_the_table_has_exactly_the_folders() -> None:
    rows = re.findall(r"^\| `((?:hfspace_action|localhub)[\w/]*)` \|", PAGE, re.MULTILINE)
    assert sorted(row.rstrip("/") for row in rows) == sorted(folders())


def test_no_folder_has_more_modules_than_a_reader_can_hold() -> None:
    assert {name: len(modules) for name, modules in folders().items() if len(modules) > MOST_MODULES} == {}


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.(?:py|toml|md|yml))`", PAGE)) | set(re.findall(r"\]\(([^)#]+)\)", PAGE))
    roots = [ROOT, ROOT / "hfspace_action", *(ROOT / folder for folder in folders())]
    assert {name for name in named if not any((root / name).exists() for root in roots)} == set()
