"""The lines of a repository that name packages for Python."""

import re
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from hfspace_action.errors import Place
from hfspace_action.explain import places
from hfspace_action.explain.case import Case, Files

from .dockerfile import DOCKERFILE

MANIFEST = "requirements.txt"
_REQUIREMENTS = re.compile(r"(?:^|/)[\w.-]*requirements[\w.-]*\.(?:txt|in)$")
_INCLUDE = re.compile(r"(?:^|\s)(?:-r|--requirements?|-c|--constraint)[ =]?['\"]?(?P<path>[\w./-]+)")
_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)")


def name_of(requirement: str) -> str:
    """The normal form of the name in a requirement such as ``Foo_bar[x]>=1``; empty where there is none."""
    found = _NAME.match(requirement)
    return canonicalize_name(found["name"].rstrip(".-_")) if found else ""


def specifier(requirement: str) -> Requirement | None:
    """The requirement, read by the rules of packaging; None where it breaks them."""
    try:
        return Requirement(requirement)
    except InvalidRequirement:
        return None


def manifests(files: Files) -> list[str]:
    """The requirement files: those of the usual names, the Dockerfile's and those that they include."""
    usual = sorted(
        (path for path in files.paths if _REQUIREMENTS.search(path)), key=lambda path: (path.count("/"), path)
    )
    found = dict.fromkeys(usual)
    waiting = [*usual, DOCKERFILE]
    while waiting and len(found) < 100:
        path = waiting.pop(0)
        folder = path.rpartition("/")[0]
        for included in _INCLUDE.finditer(files.text(path) or ""):
            for one in (included["path"].removeprefix("./"), f"{folder}/{included['path']}"):
                if one in files.paths and one not in found:
                    found[one] = None
                    waiting.append(one)
    return list(found)


def place(case: Case, requirement: str) -> Place | None:
    """The line that asks for a requirement: of a requirement file, else of pyproject.toml, setup.py or the Dockerfile."""
    name = name_of(requirement)
    if not name:
        return None
    version = re.sub(r"\s+", "", requirement)
    named = list(_named(case.files, name))
    exact = [place for place, line in named if version in re.sub(r"\s+", "", line)]
    if exact or named:
        return (exact or [place for place, _ in named])[0]
    spelled = re.compile(rf"(?<![\w.-]){'[-_.]+'.join(map(re.escape, name.split('-')))}(?![\w-])", re.IGNORECASE)
    return places.where(
        case.files, ("pyproject.toml", "setup.py", "setup.cfg", "environment.yml", DOCKERFILE), spelled.search
    )


def _named(files: Files, name: str) -> Iterator[tuple[Place, str]]:
    for path in manifests(files):
        for number, line in enumerate((files.text(path) or "").splitlines(), 1):
            if name_of(line) == name:
                yield Place(path, number), line


def missing_at(files: Files) -> str:
    """The file in which a missing package should be named."""
    return next((path for path in (MANIFEST, *manifests(files), "pyproject.toml") if path in files.paths), MANIFEST)
