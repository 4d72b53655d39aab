"""Node.js apps that stop with an error, and npm."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain import places
from hfspace_action.explain.case import Case, Cause, Rule

from . import dockerfile

_ERROR = re.compile(r"^(?:Uncaught )?(?:\w*Error)(?: \[\w+\])?: .+")
_FRAME = re.compile(r"^\s+at (?:.*\()?(?P<path>(?:file://)?/[^():]+):(?P<line>\d+):\d+\)?$")
_SOURCE = re.compile(r"^(?P<path>(?:file://)?/[^():]+):(?P<line>\d+)$")
_MODULE = re.compile(r"Cannot find (?:module|package) '(?P<module>[^']+)'(?: imported from (?P<by>\S+))?")
_NPM = re.compile(r"^npm (?:ERR!|error) (?P<said>.+)")
_NPM_CODE = re.compile(r"^code (?P<code>E\w+)$")
_NPM_PACKAGE = re.compile(r"(?:No matching version found for |')(?P<name>(?:@[\w.-]+/)?[\w.-]+)@")
_NPM_LOG = re.compile(r"complete log of this run|^\d{3}$|^A complete")


def _crashed(case: Case) -> Cause | None:
    """The last error that has a JavaScript stack."""
    for found in case.every(_ERROR):
        after = [place for line in case.lines[found.at + 1 : found.at + 30] if (place := _at(case, line, _FRAME))]
        stack = any(line.lstrip().startswith("at ") for line in case.lines[found.at + 1 : found.at + 30])
        if not stack:
            continue
        before = [place for line in case.lines[max(0, found.at - 8) : found.at] if (place := _at(case, line, _SOURCE))]
        return _explained(case, found.at, str(found), (after + before)[0] if after or before else None)
    return None


def _explained(case: Case, at: int, said: str, place: Place | None) -> Cause:
    if missing := _MODULE.search(said):
        module = missing["module"]
        if place is None and missing["by"]:
            importer = places.in_repository(case.files, missing["by"])
            place = places.where(case.files, [importer] if importer else [], lambda line: _imports(line, module))
        if module.startswith((".", "/", "file:")):
            return case.cause("local-module-missing", place, at, module=module, file=module)
        package = "/".join(module.split("/")[: 2 if module.startswith("@") else 1])
        return case.cause("module-missing", place, at, module=module, package=package, manifest="package.json")
    if said.startswith("SyntaxError"):
        return case.cause("syntax-error", place, max(0, at - 4), at + 1, said=said)
    return case.cause("app-crashed", place, max(0, at - 4), at + 3, said=said)


def _imports(line: str, module: str) -> bool:
    return f"'{module}'" in line or f'"{module}"' in line


def _at(case: Case, line: str, pattern: re.Pattern[str]) -> Place | None:
    found = pattern.match(line)
    return places.place(case.files, found["path"], int(found["line"][:9])) if found else None


def _npm(case: Case) -> Cause | None:
    told = [one for one in case.every(_NPM) if not _NPM_LOG.search(one.group("said"))][::-1]
    if not told:
        return None
    said = [one.group("said") for one in told]
    code = next((found["code"] for one in said if (found := _NPM_CODE.match(one))), "")
    rest = [re.sub(r"^(?:notarget|404) ", "", one) for one in said if not _NPM_CODE.match(one)]
    named = next((found["name"] for one in said if (found := _NPM_PACKAGE.search(one))), None)
    place = None
    if "package.json" in case.files.paths:
        line = places.where(case.files, ["package.json"], lambda line: bool(named) and f'"{named}"' in line)
        place = line or Place("package.json")
    elif step := dockerfile.failed_step(case):
        place = step.place
    return case.cause(
        "npm-failed", place, told[0].at, told[-1].at + 1, said=f"{code} {rest[0] if rest else ''}".strip()
    )


RULES: tuple[Rule, ...] = (_crashed, _npm)
