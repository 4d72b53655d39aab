"""Requirements that no index has: folders and files by their paths, and repositories of git."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain import builder
from hfspace_action.explain.case import Case, Cause, Found, Rule
from hfspace_action.readers import requirements

# A path that is not there, as pip (22 to 26) and uv say it.
_NO_PATH = re.compile(
    r"Could not install packages due to an OSError: \[Errno 2\] No such file or directory: '(?P<pip>[^']+)'"
    r"|ERROR: (?P<project>file://\S+|Directory '[^']+')(?: \(from [^)]*\(line \d+\)\))? (?:does not appear to be a Python project|is not installable)"
    r"|It looks like a path\. File '(?P<hint>[^']+)' does not exist"
    r"|^\s*(?:ERROR: )?(?P<editable>\S+) is not a valid editable requirement"
    r"|Requirement '(?P<file>[^']+)' looks like a filename, but the file does not exist"
    r"|Distribution not found at: (?P<uv>file://\S+)"
    r"|`(?P<uv_project>[^`]+)` does not appear to be a Python project"
)
_FROM = re.compile(r"\(from -r \S*?(?P<file>[\w./-]+) \(line (?P<line>\d+)\)\)")
_REFUSED = re.compile(
    r"fatal: could not read (?:Username|Password) for|fatal: Authentication failed for|[Rr]epository '?[^']*'? ?not found"
    r"|Permission denied \(publickey\)|remote: Invalid username|Host key verification failed"
)
_NO_REVISION = re.compile(
    r"pathspec '(?P<spec>[^']+)' did not match|couldn't find remote ref (?:refs/(?:tags|heads)/)?(?P<ref>\S+)"
    r"|Remote branch (?P<branch>\S+) not found|failed to fetch (?:branch or tag|branch|tag|commit) `(?P<uv>[^`]+)`"
)
_URL = re.compile(r"(?:git\+|(?<![\w+]))(?P<url>(?:https?|ssh|git)://[^\s'\"`,)]+|git@[\w.-]+:[^\s'\"`,)]+)")
_NO_GIT = re.compile(r"Cannot find command 'git'|Git executable not found|git: (?:command )?not found")


def path_missing(case: Case) -> Cause | None:
    """A requirement is a path of another machine, or one that the build does not have yet."""
    found = case.last(_NO_PATH)
    if found is None or not case.building:
        return None
    path = str(next(group for group in found[1].groups() if group))
    line = _line(case, found, path)
    wanted = line.text if line else path
    name = requirements.name_of(wanted) if "@" in wanted else ""
    return case.cause(
        "requirement-path", line.place if line else _step(case), found.at,
        requirement=wanted, instead=f"`{name}==<version>`" if name else "`name==<version>`",
    )  # fmt: skip


def _line(case: Case, found: Found, path: str) -> requirements.Line | None:
    """The line of a requirement file that asks for a path: the one that pip counts, or one that has the path in it."""
    known = [line for one in requirements.manifests(case.files) for line in requirements.lines(case.files, one)]
    if told := _FROM.search(case.lines[found.at]):
        number, file = int(told["line"]), told["file"].rpartition("/")[2]
        return next((line for line in known if line.number == number and line.path.endswith(file)), None)
    path = path.removeprefix("file://").removeprefix("Directory ").strip("'")
    # uv resolves a path before it speaks of it: what the file has is the end of it, or a dot for all of it.
    return next((line for line in known if path in line.text), None) or next(
        (line for line in known if (own := requirements.local_path(line.text)) and _leads_to(own, path)), None
    )


def _leads_to(own: str, path: str) -> bool:
    return own in (".", "./") or path.rstrip("/").endswith("/" + own.removeprefix("./").rstrip("/"))


def repository_refused(case: Case) -> Cause | None:
    """A repository of git that the build can't clone, or has no such revision."""
    revision, refused = case.last(_NO_REVISION), case.last(_REFUSED)
    found = revision or refused
    if found is None or not case.building:
        return None
    url = _url(case, found)
    if url is None:
        return None
    spec = next((group for group in revision[1].groups() if group), "") if revision else ""
    why = f"it has no branch, tag or commit `{spec}`" if spec else "it is private, or it does not exist"
    return case.cause("requirement-repository", _naming(case, url), found.at, repository=url, why=why)


def _url(case: Case, found: Found) -> str | None:
    """The repository that the lines around name, those before first."""
    around = [*reversed(case.lines[max(0, found.at - 12) : found.at + 1]), *case.lines[found.at + 1 : found.at + 12]]
    urls = (match["url"] for line in around for match in _URL.finditer(line))
    return next(
        (url.partition("@")[0] if url.startswith("http") else url for url in urls if url.count("/") > 3 or "@" in url),
        None,
    )


def _naming(case: Case, url: str) -> Place | None:
    """The requirement with this repository, else the instruction that clones it."""
    bare = url.removesuffix(".git").partition("://")[2] or url
    known = [line for one in requirements.manifests(case.files) for line in requirements.lines(case.files, one)]
    return (
        next((line.place for line in known if bare in line.text), None)
        or requirements.place(case.files, bare)
        or _step(case)
    )


def git_missing(case: Case) -> Cause | None:
    """A requirement needs git, and the image has none."""
    found = case.last(_NO_GIT)
    if found is None or not case.building:
        return None
    known = [line for one in requirements.manifests(case.files) for line in requirements.lines(case.files, one)]
    line = next((line.place for line in known if "git+" in line.text), None)
    return case.cause("git-missing", _step(case) or line, found.at)


def _step(case: Case) -> Place | None:
    step = builder.failed_step(case)
    return step.place if step else None


RULES: tuple[Rule, ...] = (git_missing, repository_refused, path_missing)
