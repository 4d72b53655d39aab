"""Failures of the machine around the app: memory, disk, packages of the system, rights, the command that starts it."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain import builder
from hfspace_action.explain.case import Case, Cause, Found
from hfspace_action.readers import dockerfile, front_matter, system_packages
from hfspace_action.readers.files import DOCKERFILE, first_line, startable

_MEMORY_SAID = re.compile(r"exit code: 137|OOMKilled|memory limit exceeded|out of memory", re.IGNORECASE)
_MEMORY_LOGGED = re.compile(
    r"JavaScript heap out of memory|^(?:\w+\.)*(?:MemoryError|OutOfMemoryError)\b|^Killed$|CUDA out of memory"
)
_DISK = re.compile(r"No space left on device|ENOSPC")
_APT = re.compile(
    r"E: (?:Unable to locate package (?P<unknown>\S+)|Package '(?P<gone>[^']+)' has no installation candidate"
    r"|Couldn't find any package by (?:glob|regex) '(?P<pattern>[^']+)'|Version '[^']*' for '(?P<version>[^']+)' was not found)"
)
_ATTRIBUTE = re.compile(
    r"Attribute \"(?P<attribute>[\w.]+)\" not found in module \"(?P<module>[\w.]+)\""
    r"|Failed to find attribute '(?P<name>[\w.]+)' in '(?P<of>[\w.]+)'"
)
_EXEC = re.compile(
    r'exec:? "?(?P<exec>[^\s":]+)"?: (?P<exec_said>permission denied|no such file or directory|executable file not found|exec format error|stat )'
    r"|(?:/bin/)?(?:sh|bash): (?:\d+: |line \d+: )?(?P<shell>[^\s:]+): (?P<shell_said>(?:command )?not found|Permission denied)$"
)
_NO_FILE = re.compile(
    r"can't open file '(?P<python>[^']+)'"
    r"|(?:sh|bash): (?:\d+: )?(?:cannot open |can't open ')?(?P<shell>[^\s:']+)'?: No such file"
    r"|File does not exist: (?P<streamlit>\S+)"
    r"|Could not import module \"(?P<uvicorn>[\w.]+)\""
)
_DENIED = re.compile(r"permission denied", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w./])/[^\s'\"‘’:,]+")


def out_of_memory(case: Case) -> Cause | None:
    """More memory than the hardware has."""
    step = builder.failed_step(case)
    if step and step.code == 137:
        return case.cause("out-of-memory", step.place, step.start, step.stop)
    if _MEMORY_SAID.search(case.message):
        return case.cause("out-of-memory", None, 0, case.message.count("\n") + 1)
    found = case.last(_MEMORY_LOGGED)
    if found is None:
        return None
    return case.cause("out-of-memory", step.place if step else None, found.at)


def disk_full(case: Case) -> Cause | None:
    """More disk than there is."""
    found = case.last(_DISK)
    return case.cause("storage-full", None, found.at, said=found) if found else None


def apt(case: Case) -> Cause | None:
    """A package that Debian does not have, or not under this name."""
    if not (found := case.last(_APT)):
        return None
    package = str(next(group for group in found[1].groups() if group))
    wrongs = list(system_packages.misread(case.files))
    for _, wrong in wrongs:
        if package in wrong.words:  # the last one that apt complains of; the first is where to begin
            at = next(at for at, one in wrongs if one.kind == wrong.kind)
            return case.cause("packages-txt", at, found.at, problem=wrong.problem)
    named = re.compile(rf"(?<![\w.+-]){re.escape(package)}(?![\w.+-])")
    place = first_line(case.files, ("packages.txt", DOCKERFILE), named.search)
    place = place or _step_place(case)
    return case.cause("system-package-not-found", place, found.at, package=package)


def start_command(case: Case) -> Cause | None:
    """The command that starts the app is not there, may not be run, or names something that its module does not have."""
    if (attribute := case.last(_ATTRIBUTE)) and not case.building:
        return _attribute_missing(case, attribute)
    found = case.last(_EXEC)
    if found is None or case.building:
        return None
    command, said = found.group("exec") or found.group("shell"), found.group("exec_said") or found.group("shell_said")
    place = dockerfile.starting(case.files, command.removeprefix("./"))
    return case.cause("start-command", place, found.at, command=command, said=said)


def _attribute_missing(case: Case, found: Found) -> Cause:
    command = f"{found.group('module') or found.group('of')}:{found.group('attribute') or found.group('name')}"
    place = dockerfile.starting(case.files, command) or dockerfile.starting(case.files)
    return case.cause("start-command", place, found.at, command=command, said=found)


def app_file_missing(case: Case) -> Cause | None:
    """The command that starts the app names a file that is not there."""
    found = case.last(_NO_FILE)
    if found is None or case.building:
        return None
    file = str(next(group for group in found[1].groups() if group))
    place = dockerfile.starting(case.files, file.rsplit("/", maxsplit=1)[-1])
    if place is None and case.sdk != "docker":
        place = front_matter.place(case.files, "app_file", "sdk")
    return case.cause("app-file-missing", place, found.at, file=file, there=startable(case.files))


def permission_denied(case: Case) -> Cause | None:
    """Something that user 1000 may not do, told by a shell or by node."""
    if not (found := case.last(_DENIED)):
        return None
    path = _PATH.search(case.lines[found.at])
    place = _step_place(case) if case.building else dockerfile.starting(case.files)
    return case.cause(
        "permission-denied", place, found.at, path=path[0] if path else "a file", said=case.lines[found.at].strip()
    )


def _step_place(case: Case) -> Place | None:
    step = builder.failed_step(case)
    return step.place if step else None
