"""When something new can be read, and what the description of a repository says."""

from .variant import Variant

CREATION_LAG, HEAD_LAG, TREE_LAG = 2.0, 3.0, 1.0
"""Seconds."""

LATE_CREATION = Variant(
    "late-creation",
    f"A new repository is not found for {CREATION_LAG:g} seconds.",
    "nothing promises that a creation can be read at once",
)
STALE_HEAD = Variant(
    "stale-head",
    f"For {HEAD_LAG:g} seconds after main moved, readers get the commit before.",
    "huggingface_hub issue 3406; its live tests sleep after a change of references",
)
LATE_TREE = Variant(
    "late-tree",
    f"For {TREE_LAG:g} second after a commit, its own id is an unknown revision to readers.",
    "nothing promises that a commit can be read at once",
)
NO_VISIBILITY = Variant(
    "no-visibility",
    "The full description has no `visibility`.",
    "the OpenAPI description of the Hub does not list it",
)
PROTECTED_IS_PRIVATE = Variant(
    "protected-is-private",
    "`private` is true for a protected Space too.",
    "its source is private; no public answer shows the field",
)

VARIANTS = (LATE_CREATION, STALE_HEAD, LATE_TREE, NO_VISIBILITY, PROTECTED_IS_PRIVATE)
