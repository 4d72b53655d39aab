"""The receipt of a verification: what was compared with what, and what came of it, as JSON after docs/receipt.schema.json."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from hfspace_action import __version__
from hfspace_action.hub.clone import Clone
from hfspace_action.plan.recipe import Recipe
from hfspace_action.workflow.run import Source

from .comparison import Compared

VERSION = 1
MOST_PATHS = 20
"""Paths of a list. The counts are those of all."""
LONGEST_PATH = 300  # characters

From = Literal["commit", "step"]


class Seen(NamedTuple):
    """What was compared: the Space on a Hub at a commit, the source, and the recipe with where it is `known` from. `exact`: the
    files are those of the source's commit."""

    hub: str
    space: str
    clone: Clone
    source: Source
    exact: bool
    recipe: Recipe
    known: From


def digest(clone: Clone) -> str:
    """Return the SHA-256 of what `git ls-tree -r -z --full-tree` prints of the commit: of all paths, modes and contents."""
    return f"sha256:{hashlib.sha256(clone.listing).hexdigest()}"


def text(seen: Seen, compared: Compared, at: datetime | None = None) -> str:
    """Return the receipt on one line."""
    lists = compared._asdict()
    document = {
        "version": VERSION,
        "verdict": "differs" if compared.differences else "verified",
        "hub": seen.hub,
        "space": seen.space,
        "space_commit": seen.clone.commit,
        "tree": seen.clone.tree,
        "digest": digest(seen.clone),
        "repository": seen.source.page or seen.source.repository,
        "commit": seen.source.sha if seen.exact else "",
        "inputs": {"from": seen.known, **seen.recipe.inputs},
        "front_matter_of_the_space": seen.recipe.own,
        "files": {name: len(paths) for name, paths in lists.items()},
        "paths": {name: _shown(paths) for name, paths in lists.items() if name != "same"},
        "at": (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verifier": f"hf-space-deploy {__version__}",
    }
    return json.dumps(document)


def _shown(paths: Sequence[str]) -> list[str]:
    """Return the first paths; what is not UTF-8 in one is written as git's C style has it."""
    return [path[:LONGEST_PATH].encode("utf-8", "backslashreplace").decode() for path in paths[:MOST_PATHS]]
