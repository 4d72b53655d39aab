"""What a deploy could not carry over as it is, or decided by itself: told to the user, and no reason to stop."""

import re
from collections.abc import Sequence

from hfspace_action import text
from hfspace_action.errors import Note, Place

_TEXTS = {
    "link": "The Hub keeps no symbolic links: {what} will be published as what they point to.",
    "submodule": "Submodules that were not checked out are missing on the Space: {what}. "
    "Add `submodules: true` to actions/checkout.",
    "executable": "The Hub keeps no executable bits, and these files are run directly: {what}. "
    "Run them as `bash script.sh`, or `RUN chmod +x` them in the Dockerfile.",
    "case": "These names differ only by upper and lower case, which some systems can't hold side by side: {what}.",
    "special": "Neither files nor folders, so left out: {what}.",
    "no-git": "There is no git repository in '{what}', so its .gitignore files decide what is deployed, and no commit is named. "
    "In a job's container, install git before actions/checkout.",
    "sdk": "README.md says sdk: {what}; the step's own inputs are used instead.",
}
_SHOWN = 10
_ESCAPED = re.compile(r"[\\*?\[]| $")  # what a .gitignore pattern takes for more than itself


def notice(id: str, what: Sequence[str], folder: str | None = None) -> Note:  # noqa: A002
    """Return the note of a kind about these values; they are paths if `folder`, the deployed one in the workspace, is given."""
    place = Place(f"{folder}/{what[0]}".lstrip("/")) if folder is not None and len(what) == 1 else None
    return Note(_TEXTS[id].format(what=listed(what)), place, id)


def listed(paths: Sequence[str]) -> str:
    """Paths in a sentence, ten of them at most. Bytes that are not UTF-8 are written out."""
    shown = [path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for path in paths]
    return text.listed(shown, _SHOWN)


def exclude_lines(paths: Sequence[str]) -> str:
    """The lines of a workflow that leave these paths out, to be pasted. Of a link only what is before " (" is its path."""
    names = [_ESCAPED.sub(r"\\\g<0>", path.partition(" (leads")[0]) for path in paths[:_SHOWN]]
    rows = [f"    /{name}" for name in names]
    return "\n".join(["```yaml", "with:", "  exclude: |", *rows, "```"])
