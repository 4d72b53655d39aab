"""GitHub's API as far as the action asks it, and GitHub's own description as the judge of what both sides say.

The description knows every request, so nothing that the action sends is taken for granted, and it knows every answer, so the
stand-in can't be easier to live with than GitHub. What either got wrong fails the test at the end of `github`.
"""

from .server import GitHub, Pull, github

__all__ = ["GitHub", "Pull", "github"]
