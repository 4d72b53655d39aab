"""A Dockerfile that no builder can read, or whose command no shell can."""

import re
from collections.abc import Iterator

from hfspace_action.errors import Place
from hfspace_action.foresight.tree import Finding, Tree, certain, likely
from hfspace_action.readers import dockerfile
from hfspace_action.readers.dockerfile import Instruction
from hfspace_action.readers.files import DOCKERFILE
from hfspace_action.text import closest

from .stages import built, plain, sources, stages

# Source: https://docs.docker.com/reference/dockerfile/
_WORDS = frozenset(
    ["ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN",
     "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"]
)  # fmt: skip
_FLAGS = {
    "ADD": ("chown", "chmod", "link", "keep-git-dir", "checksum", "exclude", "unpack"),
    "COPY": ("chown", "chmod", "link", "from", "parents", "exclude"),
    "FROM": ("platform",),
    "RUN": ("mount", "network", "security", "device"),
}
_FRONTEND = re.compile(r"^#\s*syntax\s*=\s*(?!docker(?:\.io/docker)?/dockerfile)\S", re.IGNORECASE | re.MULTILINE)
_PORT = re.compile(r"(?:\d{1,5}|\d{1,5}-\d{1,5})(?:/\w+)?|.*\$.*")
_LIST_IN_OTHER_QUOTES = re.compile(r"\[\s*['\u2018\u2019\u201c\u201d]")


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
        elif said := _unknown_flag(one):
            yield likely("dockerfile-invalid", Place(DOCKERFILE, one.line), said=said)
    first = next((one for one in known if one.word != "ARG"), known[0])
    if first.word in _WORDS - {"FROM"}:
        yield certain(
            "dockerfile-invalid", Place(DOCKERFILE, first.line), said=f"{first.word} comes before the first FROM"
        )
    number = len(stages(tree))
    for one in built(tree):
        for source in sources(one):
            if source.isdecimal() and int(source[:9]) >= number:
                said = f"there is no stage {source}: the first is 0, the last {number - 1}"
                yield certain("dockerfile-invalid", Place(DOCKERFILE, one.line), said=said)


def _wrong(one: Instruction) -> str:
    """Why an instruction can't be read; empty if it can."""
    words = plain(one.rest.split())
    if one.word not in _WORDS:
        return f"there is no instruction {one.word[:40]}"
    if not words and one.word not in ("CMD", "ENTRYPOINT"):
        return f"{one.word} says nothing"
    match one.word:
        case "COPY" | "ADD" if not one.heredoc and not words[0].startswith("[") and len(words) < 2:
            return f"{one.word} needs a source and a destination"
        case "FROM" if len(words) != 1 and not (len(words) == 3 and words[1].upper() == "AS"):
            return "FROM takes an image, or an image AS a name"
        case "ENV" | "LABEL" if len(words) == 1 and "=" not in words[0]:
            return f"{one.word} needs a name and a value"
        case "EXPOSE" if bad := [word for word in words if not _PORT.fullmatch(word)]:
            return f"{bad[0][:40]} is not a port"
        case "HEALTHCHECK" if words[0].upper() not in ("CMD", "NONE"):
            return "HEALTHCHECK takes CMD and a command, or NONE"
        case "SHELL" if not words[0].startswith("["):
            return 'SHELL takes a list such as ["/bin/bash", "-c"]'
    return ""


def _unknown_flag(one: Instruction) -> str:
    """Which flag an instruction does not know, as far as its known ones show; newer builders may have more."""
    words = one.rest.split()
    given = [word[2:].partition("=")[0] for word in words[: len(words) - len(plain(words))]]
    known = _FLAGS.get(one.word)
    for flag in given if known else ():
        if flag not in (known or ()):
            near = closest(flag, known or ())
            return f"{one.word} has no flag --{flag}" + (f", but it has --{near}" if near else "")
    return ""


def command_misquoted(tree: Tree) -> Iterator[Finding]:
    """A command as a list in other quotes than JSON's, which becomes the name of a program."""
    for one in built(tree):
        if one.word in ("CMD", "ENTRYPOINT") and _LIST_IN_OTHER_QUOTES.match(one.rest):
            said = 'a list takes double quotes: ["python", "app.py"]'
            yield likely("start-command", Place(DOCKERFILE, one.line), command=one.rest, said=said)


RULES = (invalid, command_misquoted)
