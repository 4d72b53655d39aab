"""What the images of a build have, or don't."""

import re
from collections.abc import Iterator

from hfspace_action.errors import Place
from hfspace_action.foresight.tree import Finding, Tree, likely
from hfspace_action.readers import requirements
from hfspace_action.readers.files import DOCKERFILE
from hfspace_action.text import closest

from .copies import PIP_FILE
from .stages import built, image, name, plain, sources, stages

_PIP = re.compile(r"\bpip3? install\b")
_MANAGED = re.compile(
    r"^(?:docker\.io/)?(?:library/)?(?:debian(?::(?:1[2-9]|bookworm|trixie|forky|stable|latest|sid)\S*)?|ubuntu(?::(?:2[4-9]|noble|latest|rolling)\S*)?)$"
)
_NO_GIT = re.compile(r"^(?:docker\.io/)?(?:library/)?python:[\w.-]*(?:slim|alpine)")


def stage_misspelt(tree: Tree) -> Iterator[Finding]:
    """A stage by almost its name, which a builder takes for an image of that name."""
    names = {name(stage) for stage in stages(tree)} - {""}
    for one in built(tree):
        used = sources(one) or ([image([one])] if one.word == "FROM" else [])
        for word in used:
            plain_word = re.fullmatch(r"[a-z_-]+", word)
            if plain_word and word not in names and closest(word, names, 0.75):
                yield likely("base-image-missing", Place(DOCKERFILE, one.line), image=word)


def python_managed(tree: Tree) -> Iterator[Finding]:
    """Pip in the Python of a Debian or Ubuntu that does not let it."""
    base, eased = "", False
    for one in built(tree):
        if one.word == "FROM":
            base, eased = next(iter(plain(one.rest.split())), ""), False
        eased = eased or bool(
            re.search(r"break-system-packages|BREAK_SYSTEM_PACKAGES|venv|EXTERNALLY-MANAGED|conda|pyenv|uv ", one.text)
        )
        if one.word == "RUN" and _MANAGED.match(base) and _PIP.search(one.text) and not eased:
            yield likely("python-managed", Place(DOCKERFILE, one.line))
            return


def git_missing(tree: Tree) -> Iterator[Finding]:
    """A requirement from git in an image that has none."""
    known = built(tree)
    images = [image([one]) for one in known if one.word == "FROM"]
    has_git = re.search(r"\bgit\b(?!\+)", "\n".join(one.text for one in known if one.word == "RUN"))
    if not images or not _NO_GIT.match(images[-1]) or has_git:
        return
    for one in known:
        found = PIP_FILE.search(one.text) if one.word == "RUN" else None
        path = found["path"].removeprefix("./") if found else ""
        lines = requirements.lines(tree.files, path) if found else ()
        line = next((line for line in lines if "git+" in line.text), None)
        if line or (one.word == "RUN" and _PIP.search(one.text) and "git+" in one.text):
            yield likely("git-missing", line.place if line else Place(DOCKERFILE, one.line))
            return


RULES = (stage_misspelt, python_managed, git_missing)
