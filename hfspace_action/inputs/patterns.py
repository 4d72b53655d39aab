"""Patterns in .gitignore syntax, as the inputs `include`, `exclude` and `keep` take them."""

import re
from collections.abc import Callable, Sequence

from hfspace_action.errors import Failure


def matcher(name: str, patterns: Sequence[str]) -> Callable[[str], bool] | None:
    """Whether a POSIX path (a folder's ends with "/") matches the patterns of the input `name`; None without patterns."""
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec  # most runs have no patterns
    from pathspec.patterns.gitignore import GitIgnorePatternError

    try:
        spec = GitIgnoreSpec.from_lines(patterns)
    except (GitIgnorePatternError, re.error) as error:
        advice = "Write one pattern a line, as in a .gitignore file: https://git-scm.com/docs/gitignore"
        raise Failure("input-invalid", input=name, problem=str(error), advice=advice) from error
    return spec.match_file if any(pattern.include is not None for pattern in spec.patterns) else None
