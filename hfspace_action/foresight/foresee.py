"""All rules, asked of one tree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hfspace_action.errors import Failure

from . import app, code, dockerfile, front_matter, node, ports, requirements, scripts, size, system_packages
from .tree import Finding, Tree

Rule = Callable[[Tree], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    app.file_missing,
    *front_matter.RULES,
    *requirements.RULES,
    system_packages.misread,
    system_packages.renamed,
    *dockerfile.RULES,
    scripts.line_ends,
    *ports.RULES,
    *code.RULES,
    *node.RULES,
    size.above_storage,
)


@dataclass(frozen=True)
class Foresight:
    """What was foreseen: failures that are certain, and likely ones, each with its place in the Space."""

    certain: tuple[Failure, ...]
    likely: tuple[Failure, ...]


def foresee(tree: Tree) -> Foresight:
    """Ask every rule, and return all that they find."""
    found = [finding for rule in RULES for finding in rule(tree)]
    return Foresight(
        certain=tuple(one.failure for one in found if one.certain),
        likely=tuple(one.failure for one in found if not one.certain),
    )
