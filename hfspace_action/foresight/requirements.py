"""Requirements that can't be installed, by their own words."""

import re
from collections import defaultdict
from collections.abc import Iterator

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from hfspace_action.readers import packages, requirements
from hfspace_action.readers.requirements import Line

from .tree import Finding, Tree, certain, likely

_INCLUDE = re.compile(r"(?:-[rc]|--requirement|--constraint)[ =]?\s*(?P<path>\S+)")
_OPTION = re.compile(
    r"-[icrfe]\b|--(?:index-url|extra-index-url|no-index|find-links|no-binary|only-binary|prefer-binary|require-hashes|pre|trusted-host"
    r"|use-feature|requirement|constraint|editable|index|pypi-url|config-settings?|global-option|hash)\b"
)
_OPTIONS_BEHIND = re.compile(r"\s--?[a-z].*$")
_INDEX = re.compile(r"^(?:-i|-f|--index-url|--extra-index-url|--find-links)\b")
_NAME_ALONE = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*(?:[=<>!~]=?|\(|$)")
_WHEEL = re.compile(r"[^/\s]+\.whl")
# What pip took until its version 24.1: the Hub's builds may have an older one.
_LEGACY = re.compile(r"^[A-Za-z0-9][\w.-]*\s*\(?\s*(?:[<>!=~]=?\s*[\w.*+!-]+\s*,?\s*)+\)?$")


def _lines(tree: Tree) -> Iterator[Line]:
    """The lines of the files that the build of a Gradio Space installs."""
    for path in requirements.INSTALLED:
        yield from (line for line in requirements.lines(tree.files, path) if "${" not in line.text)


def _asked(tree: Tree) -> Iterator[tuple[Line, Requirement]]:
    """The requirements by name, without those that a marker leaves out on the Space."""
    for line in _lines(tree):
        wanted = requirements.specifier(_OPTIONS_BEHIND.sub("", line.text))
        if wanted and _applies(wanted.marker, tree):
            yield line, wanted


def _applies(marker: Marker | None, tree: Tree) -> bool:
    if marker is None:
        return True
    python = ".".join(tree.python.split(".")[:2])
    linux = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}
    try:
        return marker.evaluate({**linux, "python_version": python, "python_full_version": f"{python}.0", "extra": ""})
    except (UndefinedComparison, UndefinedEnvironmentName):
        return False


def invalid(tree: Tree) -> Iterator[Finding]:
    """Lines that pip does not understand."""
    for line in _lines(tree):
        if line.text.startswith("-"):
            if not _OPTION.match(line.text):
                yield likely("requirement-invalid", line.place, requirement=line.text)
            continue
        text = _OPTIONS_BEHIND.sub("", line.text)
        if "://" in text or requirements.local_path(text) or requirements.specifier(text):
            continue
        maybe = _LEGACY.match(text) is not None
        yield (likely if maybe else certain)("requirement-invalid", line.place, requirement=line.text[:300])


def paths(tree: Tree) -> Iterator[Finding]:
    """Other files of the repository: the build of a Gradio Space has none of them when it installs."""
    for line in _lines(tree):
        included = _INCLUDE.fullmatch(line.text)
        if included and "://" not in included["path"]:
            yield certain("requirements-missing", line.place, path=included["path"])
        elif not included and requirements.local_path(line.text):
            name = requirements.name_of(line.text) if "@" in line.text else ""
            yield certain(
                "requirement-path", line.place, requirement=line.text, instead=f"`{name or 'name'}==<version>`"
            )


def names(tree: Tree) -> Iterator[Finding]:
    """Names of what PyPI does not have, or has for other systems only."""
    for line, wanted in _asked(tree):
        name = canonicalize_name(wanted.name)
        if wanted.url is None and packages.is_part_of_python(name):
            hint = "It is part of Python, and imported without being installed."
            yield certain("requirement-not-found", line.place, requirement=str(wanted), hint=hint)
        elif wanted.url is None and name in packages.OTHER_SYSTEMS:
            yield certain(
                "requirement-platform", line.place, requirement=str(wanted), offered=packages.OTHER_SYSTEMS[name]
            )


def wheels(tree: Tree) -> Iterator[Finding]:
    """Wheels by their addresses that are for other systems, or for another Python."""
    python = "cp" + "".join(tree.python.split(".")[:2])
    for line in _lines(tree):
        found = _WHEEL.search(line.text) if "://" in line.text and ";" not in line.text else None
        try:
            tags = parse_wheel_filename(found[0].replace("%2B", "+"))[3] if found else frozenset()
        except InvalidWheelFilename:
            continue
        if not found or not tags:
            continue
        platforms = {tag.platform for tag in tags}
        if not any(one == "any" or one.startswith(("linux_x86_64", "manylinux")) for one in platforms):
            yield certain(
                "requirement-platform", line.place, requirement=found[0], offered=", ".join(sorted(platforms))
            )
        elif not any(
            not tag.interpreter.startswith("cp") or tag.interpreter == python or tag.abi == "abi3" for tag in tags
        ):
            needs = f"one of {', '.join(sorted({tag.interpreter for tag in tags}))}"
            yield certain("requirement-python", line.place, requirement=found[0], needs=needs)


def labels(tree: Tree) -> Iterator[Finding]:
    """Versions with a local label, which PyPI has none of, where no other index is named."""
    indexed = {line.path for line in _lines(tree) if _INDEX.match(line.text)}
    for line, wanted in _asked(tree):
        versions = [one.version for one in wanted.specifier if "+" in one.version]
        if versions and line.path not in indexed:
            label = versions[0].partition("+")[2]
            yield certain(
                "requirement-label", line.place, requirement=str(wanted), label=f"+{label}",
                index=packages.index_of(label), public=str(wanted).partition("+")[0],
            )  # fmt: skip


def sdk_version(tree: Tree) -> Iterator[Finding]:
    """Another Gradio than the front matter's: both are asked for at once."""
    version = tree.written("sdk_version")
    for line, wanted in _asked(tree) if version and "sdk_version" not in tree.added else ():
        if (
            canonicalize_name(wanted.name) == "gradio"
            and line.path == requirements.MANIFEST
            and not _allows(wanted.specifier, version)
        ):
            yield certain("sdk-version-conflict", line.place, version=version, requirement=str(wanted))


def _allows(wanted: SpecifierSet, version: str) -> bool:
    try:
        return wanted.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return True


def conflicts(tree: Tree) -> Iterator[Finding]:
    """A package that is asked for in versions that exclude one another."""
    asked = defaultdict[str, list[tuple[Line, Requirement]]](list)
    for line, wanted in _asked(tree):
        if wanted.url is None and line.path == requirements.MANIFEST:
            asked[canonicalize_name(wanted.name)].append((line, wanted))
    for same in asked.values():
        together = SpecifierSet(",".join(str(wanted.specifier) for _, wanted in same if wanted.specifier))
        if _empty(together):
            yield certain(
                "requirements-conflict", same[-1][0].place, requirements="; ".join(str(wanted) for _, wanted in same)
            )


def _empty(wanted: SpecifierSet) -> bool:
    """Whether no version can be meant, as far as the pins and the bounds show."""
    try:
        pins = [Version(one.version) for one in wanted if one.operator == "==" and "*" not in one.version]
        low = max((Version(one.version) for one in wanted if one.operator in (">=", ">", "~=")), default=None)
        high = min((Version(one.version) for one in wanted if one.operator in ("<=", "<")), default=None)
    except InvalidVersion:
        return False
    if pins:
        return not wanted.contains(pins[0], prereleases=True)
    return low is not None and high is not None and high < low


def hashes(tree: Tree) -> Iterator[Finding]:
    """Hashes: with one, pip wants one for each, also for what the build adds."""
    first = next((line for line in _lines(tree) if "--hash=" in line.text and line.path == requirements.MANIFEST), None)
    if first:
        yield likely("requirements-hashes", first.place, requirement="gradio, which the build adds,")


RULES = (invalid, paths, names, wheels, labels, sdk_version, conflicts, hashes)
