"""A Dockerfile that can't be read, or whose build needs what is not there."""

import json
import re
from collections.abc import Iterator
from posixpath import normpath

from hfspace_action.errors import Place
from hfspace_action.inputs.patterns import Patterns
from hfspace_action.readers import dockerfile, requirements
from hfspace_action.readers.dockerfile import DOCKERFILE, Instruction

from .tree import Finding, Tree, certain, likely

# Source: https://docs.docker.com/reference/dockerfile/
_WORDS = frozenset(
    ["ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN",
     "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"]
)  # fmt: skip
_FRONTEND = re.compile(r"^#\s*syntax\s*=\s*(?!docker(?:\.io/docker)?/dockerfile)\S", re.IGNORECASE | re.MULTILINE)
_FLAG = re.compile(r"^--[a-z-]+(?:=\S*)?$")
_NOT_LITERAL = re.compile(r"[$*?\[\\]|^<<|://|^git@")
_STAGE = re.compile(r"--from=(?P<copy>[\w.-]+)|\bfrom=(?P<mount>[\w.-]+)")
_PIP_FILE = re.compile(r"\b(?:pip3?|uv pip) install\b[^&|;]*?\s(?:-r|--requirement)[ =]?(?P<path>[\w./-]+)")
_PIP = re.compile(r"\bpip3? install\b")
_MANAGED = re.compile(
    r"^(?:docker\.io/)?(?:library/)?(?:debian(?::(?:1[2-9]|bookworm|trixie|forky|stable|latest|sid)\S*)?|ubuntu(?::(?:2[4-9]|noble|latest|rolling)\S*)?)$"
)
_NO_GIT = re.compile(r"^(?:docker\.io/)?(?:library/)?python:[\w.-]*(?:slim|alpine)")


def invalid(tree: Tree) -> Iterator[Finding]:
    """What no builder can read."""
    text = tree.files.text(DOCKERFILE)
    if text is None or _FRONTEND.search(text):
        return
    known = dockerfile.instructions(tree.files)
    if not known:
        yield certain("dockerfile-invalid", Place(DOCKERFILE, 1), said="it has no instruction")
        return
    for one in known:
        if said := _wrong(one):
            yield certain("dockerfile-invalid", Place(DOCKERFILE, one.line), said=said)
    first = next((one for one in known if one.word != "ARG"), known[0])
    if first.word in _WORDS - {"FROM"}:
        yield certain(
            "dockerfile-invalid", Place(DOCKERFILE, first.line), said=f"{first.word} comes before the first FROM"
        )


def _wrong(one: Instruction) -> str:
    """Why an instruction can't be read; empty if it can."""
    if one.word not in _WORDS:
        return f"there is no instruction {one.word[:40]}"
    words = [word for word in one.rest.split() if not _FLAG.match(word)]
    if not words and one.word not in ("CMD", "ENTRYPOINT"):
        return f"{one.word} says nothing"
    if one.word in ("COPY", "ADD") and not one.heredoc and not one.rest.lstrip().startswith("[") and len(words) < 2:
        return f"{one.word} needs a source and a destination"
    if one.word == "FROM" and len(words) not in (1, 3):
        return "FROM takes an image, or an image AS a name"
    return ""


def built(tree: Tree) -> list[Instruction]:
    """The instructions of the stages that the last one needs; BuildKit builds no others."""
    stages: list[list[Instruction]] = []
    for one in dockerfile.instructions(tree.files):
        if one.word == "FROM":
            stages.append([])
        if stages:
            stages[-1].append(one)
    names = {_name(stage[0]): number for number, stage in enumerate(stages)} | {str(n): n for n in range(len(stages))}
    needed, waiting = set[int](), [len(stages) - 1] if stages else []
    while waiting:
        number = waiting.pop()
        if number in needed:
            continue
        needed.add(number)
        for one in stages[number]:
            words = [one.rest.split()[0]] if one.word == "FROM" and one.rest else []
            words += [found["copy"] or found["mount"] for found in _STAGE.finditer(one.text)]
            waiting += [names[word.lower()] for word in words if names.get(word.lower(), number) < number]
    return [one for number, stage in enumerate(stages) if number in needed for one in stage]


def _name(start: Instruction) -> str:
    words = start.rest.split()
    return words[-1].lower() if len(words) > 2 and words[-2].upper() == "AS" else ""


def copy_missing(tree: Tree) -> Iterator[Finding]:
    """COPY or ADD of a path that the repository does not have, or that .dockerignore leaves out."""
    ignores = _ignores(tree)
    for one in built(tree):
        if one.word not in ("COPY", "ADD") or one.heredoc or "--from=" in one.text:
            continue
        for path in _sources(one):
            if not tree.has(path):
                yield certain("copy-missing", Place(DOCKERFILE, one.line), path=path)
            elif ignores(path):
                yield likely("copy-missing", Place(DOCKERFILE, one.line), path=path)


def _sources(one: Instruction) -> list[str]:
    """What an instruction copies, where it is written out: no variables, patterns or addresses."""
    words = one.rest.split()
    while words and _FLAG.match(words[0]):
        words = words[1:]
    text = " ".join(words)
    if text.startswith("["):
        try:
            words = [str(word) for word in json.loads(text)]
        except ValueError:
            return []
    paths = [
        normpath(word.lstrip("/") or ".") for word in words[:-1] if not _NOT_LITERAL.search(word) and '"' not in word
    ]
    return [path for path in paths if path != "." and not path.startswith("..")]


def _ignores(tree: Tree) -> Patterns:
    lines = (tree.files.text(".dockerignore") or "").splitlines()
    # Docker's patterns begin at the top, as those of git do with a slash.
    rooted = [
        f"!/{line[1:].strip('/ ')}" if line.startswith("!") else f"/{line.strip('/ ')}"
        for line in lines
        if line.strip() and not line.startswith("#")
    ]
    return Patterns.parse(rooted)


def requirements_missing(tree: Tree) -> Iterator[Finding]:
    """`pip install -r` of a file that no file of the repository can be."""
    known = built(tree)
    text = "\n".join(one.text for one in known)
    for one in known:
        found = _PIP_FILE.search(one.text) if one.word == "RUN" else None
        if found is None or "--mount" in one.text:
            continue
        name = found["path"].rpartition("/")[2]
        made = re.search(
            rf"(?:>|-o|--output-file|-O)[ =]?\S*{re.escape(name)}|--from=|\bADD\b|git clone|curl|wget", text
        )
        if (
            not made
            and not any(path == name or path.endswith(f"/{name}") for path in tree.files.paths)
            and not tree.kept(name)
        ):
            yield certain("requirements-missing", Place(DOCKERFILE, one.line), path=found["path"])


def python_managed(tree: Tree) -> Iterator[Finding]:
    """Pip in the Python of a Debian or Ubuntu that does not let it."""
    image, eased = "", False
    for one in built(tree):
        if one.word == "FROM":
            image, eased = next((word for word in one.rest.split() if not _FLAG.match(word)), ""), False
        eased = eased or bool(
            re.search(r"break-system-packages|BREAK_SYSTEM_PACKAGES|venv|EXTERNALLY-MANAGED|conda|pyenv|uv ", one.text)
        )
        if one.word == "RUN" and _MANAGED.match(image) and _PIP.search(one.text) and not eased:
            yield likely("python-managed", Place(DOCKERFILE, one.line))
            return


def git_missing(tree: Tree) -> Iterator[Finding]:
    """A requirement from git in an image that has none."""
    known = built(tree)
    images = [one.rest.split()[0] for one in known if one.word == "FROM" and one.rest]
    if (
        not images
        or not _NO_GIT.match(images[-1])
        or re.search(r"\bgit\b(?!\+)", "\n".join(one.text for one in known if one.word == "RUN"))
    ):
        return
    for one in known:
        found = _PIP_FILE.search(one.text) if one.word == "RUN" else None
        path = found["path"].removeprefix("./") if found else ""
        line = (
            next((line for line in requirements.lines(tree.files, path) if "git+" in line.text), None)
            if found
            else None
        )
        if line or (one.word == "RUN" and _PIP.search(one.text) and "git+" in one.text):
            yield likely("git-missing", line.place if line else Place(DOCKERFILE, one.line))
            return


RULES = (invalid, copy_missing, requirements_missing, python_managed, git_missing)
