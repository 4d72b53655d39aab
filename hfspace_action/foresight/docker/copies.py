"""What a build copies or installs from, and is not there."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from posixpath import normpath

from hfspace_action.errors import Place
from hfspace_action.foresight.tree import Finding, Tree, certain, likely
from hfspace_action.inputs.patterns.match import Pattern
from hfspace_action.readers.dockerfile import Instruction
from hfspace_action.readers.files import DOCKERFILE

from .stages import built, image, name, plain, stages

_NOT_LITERAL = re.compile(r"[$\\\"]|^<<|://|^git@")
_WILDCARD = re.compile(r"[*?\[]")
_MOUNT = re.compile(r"--mount=(?P<options>\S+)")
PIP_FILE = re.compile(
    r"\b(?:pip3?|uv pip) install\b[^&|;]*?\s(?:-r|--requirements?)[ =]?(?P<path>[^\s'\"&|;$]+)(?![^\s'\"&|;])"
)
_IGNORES = ("Dockerfile.dockerignore", ".dockerignore")


def copy_missing(tree: Tree) -> Iterator[Finding]:
    """COPY, ADD or a mount of a path that the repository does not have, or that .dockerignore leaves out."""
    ignores = _ignores(tree)
    for one in built(tree):
        found = {path: _matches(tree, path) for path in _sources(one)}
        for path, there in found.items():
            if not there and not _WILDCARD.search(path):
                yield certain("copy-missing", Place(DOCKERFILE, one.line), path=path)
            elif (not there and not any(found.values())) or (
                there and ignores and all(_ignored(each, ignores) for each in there)
            ):  # BuildKit takes a pattern that matches nothing
                yield likely("copy-missing", Place(DOCKERFILE, one.line), path=path)


def _sources(one: Instruction) -> list[str]:
    """What an instruction takes out of the repository, where it is written out: no variables, no addresses."""
    if one.word == "RUN":
        words = list(_mounted(one))
    elif one.word in ("COPY", "ADD") and not one.heredoc and "--from=" not in one.text:
        words = _copied(one)
    else:
        return []
    paths = [normpath(word.lstrip("/") or ".") for word in words if word and not _NOT_LITERAL.search(word)]
    while any(path.startswith("../") for path in paths):  # nothing is above the repository: BuildKit goes no higher
        paths = [path.removeprefix("../") for path in paths]
    return [path for path in paths if path not in (".", "..")]


def _copied(one: Instruction) -> list[str]:
    words = plain(one.rest.split())
    text = " ".join(words)
    if text.startswith("["):
        try:
            words = [str(word) for word in json.loads(text)]
        except ValueError:
            return []
    return words[:-1]


def _mounted(one: Instruction) -> Iterator[str]:
    """The paths that mounts of the kind bind have, which is the usual one."""
    for found in _MOUNT.finditer(one.text):
        given = dict(option.partition("=")[::2] for option in found["options"].split(","))
        if given.get("type", "bind") == "bind" and "from" not in given:
            yield given.get("source") or given.get("src") or "."


def _matches(tree: Tree, path: str) -> Sequence[str]:
    """The files that a source means; itself, where it may be there without being in the checkout."""
    if not _WILDCARD.search(path):
        below = [each for each in tree.files.paths if each == path or each.startswith(f"{path}/")]
        return below or ([path] if tree.has(path) else [])
    wanted = re.compile("".join(map(_as_expression, re.findall(r"\[[^\]]*\]|.", path))) + r"(?:/.*)?")
    return [each for each in tree.files.paths if wanted.fullmatch(each)] or ([path] if tree.kept(path) else [])


def _as_expression(part: str) -> str:
    """A regular expression for one part of a pattern of Go's path/filepath, where no wildcard matches a slash."""
    if part in "*?":
        return "[^/]*" if part == "*" else "[^/]"
    return part if part.startswith("[") and len(part) > 2 else re.escape(part)


def _ignores(tree: Tree) -> Sequence[Pattern]:
    """The patterns of the file that the builder reads, the last one first. Docker's begin at the top, as git's do with a slash."""
    file = next((path for path in _IGNORES if path in tree.files.paths), "")
    lines = [line for line in (tree.files.text(file) or "").splitlines() if line.strip() and not line.startswith("#")]
    rooted = [
        f"!/{line.strip()[1:].strip('/ ')}" if line.strip().startswith("!") else f"/{line.strip('/ ')}"
        for line in lines
    ]
    return [pattern for line in reversed(rooted) if (pattern := Pattern.parse(line))]


def _ignored(path: str, patterns: Sequence[Pattern]) -> bool:
    """Whether a file is left out: the last pattern decides that matches it or a folder above it, also where an earlier one has
    that folder."""
    parts = path.split("/")
    above = ["/".join(parts[:end]) for end in range(1, len(parts))]
    for pattern in patterns:
        if pattern.matches(path, folder=False) or any(map(partial(pattern.matches, folder=True), above)):
            return not pattern.negated
    return False


def requirements_missing(tree: Tree) -> Iterator[Finding]:
    """`pip install -r` of a file that no file of the repository can be, or that nothing has copied yet."""
    known = built(tree)
    text = "\n".join(one.text for one in known)
    early = set(_before_any_copy(tree))
    for one in known:
        for found in PIP_FILE.finditer(one.text) if one.word == "RUN" and "--mount" not in one.text else ():
            file = found["path"].rpartition("/")[2]
            made = re.search(
                rf"(?:>|-o|--output-file|-O)[ =]?\S{{0,200}}{re.escape(file)}|--from=|\bADD\b|git clone|curl|wget", text
            )
            if made or "://" in found["path"] or tree.kept(file):
                continue
            if not any(path == file or path.endswith(f"/{file}") for path in tree.files.paths):
                yield certain("requirements-missing", Place(DOCKERFILE, one.line), path=found["path"])
            elif one in early:
                yield likely("requirements-missing", Place(DOCKERFILE, one.line), path=found["path"])


def installed(tree: Tree) -> list[str]:
    """The requirement files that the build installs, where only one file of the repository can be meant."""
    named = [found["path"].rpartition("/")[2] for one in built(tree) for found in PIP_FILE.finditer(one.text)]
    known = {name: [path for path in tree.files.paths if path.rpartition("/")[2] == name] for name in named}
    return [paths[0] for paths in known.values() if len(paths) == 1]


def _before_any_copy(tree: Tree) -> Iterator[Instruction]:
    """The instructions of stages that begin with an image, before anything is copied into it."""
    names = set[str]()
    for stage in stages(tree):
        inherits = image(stage).lower() in names or "$" in image(stage)
        for one in () if inherits else stage:
            if one.word in ("COPY", "ADD"):
                break
            yield one
        names.add(name(stage))


RULES = (copy_missing, requirements_missing)
