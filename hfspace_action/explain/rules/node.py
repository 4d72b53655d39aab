"""Node.js apps that stop with an error, and npm."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain import builder, places
from hfspace_action.explain.case import Case, Cause, Found, Rule
from hfspace_action.readers import node
from hfspace_action.readers.files import DOCKERFILE, first_line

_ERROR = re.compile(r"^(?:Uncaught )?(?:\w*Error)(?: \[\w+\])?: .+")
_FRAME = re.compile(r"^\s+at (?:.*\()?(?P<path>(?:file://)?/[^():]+):(?P<line>\d+):\d+\)?$")
_SOURCE = re.compile(r"^(?P<path>(?:file://)?/[^():]+):(?P<line>\d+)$")
_MODULE = re.compile(r"Cannot find (?:module|package) '(?P<module>[^']+)'(?: imported from (?P<by>\S+))?")
_NPM = re.compile(r"^npm (?:ERR!|error) (?P<said>.+)")
_NPM_CODE = re.compile(r"^code (?P<code>E\w+)$")
_NPM_PACKAGE = re.compile(r"(?:No matching version found for |')(?P<name>(?:@[\w.-]+/)?[\w.-]+)@")
_LOCK = re.compile(r"^(?P<said>(?:Missing|Invalid): .*lock file.*)$")
_LOCK_NAME = re.compile(r"(?:Missing: |lock file's )(?P<name>@?[^@\s]+)@")
_SCRIPT = re.compile(r"^command (?:sh -c |cmd /d /s /c )?(?P<command>.+)$")
_PATH = re.compile(r"^path (?P<path>/\S+)$")
_PEER = re.compile(r"^(?:peer )?(?P<wants>\S+)@\"(?P<range>[^\"]+)\" from (?P<by>\S+@\S+)$")
_FOUND = re.compile(r"^Found: (?P<found>\S+)$")
_NO_COMMAND = re.compile(r"(?:/bin/)?(?:sh|bash): (?:\d+: |line \d+: )?(?P<command>[\w.@/-]+): (?:command )?not found$")
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
            place = first_line(case.files, [importer] if importer else [], lambda line: _imports(line, module))
        if place is None and module.startswith(("/", "file:")):
            place = _naming(case, module.rpartition("/")[2])
        if module.startswith((".", "/", "file:")):
            return case.cause("local-module-missing", place, at, module=module, file=module)
        package = "/".join(module.split("/")[: 2 if module.startswith("@") else 1])
        return case.cause("module-missing", place, at, module=module, package=package, manifest="package.json")
    if said.startswith("SyntaxError"):
        return case.cause("syntax-error", place, max(0, at - 4), at + 1, said=said)
    return case.cause("app-crashed", place, max(0, at - 4), at + 3, said=said)


def _naming(case: Case, file: str) -> Place | None:
    """The line of a package.json or the Dockerfile that starts a file."""
    word = re.compile(rf"(?<![\w.-]){re.escape(file)}(?![\w-])")
    return first_line(case.files, [*node.manifests(case.files), DOCKERFILE], word.search)


def _imports(line: str, module: str) -> bool:
    return f"'{module}'" in line or f'"{module}"' in line


def _at(case: Case, line: str, pattern: re.Pattern[str]) -> Place | None:
    found = pattern.match(line)
    return places.place(case.files, found["path"], int(found["line"][:9])) if found else None


def _npm(case: Case) -> Cause | None:
    told = [one for one in case.every(_NPM) if not _NPM_LOG.search(one.group("said"))][::-1]
    if not told:
        return None
    said = [one.group("said").strip() for one in told]
    start, stop = told[0].at, told[-1].at + 1
    code = next((found["code"] for one in said if (found := _NPM_CODE.match(one))), "")
    if code == "EUSAGE":
        return _lock(case, said, start)
    if code == "ERESOLVE" and (conflict := _conflict(case, said, start, stop)):
        return conflict
    if "command failed" in said and (failed := _package_script(case, said, start, stop)):
        return failed
    rest = [re.sub(r"^(?:notarget|404) ", "", one) for one in said if not _NPM_CODE.match(one)]
    named = next((found["name"] for one in said if (found := _NPM_PACKAGE.search(one))), None)
    return case.cause(
        "npm-failed", _manifest(case, named), start, stop, said=f"{code} {rest[0] if rest else ''}".strip()
    )


def _manifest(case: Case, named: str | None) -> Place | None:
    """The line of package.json that names a package, else the file, else the step of the Dockerfile."""
    if node.MANIFEST in case.files.paths:
        line = first_line(case.files, [node.MANIFEST], lambda line: bool(named) and f'"{named}"' in line)
        return line or Place(node.MANIFEST)
    step = builder.failed_step(case)
    return step.place if step else None


def _lock(case: Case, said: list[str], start: int) -> Cause:
    """`npm ci` without a lock file, or with one of another package.json."""
    differences = [one for one in said if _LOCK.match(one)]
    named = next((found["name"] for one in differences if (found := _LOCK_NAME.search(one))), None)
    more = f" (and {len(differences) - 1} more)" if len(differences) > 1 else ""
    told = f"{differences[0]}{more}" if differences else "there is none"
    return case.cause("npm-lock", _manifest(case, named), start, start + 6, said=told)


def _conflict(case: Case, said: list[str], start: int, stop: int) -> Cause | None:
    """A package that needs a peer of another version than there is."""
    peers = [found for one in said if one.startswith("peer ") and (found := _PEER.match(one))]
    there = next((found["found"] for one in said if (found := _FOUND.match(one))), "")
    if not peers:
        return None
    by = peers[0]["by"]
    told = f"{there}; {by} needs {peers[0]['wants']}@{peers[0]['range']}"
    return case.cause("requirements-conflict", _manifest(case, by.rpartition("@")[0]), start, stop, requirements=told)


def _package_script(case: Case, said: list[str], start: int, stop: int) -> Cause | None:
    """The script of a package that npm runs when it installs it."""
    path = next((found["path"] for one in said if (found := _PATH.match(one))), "")
    command = next((found["command"] for one in said if (found := _SCRIPT.match(one)) and one != "command failed"), "")
    if not path or not command:
        return None
    package = path.rpartition("/node_modules/")[2] if "/node_modules/" in path else path.rpartition("/")[2]
    return case.cause("npm-package-script", _manifest(case, package), start, stop, package=package, command=command)


def _command_missing(case: Case) -> Cause | None:
    """A script of package.json calls a program that no package has brought."""
    found: Found | None = case.last(_NO_COMMAND)
    if found is None:
        return None
    command = found.group("command")
    word = re.compile(rf"(?<![\w.@/-]){re.escape(command)}(?![\w./-])")
    for path in node.manifests(case.files):
        name = next((name for name, script in node.scripts(case.files, path).items() if word.search(script)), None)
        if name:
            asked = node.dependencies(node.read(case.files, path) or {}, "devDependencies")
            hint = (
                "It is among devDependencies, which `--omit=dev` and NODE_ENV=production leave out."
                if command in asked
                else ""
            )
            return case.cause(
                "node-command-missing",
                node.key(case.files, path, name),
                found.at,
                command=command,
                script=name,
                hint=hint,
            )
    return None


RULES: tuple[Rule, ...] = (_crashed, _npm, _command_missing)
