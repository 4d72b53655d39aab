"""Pull requests, and creations that meet."""

from .variant import Variant

DISCUSSIONS_DISABLED = Variant(
    "discussions-disabled",
    "Discussions and pull requests are disabled.",
    "owners may switch them off in a repository's settings",
)
MERGE_COMMIT = Variant(
    "merge-commit",
    "Merging a pull request makes a commit with two parents, not a squashed one.",
    "what a merge makes is not documented",
)
NO_REF_DELETION = Variant(
    "no-ref-deletion",
    "The reference of a pull request can't be deleted: its route answers 404.",
    "OpenAPI has the route; nobody shows an answer",
)
CREATION_CONFLICT = Variant(
    "creation-conflict",
    'The first attempt at each creation is answered 409 "another conflicting operation is in progress".',
    "huggingface_hub repeats a creation that is answered so",
)

VARIANTS = (DISCUSSIONS_DISABLED, MERGE_COMMIT, NO_REF_DELETION, CREATION_CONFLICT)
