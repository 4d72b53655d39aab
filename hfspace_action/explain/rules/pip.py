"""Installations by pip that fail, as of its versions 22 to 26: the line of the requirement file that asks for the impossible."""

import itertools
import re
from collections.abc import Iterator

from packaging.utils import parse_wheel_filename
from packaging.version import Version

from hfspace_action.errors import Place
from hfspace_action.explain import builder, places
from hfspace_action.explain.case import Case, Cause, Rule
from hfspace_action.readers import front_matter, packages, requirements

from . import unavailable

_NOT_FOUND = re.compile(
    r"Could not find a version that satisfies the requirement (?P<what>.+?)(?: \(from (?P<parent>(?!versions: )[^()]+))?"
    r"(?: \(line \d+\)\))?(?: \(from versions: (?P<versions>[^)]*)\)| \(|$)"
)
_IGNORED = re.compile(r"Ignored the following versions that require a different python version: (?P<list>.+)")
_OTHER_PYTHON = re.compile(
    r"Package '(?P<what>[^']+)' requires a different Python: (?P<has>\S+) not in '(?P<needs>[^']+)'"
)
_WHEEL = re.compile(r"ERROR: (?P<wheel>\S+\.whl) is not a supported wheel on this platform")
_CONFLICT = re.compile(
    r"ERROR: Cannot install (?P<what>.+?) because these package versions have conflicting dependencies"
)
_REQUESTED = re.compile(r"The user requested (?:\(constraint\) )?(?P<what>\S.*)")
_INVALID = re.compile(r"Invalid requirement: (?:(?P<quote>['\"])(?P<what>.*?)(?P=quote)|(?P<option>-\S.*))")
_FROM_LINE = re.compile(r"\(from line (?P<line>\d+) of (?P<file>[^)\s]+)\)")
_HASHES = re.compile(r"[Ii]n --require-hashes mode, (?:all|but)|Hashes are required in --require-hashes mode")
_HASHED = re.compile(r"^    (?P<what>[A-Za-z0-9][\w.\[\]-]*)\S* (?:--hash=|from )")
_MANAGED = re.compile(r"externally-managed-environment")
_BUILD = re.compile(
    r"Failed (?:to build|building wheel for) ['\"]?(?P<pip>[A-Za-z0-9][\w.-]*)"
    r"|(?:error|cause|[×╰├]─?▶?)[: ]+Failed to (?:download and )?build `(?P<uv>[^`]+)`"
    r"|[Ff]ailed to build installable wheels for some pyproject\.toml based projects \(?(?P<many>[\w.-]+)"
)
_SUBPROCESS = re.compile(r"error: (?:subprocess-exited-with-error|metadata-generation-failed)")
_COLLECTING = re.compile(r"^\s*Collecting (?P<what>\S+)")
_NO_FILE = re.compile(
    r"Could not open requirements file: .*?'(?P<pip>[^']+)'|[Ff]ile not found: `(?P<uv>[^`]+)`"
    r"|failed to read from file `(?P<included>[^`]+\.(?:txt|in))`: No such file"
)
_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch for `(?P<uv>[^`]+)`")
_HASH_OF = re.compile(r"^\s+(?P<what>[A-Za-z0-9]\S*) from \S+")
_GONE = re.compile(
    r"Could not install requirement (?P<pip>\S.*?) (?:\(from .*\) )?because of HTTP error (?P<code>4\d\d)"
    r"|HTTP status client error \((?P<uv_code>4\d\d) [\w ]+\) for url \((?P<url>\S+)\)"
)


def _invalid(case: Case) -> Cause | None:
    if not (found := case.last(_INVALID)):
        return None
    what = found.group("what") or found.group("option")
    where: Place | None = None
    for line in case.lines[found.at : found.at + 5]:
        if told := _FROM_LINE.search(line):
            where = places.place(case.files, told["file"], int(told["line"]))
    place = where or requirements.place(case.files, what) or _line_with(case, what)
    return case.cause("requirement-invalid", place, found.at, found.at + 4, requirement=what)


def _line_with(case: Case, text: str) -> Place | None:
    return next((line.place for line in _lines(case) if line.text == text), None)


def _not_found(case: Case) -> Cause | None:
    if not (found := case.last(_NOT_FOUND)):
        return None
    what = found.group("what")
    versions = found.group("versions") or ""
    offered = [one for one in re.split(r",\s*", versions) if one and one != "none"]
    told = unavailable.Asked(what, found.group("parent"), _python_of(case, what), offered, unknown=versions == "none")
    return unavailable.cause(case, found.at, told)


def _python_of(case: Case, what: str) -> str:
    """Which Python would do for a requirement, if a version of it was left out for that reason alone."""
    ignored, wanted = case.last(_IGNORED), requirements.specifier(what)
    if ignored is None or wanted is None:
        return ""
    for entry in ignored.group("list").split("; "):
        version, _, python = entry.partition(" Requires-Python ")
        try:
            if wanted.specifier.contains(Version(version.strip()), prereleases=True):
                return python
        except ValueError:  # of packaging, or of a number that is too long for Python
            continue
    return ""


def _other_python(case: Case) -> Cause | None:
    if not (found := case.last(_OTHER_PYTHON)):
        return None
    what = found.group("what").partition(" ")[0].rstrip(":")
    place = requirements.place(case.files, what) or _step(case)
    return case.cause("requirement-python", place, found.at, requirement=what, needs=found.group("needs"))


def _other_wheel(case: Case) -> Cause | None:
    """A wheel, named by its address, that is for another system or another Python."""
    if not (found := case.last(_WHEEL)):
        return None
    wheel = found.group("wheel").rpartition("/")[2]
    try:
        tags = parse_wheel_filename(wheel)[3]
    except ValueError:  # of packaging, or of a number that is too long for Python
        return None
    place = _line_of(case, wheel) or _step(case)
    platforms = {tag.platform for tag in tags}
    if not any(one == "any" or one.startswith(("linux", "manylinux")) for one in platforms):
        offered = ", ".join(sorted(platforms))
        return case.cause("requirement-platform", place, found.at, requirement=wheel, offered=offered)
    needs = f"one of {', '.join(sorted({tag.interpreter for tag in tags}))}"
    return case.cause("requirement-python", place, found.at, requirement=wheel, needs=needs)


def _line_of(case: Case, part: str) -> Place | None:
    return next((line.place for line in _lines(case) if part in line.text), None)


def _hashes(case: Case) -> Cause | None:
    """One requirement has a hash, so all need one; a Gradio Space adds some that have none."""
    if not (found := case.last(_HASHES)):
        return None
    missing = [hashed["what"] for line in case.lines[found.at : found.at + 60] if (hashed := _HASHED.match(line))]
    named = [place for one in missing if (place := requirements.place(case.files, one))]
    place = named[0] if named else _line_of(case, "--hash=")
    return case.cause(
        "requirements-hashes",
        place or _step(case),
        found.at,
        found.at + 3,
        requirement=missing[0] if missing else "one of them",
    )


def _other_file(case: Case) -> Cause | None:
    """A file of the index that is not the one whose hash the requirements have."""
    if not (found := case.last(_HASH)):
        return None
    after = case.lines[found.at + 1 : found.at + 5]
    what = found.group("uv") or next((of["what"] for line in after if (of := _HASH_OF.match(line))), "a requirement")
    place = requirements.place(case.files, what) or _line_of(case, "--hash=") or _step(case)
    return case.cause("requirement-hash", place, found.at, found.at + 8, requirement=what)


def _address_gone(case: Case) -> Cause | None:
    """A requirement by its address, where nothing is for this build."""
    found = case.last(_GONE)
    if found is None or not case.building:
        return None
    address = (found.group("pip") or found.group("url")).partition(" @ ")[2] or found.group("pip") or found.group("url")
    file = "/" + address.rpartition("/")[2].partition("#")[0]  # the host may be that of a mirror, or of a redirect
    line = next(
        (line for line in _lines(case) if "://" in line.text and (address in line.text or file in line.text)), None
    )
    code = found.group("code") or found.group("uv_code")
    if line is None:
        return None
    hint = f"Its address answers HTTP {code}."
    problem, page = packages.not_found("", unknown=False)
    return case.cause(
        "requirement-not-found", line.place, found.at, requirement=line.text, problem=problem, page=page, hint=hint
    )


def _lines(case: Case) -> Iterator[requirements.Line]:
    return (line for one in requirements.manifests(case.files) for line in requirements.lines(case.files, one))


def _managed(case: Case) -> Cause | None:
    found = case.last(_MANAGED)
    return case.cause("python-managed", _step(case), found.at, found.at + 3) if found else None


def _conflict(case: Case) -> Cause | None:
    if not (found := case.last(_CONFLICT)):
        return None
    asked = [one.group("what") for one in case.every(_REQUESTED) if one.at > found.at][::-1]
    names = [requirements.name_of(one) for one in asked]
    reasons = _reasons(case, found.at)
    stop = found.at + 3 + len(reasons)
    if case.sdk == "gradio" and names.count("gradio") > 1:
        version = str(case.data.get("sdk_version"))
        others = [one for one in asked if version not in one]
        version_line = front_matter.place(case.files, "sdk_version", "sdk")
        return case.cause(
            "sdk-version-conflict", version_line, found.at, stop, version=version, requirement=(others or asked)[0]
        )
    for one in asked:
        place = requirements.place(case.files, one)
        if label := unavailable.label(case, one):
            return unavailable.label_cause(case, found.at, place, one, label)
    found_in = [line for one in asked if (line := requirements.place(case.files, one))]
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
    place = requirements.place(case.files, what) or _step(case)
    stop = found.at + 12 if start == found.at else found.at + 1
    called = packages.REFUSING.get(requirements.name_of(what))
    hint = f"The package is called `{called}`." if called else ""
    return case.cause("requirement-build-failed", place, start, stop, requirement=what, hint=hint)


def _requirements_missing(case: Case) -> Cause | None:
    if not (found := case.last(_NO_FILE)):
        return None
    path = str(next(group for group in found[1].groups() if group))
    return case.cause("requirements-missing", _including(case, path) or _step(case), found.at, path=path)


def _including(case: Case, path: str) -> Place | None:
    """The line of a requirement file that includes another."""
    name = re.compile(rf"^(?:-[rc]|--requirement|--constraint)[ =]?\S*{re.escape(path.rpartition('/')[2])}$")
    return next((line.place for line in _lines(case) if name.match(line.text)), None)


def _step(case: Case) -> Place | None:
    step = builder.failed_step(case)
    return step.place if step else None


RULES: tuple[Rule, ...] = (
    _managed,
    _requirements_missing,
    _hashes,
    _other_file,
    _address_gone,
    _other_wheel,
    _invalid,
    _other_python,
    _conflict,
    _not_found,
)
LATE: tuple[Rule, ...] = (_build_failed,)
