"""A requirement of which no version can be had: why, as far as the log and the name show."""

from collections.abc import Sequence
from typing import NamedTuple

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from hfspace_action.errors import Place
from hfspace_action.explain import builder
from hfspace_action.explain.case import Case, Cause
from hfspace_action.readers import front_matter, packages, requirements


class Asked(NamedTuple):
    """What the log says of a requirement: what asked for it, the Python that would do, the versions that are offered, and whether
    the index has none of that name."""

    requirement: str
    parent: str = ""
    python: str = ""
    offered: Sequence[str] = ()
    unknown: bool = False


def cause(case: Case, at: int, told: Asked) -> Cause:
    """Return the cause of a requirement that can't be had."""
    requirement, parent, python, offered, unknown = told
    if sdk := _sdk_version(case, requirement):
        return case.cause("sdk-version-unknown", sdk, at, version=case.data.get("sdk_version"))
    place = _place(case, requirement, parent)
    asked = written(case, place, requirement)
    if its_label := label(case, asked):
        return label_cause(case, at, place, asked, its_label)
    if system := packages.other_system(requirements.name_of(requirement)):
        return case.cause("requirement-platform", place, at, requirement=asked, offered=system)
    needs = python or _older_python(asked, offered)
    if needs:
        return case.cause("requirement-python", place, at, requirement=asked, needs=needs)
    problem, page = packages.not_found(requirements.name_of(requirement), unknown=unknown)
    meant = hint(requirement, offered)
    return case.cause("requirement-not-found", place, at, requirement=asked, problem=problem, page=page, hint=meant)


def label_cause(case: Case, at: int, place: Place | None, requirement: str, its_label: str) -> Cause:
    """The cause of a version with a local label that the indexes don't have."""
    return case.cause("requirement-label", place, at, requirement=requirement, label=f"+{its_label}", index=packages.index_of(its_label),
                      public=requirement.partition("+")[0])  # fmt: skip


def hint(requirement: str, offered: Sequence[str] = ()) -> str:
    """What may have been meant, as a sentence to go on with."""
    name = requirements.name_of(requirement)
    if packages.is_part_of_python(name):
        return "It is part of Python, and imported without being installed."
    if name in packages.NOT_ON_PYPI:
        return packages.NOT_ON_PYPI[name]
    if offered:
        return f"The newest that is offered is {_newest(offered)}."
    meant = packages.meant(name)
    return f"Did you mean `{meant}` (https://pypi.org/project/{meant}/)?" if meant else ""


def _newest(offered: Sequence[str]) -> str:
    known = _versions(offered)
    return str(max([one for one in known if not one.is_prerelease] or known, default=offered[-1]))


def _place(case: Case, requirement: str, parent: str) -> Place | None:
    place = requirements.place(case.files, requirement) or (
        requirements.place(case.files, parent.split("->", maxsplit=1)[0]) if parent else None
    )
    if place is None and (step := builder.failed_step(case)):
        return step.place
    return place


def written(case: Case, place: Place | None, requirement: str) -> str:
    """The requirement as its line has it, if that is about the same package: uv speaks of names without versions."""
    lines = requirements.lines(case.files, place.file) if place else ()
    line = next((one.text for one in lines if place and one.number == place.line), "")
    same = requirements.name_of(line) == requirements.name_of(requirement)
    return line.partition(";")[0].strip() if same and requirements.specifier(line) else requirement


def label(case: Case, requirement: str) -> str | None:
    """The local label of the version that is asked for, unless the files name the index that has such builds."""
    wanted = requirements.specifier(requirement)
    versions = [one.version for one in wanted.specifier] if wanted else []
    found = next((version.partition("+")[2] for version in versions if "+" in version), None)
    index = packages.index_of(found) if found else ""
    texts = (case.files.text(path) or "" for path in requirements.manifests(case.files))
    return found if found and not any(index in text for text in texts) else None


def _older_python(requirement: str, offered: Sequence[str]) -> str:
    """Words on the Python that is needed where all versions that this one is offered are newer than the wanted one."""
    wanted = requirements.specifier(requirement)
    known = _versions(offered)
    if wanted is None or not known or not _below(wanted.specifier, min(known)):
        return ""
    return f"an older one, for which there may be builds (those for this Python begin with {min(known)})"


def _below(wanted: SpecifierSet, least: Version) -> bool:
    """Whether a version is asked for that is lower than `least`."""
    for one in wanted:
        try:
            if one.operator in ("==", "===", "<=", "<", "~=") and Version(one.version.removesuffix(".*")) <= least:
                return not wanted.contains(least, prereleases=True)
        except ValueError:  # of packaging, or of a number that is too long for Python
            continue
    return False


def _versions(texts: Sequence[str]) -> list[Version]:
    found = []
    for one in texts:
        try:
            found.append(Version(one))
        except ValueError:  # of packaging, or of a number that is too long for Python
            continue
    return found


def _sdk_version(case: Case, what: str) -> Place | None:
    """The front matter's `sdk_version`, if it is what asks for this version of Gradio."""
    version = str(case.data.get("sdk_version", ""))
    asked = case.sdk == "gradio" and requirements.name_of(what) == "gradio" and version and what.endswith(version)
    if not asked or requirements.place(case.files, what):
        return None
    return front_matter.place(case.files, "sdk_version", "sdk")
