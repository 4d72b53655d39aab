"""The size of all files against what a Space may hold."""

from collections.abc import Iterator

from hfspace_action import text
from hfspace_action.errors import Place

from .tree import Finding, Tree, likely

# Source: the Hub's refusal "Repository storage limit reached (Max: 1 GB)"; an account with a plan may have more.
_STORAGE = 1_000_000_000


def above_storage(tree: Tree) -> Iterator[Finding]:
    """More than a Space's repository holds without a plan."""
    total = sum(tree.sizes.values())
    if total > _STORAGE:
        largest = max(tree.sizes, key=lambda path: tree.sizes[path])
        yield likely(
            "size-above-storage",
            Place(largest),
            size=text.size(total),
            largest=f"{largest} ({text.size(tree.sizes[largest])})",
        )
