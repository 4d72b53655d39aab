"""Shell scripts with Windows line ends that the Dockerfile runs."""

import re
from collections.abc import Iterator

from hfspace_action.errors import Place
from hfspace_action.foresight.tree import Finding, Tree, certain, likely
from hfspace_action.readers import dockerfile, scripts

_MENDED = re.compile(r"dos2unix|sed\b.*\\r|tr -d .*\\r|perl\b.*\\r")


def line_ends(tree: Tree) -> Iterator[Finding]:
    """A script that the shell can't read. Run by itself it is not even found: its interpreter's name ends with CR."""
    known = dockerfile.instructions(tree.files)
    if any(one.word == "RUN" and _MENDED.search(one.text) for one in known):
        return
    others = scripts.with_windows_interpreter(tree.files)
    for path in (*scripts.with_windows_line_ends(tree.files), *others):
        name = re.escape(path.rpartition("/")[2])
        runs = [
            one
            for one in known
            if one.word in ("RUN", "CMD", "ENTRYPOINT") and re.search(rf"(?<![\w.-]){name}(?![\w-])", one.text)
        ]
        text = tree.files.text(path) or ""
        if not runs:
            continue
        found = Place(path, text.partition("\r\n")[0].count("\n") + 1)
        directly = re.compile(rf"^(?:CMD|ENTRYPOINT) (?:\[\s*\"[\w./-]*{name}\"|[\w./-]*{name}(?:\s|$))")
        alone = text.startswith("#!") and text.partition("\n")[0].endswith("\r")
        by_itself = alone and any(directly.match(one.text) for one in runs)
        if by_itself or path not in others:
            yield (certain if by_itself else likely)("line-ends", found, file=path)


RULES = (line_ends,)
