"""All rules, asked of one tree."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from hfspace_action.errors import Failure

from . import app, front_matter, size
from .tree import Finding, Tree

Rule = Callable[[Tree], Iterator[Finding]]


class Foresight(NamedTuple):
    """What was foreseen: failures that are certain, and likely ones, each with its place in the Space."""

    certain: tuple[Failure, ...]
    likely: tuple[Failure, ...]


def foresee(tree: Tree) -> Foresight:
    """Ask every rule, and return all that they find."""
    found = [finding for rule in _rules(tree) for finding in rule(tree)]
    return Foresight(
        certain=tuple(one.failure for one in found if one.certain),
        likely=tuple(one.failure for one in found if not one.certain),
    )


def _rules(tree: Tree) -> Iterator[Rule]:
    """The rules of this kind of Space; those of the other kinds are not even loaded."""
    yield app.file_missing
    yield from front_matter.RULES
    if tree.sdk == "gradio":
        from . import code, launch, requirements, system_packages

        yield from requirements.RULES
        yield from system_packages.RULES
        yield from launch.RULES
        yield from code.RULES
    if tree.sdk == "docker":
        from . import docker

        yield from docker.RULES
        if docker.copies.installed(tree):
            from . import requirements

            yield from requirements.OF_DOCKER
    if tree.sdk == "docker" or tree.data.get("app_build_command"):
        from . import node

        yield from node.RULES
    yield size.above_storage
