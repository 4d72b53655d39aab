"""Installations by uv that fail, as of its versions 0.4 to 0.13."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain import builder, log, places
from hfspace_action.explain.case import Case, Cause, Found, Rule
from hfspace_action.readers import front_matter, requirements

from . import unavailable

_UNSOLVED = re.compile(r"No solution found when resolving")
_UNKNOWN = re.compile(r"(?:Because|and|that) (?P<what>[\w.-]+) was not found in ")
_NO_VERSION = re.compile(
    r"there (?:is|are) no versions? of (?P<what>[\w.\[\],=<>!~+-]+)|only (?P<only>[\w.-]+)[^ ]* (?:is|are) available and you require"
)
_REQUIRED = re.compile(
    r"you require (?P<what>[\w.\[\],-]+(?:[=<>!~]=?[\w.*+]+)?)(?: and (?P<other>[\w.\[\]-]+[=<>!~]=?[\w.*+]+))?"
)
_DEPENDS = re.compile(
    r"(?:ecause|and|that|,) (?P<who>[\w.\[\]-]+(?:[=<>!~]=?[\w.*+]+)?) depends on (?P<what>[\w.\[\]-]+(?:[=<>!~]=?[\w.*+]+)*)"
)
_PYTHON = re.compile(
    r"current Python version \((?P<has>[\d.]+)\) does not satisfy Python(?P<needs>[<>=!~\d.,]+) and (?P<what>[\w.=-]+)"
)
_PLATFORMS = re.compile(r"Wheels are available for `(?P<what>[\w.-]+)`.*? on the following platforms?: (?P<tags>.+)")
_TAGS = re.compile(
    r"we only found wheels for `(?P<what>[\w.-]+)`.*? with the following Python (?:ABI|version|implementation) tags?: (?P<tags>.+)"
)
_NO_PARSE = re.compile(r"Couldn't parse requirement in `(?P<file>[^`]+)` at position (?P<at>\d{1,9})")
_UNEXPECTED = re.compile(r"^error: .*\b(?P<file>[\w./-]+\.(?:txt|in)):(?P<line>\d{1,6}):\d+$")
_LINES = 40  # of an explanation


def _unsolved(case: Case) -> Cause | None:
    if not (found := case.last(_UNSOLVED)):
        return None
    said = " ".join(line.strip() for line in case.lines[found.at : found.at + _LINES])[: log.LONGEST]
    if platforms := _PLATFORMS.search(said):
        offered = platforms["tags"].partition(" hint:")[0].replace("`", "")
        return _about(case, found, "requirement-platform", platforms["what"], offered=offered)
    if tags := _TAGS.search(said):
        needs = f"one of {tags['tags'].partition(' hint:')[0].replace('`', '')}"
        return _about(case, found, "requirement-python", tags["what"], needs=needs)
    if python := _PYTHON.search(said):
        return _about(case, found, "requirement-python", python["what"], needs=python["needs"])
    unknown = _UNKNOWN.search(said)
    if named := unknown or _NO_VERSION.search(said):
        what = next(group for group in named.groups() if group)
        return unavailable.cause(case, found.at, unavailable.Asked(what, unknown=unknown is not None))
    return _conflict(case, found, said)


def _about(case: Case, found: Found, id: str, what: str, **facts: str) -> Cause:  # noqa: A002
    place = requirements.place(case.files, what) or _step(case)
    requirement = unavailable.written(case, place, what)
    return case.cause(id, place, found.at, found.at + 12, requirement=requirement, **facts)


def _conflict(case: Case, found: Found, said: str) -> Cause:
    """Requirements that exclude one another, both sides named."""
    required = [
        what.rstrip(".") for match in _REQUIRED.finditer(said) for what in (match["what"], match["other"]) if what
    ]
    if case.sdk == "gradio" and len(required) > 1 and {requirements.name_of(one) for one in required} == {"gradio"}:
        version = str(case.data.get("sdk_version"))
        others = [one for one in required if not one.endswith(version)]
        return case.cause(
            "sdk-version-conflict", front_matter.place(case.files, "sdk_version", "sdk"), found.at, found.at + 6,
            version=version, requirement=(others or required)[0],
        )  # fmt: skip
    depends = [f"{match['who']} depends on {match['what'].rstrip('.')}" for match in _DEPENDS.finditer(said)]
    sides = dict.fromkeys([*depends[:3], *required]) or {"the requirements": None}
    where = [place for one in required if (place := requirements.place(case.files, one))]
    return case.cause(
        "requirements-conflict",
        where[0] if where else _step(case),
        found.at,
        found.at + 6,
        requirements="; ".join(sides),
    )


def _unexpected(case: Case) -> Cause | None:
    """A line that uv can't read, which it gives by its number."""
    if not (found := case.last(_UNEXPECTED)):
        return None
    place = places.place(case.files, found.group("file"), int(found.group("line")))
    if place is None or place.file not in requirements.manifests(case.files):
        return None
    text = (case.files.text(place.file) or "").splitlines()[int(found.group("line")) - 1]
    return case.cause("requirement-invalid", place, found.at, requirement=text.strip())


def _invalid(case: Case) -> Cause | None:
    if not (found := case.last(_NO_PARSE)):
        return None
    path = next((one for one in requirements.manifests(case.files) if found.group("file").endswith(one)), None)
    text = (case.files.text(path) or "") if path else ""
    at = int(found.group("at"))
    if path is None or at > len(text):
        return None
    lines = text.rstrip("\n").split("\n")
    line = min(text.count("\n", 0, at) + 1, len(lines))  # uv may point behind the last one
    return case.cause(
        "requirement-invalid",
        Place(path, line),
        found.at,
        found.at + 4,
        requirement=lines[line - 1].strip(),
    )


def _step(case: Case) -> Place | None:
    step = builder.failed_step(case)
    return step.place if step else None


RULES: tuple[Rule, ...] = (_invalid, _unexpected, _unsolved)
