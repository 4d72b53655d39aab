"""Installations by pip and uv that fail: the line of the requirement file that asks for the impossible."""

import itertools
import re

from packaging.version import InvalidVersion, Version

from hfspace_action.errors import Place
from hfspace_action.explain import places
from hfspace_action.explain.case import Case, Cause, Found, Rule

from . import dockerfile, requirements

# pip, as of versions 23 to 26
_NOT_FOUND = re.compile(
    r"Could not find a version that satisfies the requirement (?P<what>.+?)(?: \(from (?P<parent>[^()]+))?(?: \(|$)"
)
_IGNORED = re.compile(r"Ignored the following versions that require a different python version: (?P<list>.+)")
_OTHER_PYTHON = re.compile(
    r"Package '(?P<what>[^']+)' requires a different Python: (?P<has>\S+) not in '(?P<needs>[^']+)'"
)
_CONFLICT = re.compile(
    r"ERROR: Cannot install (?P<what>.+?) because these package versions have conflicting dependencies"
)
_REQUESTED = re.compile(r"The user requested (?:\(constraint\) )?(?P<what>\S.*)")
_INVALID = re.compile(r"Invalid requirement: (?P<quote>['\"])(?P<what>.*?)(?P=quote)")
_FROM_LINE = re.compile(r"\(from line (?P<line>\d+) of (?P<file>[^)\s]+)\)")
_BUILD = re.compile(
    r"Failed (?:to build|building wheel for) ['\"]?(?P<pip>[A-Za-z0-9][\w.-]*)"
    r"|(?:error|cause|[×╰├]─?▶?)[: ]+Failed to (?:download and )?build `(?P<uv>[^`]+)`"
    r"|[Ff]ailed to build installable wheels for some pyproject\.toml based projects \(?(?P<many>[\w.-]+)"
)
_SUBPROCESS = re.compile(r"error: (?:subprocess-exited-with-error|metadata-generation-failed)")
_COLLECTING = re.compile(r"^\s*Collecting (?P<what>\S+)")
_NO_FILE = re.compile(r"Could not open requirements file: .*?'(?P<pip>[^']+)'|[Ff]ile not found: `(?P<uv>[^`]+)`")

# uv, as of versions 0.4 to 0.13
_UNSOLVED = re.compile(r"No solution found when resolving")
_UV_UNKNOWN = re.compile(r"(?:Because|and|that) (?P<what>[\w.-]+) was not found in ")
_UV_NO_VERSION = re.compile(
    r"there (?:is|are) no versions? of (?P<what>[\w.\[\],=<>!~-]+)|only (?P<only>[\w.-]+)[^ ]* (?:is|are) available and you require"
)
_UV_REQUIRED = re.compile(r"you require (?P<what>[\w.\[\]-]+(?:[=<>!~]=?[\w.*]+)?)")
_UV_PYTHON = re.compile(
    r"current Python version \((?P<has>[\d.]+)\) does not satisfy Python(?P<needs>[<>=!~\d.,]+) and (?P<what>[\w.-]+)"
)


def _invalid(case: Case) -> Cause | None:
    if not (found := case.last(_INVALID)):
        return None
    what = found.group("what")
    where: Place | None = None
    for line in case.lines[found.at : found.at + 5]:
        if told := _FROM_LINE.search(line):
            where = places.place(case.files, told["file"], int(told["line"]))
    return case.cause(
        "requirement-invalid", where or requirements.place(case, what), found.at, found.at + 4, requirement=what
    )


def _not_found(case: Case) -> Cause | None:
    if not (found := case.last(_NOT_FOUND)):
        return None
    what = found.group("what")
    return _unavailable(case, found, what, _python_of(case, what), found.group("parent"))


def _unavailable(case: Case, found: Found, what: str, python: str | None, parent: str = "") -> Cause:
    """No version can be had: because of its Python, because the SDK's version is wrong, or because there is none."""
    if sdk := _sdk_version(case, what):
        return case.cause("sdk-version-unknown", sdk, found.at, version=case.data.get("sdk_version"))
    place = requirements.place(case, what) or (
        requirements.place(case, parent.split("->", maxsplit=1)[0]) if parent else None
    )
    place = place or _step(case)
    if python:
        return case.cause("requirement-python", place, found.at, requirement=what, needs=python)
    return case.cause("requirement-not-found", place, found.at, requirement=what)


def _python_of(case: Case, what: str) -> str | None:
    """Which Python would do for a requirement, if a version of it was left out for that reason alone."""
    ignored, wanted = case.last(_IGNORED), requirements.specifier(what)
    if ignored is None or wanted is None:
        return None
    for entry in ignored.group("list").split("; "):
        version, _, python = entry.partition(" Requires-Python ")
        try:
            if wanted.specifier.contains(Version(version.strip()), prereleases=True):
                return python
        except InvalidVersion:
            continue
    return None


def _other_python(case: Case) -> Cause | None:
    if not (found := case.last(_OTHER_PYTHON)):
        return None
    what = found.group("what").partition(" ")[0].rstrip(":")
    place = requirements.place(case, what) or _step(case)
    return case.cause("requirement-python", place, found.at, requirement=what, needs=found.group("needs"))


def _conflict(case: Case) -> Cause | None:
    if not (found := case.last(_CONFLICT)):
        return None
    asked = [one.group("what") for one in case.every(_REQUESTED) if one.at > found.at][::-1]
    names = [requirements.name_of(one) for one in asked]
    reasons = _reasons(case, found.at)
    stop = found.at + 3 + len(reasons)
    if case.sdk == "gradio" and names.count("gradio") > 1:
        version_line = places.front_matter(case.files, "sdk_version", "sdk")
        others = [one for one in asked if str(case.data.get("sdk_version")) not in one]
        return case.cause(
            "sdk-version-conflict",
            version_line,
            found.at,
            stop,
            version=case.data.get("sdk_version"),
            requirement=(others or asked)[0],
        )
    found_in = [line for one in asked if (line := requirements.place(case, one))]
    place = found_in[0] if found_in else _step(case)
    told = "; ".join(reasons).replace("The user requested ", "") or found.group("what")
    return case.cause("requirements-conflict", place, found.at, stop, requirements=told)


def _reasons(case: Case, at: int) -> list[str]:
    """What pip lists under "The conflict is caused by:", up to the next blank line."""
    start = next(
        (n for n in range(at, min(at + 5, len(case.lines))) if case.lines[n].startswith("The conflict is")), None
    )
    following = case.lines[start + 1 : start + 20] if start is not None else []
    return [line.strip() for line in itertools.takewhile(str.strip, following)]


def _build_failed(case: Case) -> Cause | None:
    found, broke = case.last(_BUILD), case.last(_SUBPROCESS)
    if found:
        what = found.group("pip") or found.group("uv") or found.group("many")
    elif broke and (collecting := next((one for one in case.every(_COLLECTING) if one.at < broke.at), None)):
        found, what = broke, collecting.group("what")
    else:
        return None
    start = broke.at if broke and broke.at < found.at else found.at
    place = requirements.place(case, what) or _step(case)
    return case.cause(
        "requirement-build-failed", place, start, found.at + 12 if start == found.at else found.at + 1, requirement=what
    )


def _requirements_missing(case: Case) -> Cause | None:
    if not (found := case.last(_NO_FILE)):
        return None
    path = found.group("pip") or found.group("uv")
    return case.cause("requirements-missing", _step(case), found.at, path=path)


def _uv_unsolved(case: Case) -> Cause | None:
    if not (found := case.last(_UNSOLVED)):
        return None
    lines = case.lines[found.at : found.at + 40]
    said = " ".join(line.strip() for line in lines)
    if python := _UV_PYTHON.search(said):
        what = python["what"]
        return case.cause(
            "requirement-python",
            requirements.place(case, what),
            found.at,
            found.at + 12,
            requirement=what,
            needs=python["needs"],
        )
    if unknown := _UV_UNKNOWN.search(said) or _UV_NO_VERSION.search(said):
        what = next(group for group in unknown.groups() if group)
        place = requirements.place(case, what)
        return case.cause("requirement-not-found", place or _step(case), found.at, found.at + 6, requirement=what)
    asked = [match["what"] for match in _UV_REQUIRED.finditer(said)]
    where = [place for one in asked if (place := requirements.place(case, one))]
    together = " and ".join(dict.fromkeys(asked)) or "the requirements"
    return case.cause(
        "requirements-conflict", where[0] if where else _step(case), found.at, found.at + 6, requirements=together
    )


def _sdk_version(case: Case, what: str) -> Place | None:
    """The front matter's `sdk_version`, if it is what asks for this version of Gradio."""
    version = str(case.data.get("sdk_version", ""))
    asked = case.sdk == "gradio" and requirements.name_of(what) == "gradio" and version and what.endswith(version)
    return (
        places.front_matter(case.files, "sdk_version", "sdk") if asked and not requirements.place(case, what) else None
    )


def _step(case: Case) -> Place | None:
    step = dockerfile.failed_step(case)
    return step.place if step else None


RULES: tuple[Rule, ...] = (
    _requirements_missing,
    _invalid,
    _other_python,
    _conflict,
    _not_found,
    _uv_unsolved,
    _build_failed,
)
