"""The stages of a Dockerfile, and which of them are built."""

import re
from collections.abc import Sequence

from hfspace_action.foresight.tree import Tree
from hfspace_action.readers import dockerfile
from hfspace_action.readers.dockerfile import Instruction

_FLAG = re.compile(r"^--[a-z-]+(?:=\S*)?$")
_FROM = re.compile(r"--from=(?P<copy>[\w.-]+)(?!\S)|\bfrom=(?P<mount>[\w.-]+)(?![^\s,])")


def plain(words: Sequence[str]) -> list[str]:
    """The words of an instruction without the flags that stand before them."""
    first = next((at for at, word in enumerate(words) if not _FLAG.match(word)), len(words))
    return list(words[first:])


def stages(tree: Tree) -> list[list[Instruction]]:
    """The instructions of each stage, which begins with its FROM."""
    found: list[list[Instruction]] = []
    for one in dockerfile.instructions(tree.files):
        if one.word == "FROM":
            found.append([])
        if found:
            found[-1].append(one)
    return found


def name(stage: Sequence[Instruction]) -> str:
    """What a stage is called; empty where it has no name."""
    words = stage[0].rest.split()
    return words[-1].lower() if len(words) > 2 and words[-2].upper() == "AS" else ""


def image(stage: Sequence[Instruction]) -> str:
    """What a stage begins with: an image, or the name of another stage."""
    return next(iter(plain(stage[0].rest.split())), "")


def sources(one: Instruction) -> list[str]:
    """The images and stages from which an instruction copies or mounts."""
    return [found["copy"] or found["mount"] for found in _FROM.finditer(one.text)]


def built(tree: Tree) -> list[Instruction]:
    """The instructions of the stages that the last one needs; BuildKit builds no others."""
    known = stages(tree)
    names = {name(stage): number for number, stage in enumerate(known)} | {str(n): n for n in range(len(known))}
    needed, waiting = set[int](), [len(known) - 1] if known else []
    while waiting:
        number = waiting.pop()
        if number in needed:
            continue
        needed.add(number)
        words = [image(known[number]), *(word for one in known[number] for word in sources(one))]
        waiting += [names[word.lower()] for word in words if names.get(word.lower(), number) < number]
    return [one for number, stage in enumerate(known) if number in needed for one in stage]
