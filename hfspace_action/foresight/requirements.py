"""Requirements that can't be installed, by their own words."""

import re
from collections import defaultdict
from collections.abc import Iterator

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from hfspace_action.readers import packages, requirements
from hfspace_action.readers.files import DOCKERFILE
from hfspace_action.readers.requirements import Line

from .docker.copies import installed
from .tree import Finding, Tree, certain, likely

_INCLUDE = re.compile(r"(?:-[rc]|--requirement|--constraint)[ =]?\s*(?P<path>\S+)")
_OPTION = re.compile(
    r"-[icrfe]\b|--(?:index-url|extra-index-url|no-index|find-links|no-binary|only-binary|prefer-binary|require-hashes|pre|trusted-host"
    r"|use-feature|requirement|constraint|editable|index|pypi-url|config-settings?|global-option|hash)\b"
)
_OPTIONS_BEHIND = re.compile(r"\s--?[a-z].*$")
_INDEX = re.compile(r"^(?:-i|-f|--index-url|--extra-index-url|--find-links)\b")
_INDEX_OF_IMAGE = re.compile(r"index|find-links|pip\.conf|uv\.toml", re.IGNORECASE)
_ARCHIVE = re.compile(r"[^\s@:]+\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)")
_WHEEL = re.compile(r"(?<![^/\s])[^/\s]+\.whl")
# What pip took until its version 24.1: the Hub's builds may have an older one. (Tried with pip 22.3, 24.0 and 25.3.)
_LEGACY_VERSION = r"(?:[<>]=?|[!=~]=)\s*[\w.*+!-]+"
_LEGACY = re.compile(rf"[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?\s*\(?\s*{_LEGACY_VERSION}(?:\s*,\s*{_LEGACY_VERSION})*\s*\)?")
_ADDRESS = re.compile(r"(?:(?:git|hg|svn|bzr)\+\w+|https?|ftp|file):", re.IGNORECASE)
_ALONE = re.compile(r"-[icrfe]|--(?:index-url|extra-index-url|find-links|trusted-host|requirement|constraint|editable)")


def _lines(tree: Tree) -> Iterator[Line]:
    """The lines of the files that the build installs."""
    for path in requirements.INSTALLED if tree.sdk == "gradio" else installed(tree):
        yield from (line for line in requirements.lines(tree.files, path) if "${" not in line.text)


def _asked(tree: Tree) -> Iterator[tuple[Line, Requirement]]:
    """The requirements by name, without those that a marker leaves out on the Space."""
    for line in _lines(tree):
        wanted = requirements.specifier(_plain(line.text))
        if wanted and _applies(wanted.marker, tree):
            yield line, wanted


def _applies(marker: Marker | None, tree: Tree) -> bool:
    if marker is None:
        return True
    if tree.sdk != "gradio":
        return False  # what Python an image has is not told
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
            if _ALONE.fullmatch(line.text):
                yield certain("requirement-invalid", line.place, requirement=line.text)
            elif not _OPTION.match(line.text):
                yield likely("requirement-invalid", line.place, requirement=line.text)
            continue
        text = _plain(line.text)
        if _ADDRESS.match(text) or requirements.local_path(text) or _is_archive(text) or requirements.specifier(text):
            continue
        maybe = _LEGACY.fullmatch(text.partition(";")[0].strip()) is not None
        yield (likely if maybe else certain)("requirement-invalid", line.place, requirement=line.text[:300])


def _plain(line: str) -> str:
    """The requirement of a line, as pip reads it: without the options behind it, and without a `;` that no marker follows."""
    return _OPTIONS_BEHIND.sub("", line).rstrip().removesuffix(";")


def _is_archive(requirement: str) -> bool:
    """Whether this is the name of a file, which pip looks for beside requirements.txt."""
    return _ARCHIVE.fullmatch(requirement.partition(";")[0].strip()) is not None


def paths(tree: Tree) -> Iterator[Finding]:
    """Other files of the repository: the build of a Gradio Space has none of them when it installs."""
    for line in _lines(tree):
        included = _INCLUDE.fullmatch(line.text)
        if included and "://" not in included["path"]:
            yield certain("requirements-missing", line.place, path=included["path"])
        elif not included and (requirements.local_path(line.text) or _is_archive(_plain(line.text))):
            name = requirements.name_of(line.text) if "@" in line.text else ""
            yield certain(
                "requirement-path", line.place, requirement=line.text, instead=f"`{name or 'name'}==<version>`"
            )


def names(tree: Tree) -> Iterator[Finding]:
    """Names of what PyPI does not have, or has for other systems only."""
    for line, wanted in _asked(tree):
        name = canonicalize_name(wanted.name)
        if wanted.url is None and packages.is_part_of_python(name):
            yield _unknown(line, wanted, name, "It is part of Python, and imported without being installed.")
        elif wanted.url is None and (instead := packages.NOT_ON_PYPI.get(name)):
            yield _unknown(line, wanted, name, instead)
        elif wanted.url is None and (system := packages.other_system(name)):
            yield certain("requirement-platform", line.place, requirement=str(wanted), offered=system)
        elif not wanted.specifier and wanted.url is None and (called := packages.REFUSING.get(name)):
            hint = f"The package is called `{called}`."
            yield likely("requirement-build-failed", line.place, requirement=str(wanted), hint=hint)


def _unknown(line: Line, wanted: Requirement, name: str, hint: str) -> Finding:
    """A name that no package has."""
    problem, page = packages.not_found(name, unknown=True)
    return certain("requirement-not-found", line.place, requirement=str(wanted), problem=problem, page=page, hint=hint)


def wheels(tree: Tree) -> Iterator[Finding]:
    """Wheels by their addresses that are for other systems, or for another Python."""
    python = "cp" + "".join(tree.python.split(".")[:2])
    for line in _lines(tree):
        found = _WHEEL.search(line.text) if "://" in line.text and ";" not in line.text else None
        try:
            tags = parse_wheel_filename(found[0].replace("%2B", "+"))[3] if found else frozenset()
        except ValueError:  # of packaging, or of a number that is too long for Python
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
    if tree.sdk == "docker" and _INDEX_OF_IMAGE.search(tree.files.text(DOCKERFILE) or ""):
        return
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
        if canonicalize_name(wanted.name) != "gradio" or line.path != requirements.MANIFEST:
            continue
        if wanted.url:  # which may lead to this very version
            yield likely("sdk-version-conflict", line.place, version=version, requirement=str(wanted))
        elif not _allows(wanted.specifier, version):
            yield certain("sdk-version-conflict", line.place, version=version, requirement=str(wanted))


def _allows(wanted: SpecifierSet, version: str) -> bool:
    try:
        return wanted.contains(Version(version), prereleases=True)
    except ValueError:  # of packaging, or of a number that is too long for Python
        return True


def conflicts(tree: Tree) -> Iterator[Finding]:
    """A package that is asked for in versions that exclude one another."""
    asked = defaultdict[str, list[tuple[Line, Requirement]]](list)
    for line, wanted in _asked(tree):
        if wanted.url is None and line.path != requirements.INSTALLED[0]:
            asked[f"{line.path} {canonicalize_name(wanted.name)}"].append((line, wanted))
    for same in asked.values():
        together = SpecifierSet(",".join(str(wanted.specifier) for _, wanted in same if wanted.specifier))
        if _empty(together):
            yield certain(
                "requirements-conflict", same[-1][0].place, requirements="; ".join(str(wanted) for _, wanted in same)
            )


def _empty(wanted: SpecifierSet) -> bool:
    """Whether no version can be meant: none of those that stand at, or just behind, a bound or the end of a pattern."""
    try:
        versions = [Version("0"), *(version for one in wanted for version in _bounds(one.version))]
        return bool(len(wanted)) and not any(wanted.contains(version, prereleases=True) for version in versions)
    except ValueError:  # of packaging, or of a number that is too long for Python
        return False


def _bounds(written: str) -> Iterator[Version]:
    version = Version(written.removesuffix(".*"))
    release = ".".join(map(str, version.release))
    yield version
    yield Version(f"{version.epoch}!{release}.0.0.0.1")
    *before, last = version.release
    yield Version(f"{version.epoch}!" + ".".join(map(str, [*before, last + 1])))


def hashes(tree: Tree) -> Iterator[Finding]:
    """Hashes: with one, pip wants one for each, also for what the build adds."""
    first = next((line for line in _lines(tree) if "--hash=" in line.text and line.path == requirements.MANIFEST), None)
    if first:
        yield likely("requirements-hashes", first.place, requirement="gradio, which the build adds,")


RULES = (invalid, paths, names, wheels, labels, sdk_version, conflicts, hashes)
OF_DOCKER = (invalid, names, labels, conflicts)
"""Those that hold for every image."""
