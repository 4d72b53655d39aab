"""Names that no git repository takes, whatever system it is checked out on; and of a folder that is missing, the one that was meant.

Git refuses what a Mac or Windows would take for `.git` (core.protectHFS, core.protectNTFS), and so do servers. A Space that
holds such a name can't be cloned, and some clients drop it without a word.
"""

import os
import re

from hfspace_action.text import closest

from .git.location import is_inside

# What a Mac ignores in a name. Source: git's utf8.c, next_hfs_char.
_IGNORED_BY_MACS = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])
_CONTROL = re.compile("[\x00-\x1f\x7f]")
# With what Windows drops from a name's end, or takes for a stream of the file.
_GITS_OWN = re.compile(r"(\.git|git~1)[ .]*(:.*)?", re.IGNORECASE | re.DOTALL)


def problem(name: str) -> str | None:
    """Return why a file or folder can't have this name on the Hub; None if it can."""
    if name.isascii() and name.isprintable() and name[:1] not in ".gG":
        return None
    if any("\ud800" <= character <= "\udfff" for character in name):
        return "not UTF-8"
    if _CONTROL.search(name):
        return "a control character"
    if _GITS_OWN.fullmatch(name.translate(_IGNORED_BY_MACS)):
        return "git's own name"
    return None


def meant(top: str, folder: str) -> str:
    """Return the question for the folder that a missing one may mean, with a space before it; "" if there is none like it."""
    path = folder.replace("\\", "/").strip("/")
    if os.path.isfile(os.path.join(top, path)):
        return f" It is a file; did you mean its folder, {os.path.dirname(path) or '.'}?"
    if path != folder and os.path.isdir(os.path.join(top, path)):
        return f" Did you mean {path}?"
    above = os.path.join(top, os.path.dirname(path))
    if not os.path.isdir(above) or not is_inside(os.path.realpath(above), top):
        return ""
    with os.scandir(above) as entries:
        names = [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    like = closest(os.path.basename(path), {name.lower() for name in names})
    found = next((name for name in sorted(names) if name.lower() == like), None)
    return f" Did you mean {os.path.join(os.path.dirname(path), found)}?" if found else ""
