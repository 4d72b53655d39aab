"""Shell scripts that a shell can't read, because of their Windows line ends."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain.case import Case, Cause, Rule
from hfspace_action.readers import scripts

_COMPLAINT = re.compile(
    r"no such file|not found|invalid option|illegal option|bad interpreter|syntax error|unexpected end of file|cannot execute|\\r|: set: ",
    re.IGNORECASE,
)


def line_ends(case: Case) -> Cause | None:
    """A complaint about a script that has CRLF line ends: the shell takes the CR for a part of its commands."""
    for path in (*scripts.with_windows_line_ends(case.files), *scripts.with_windows_interpreter(case.files)):
        name = re.compile(rf"(?<![\w.-]){re.escape(path.rpartition('/')[2])}(?![\w-])")
        for found in case.every(name):
            if _COMPLAINT.search(case.lines[found.at]):
                first = (case.files.text(path) or "").partition("\r\n")[0].count("\n") + 1
                return case.cause("line-ends", Place(path, first), found.at, found.at + 2, file=path)
    return None


RULES: tuple[Rule, ...] = (line_ends,)
