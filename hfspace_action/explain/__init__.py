"""Why a Space does not run: from its stage, the Hub's message and the log to a cause, a place in the repository, advice.

Each module holds the rules for one kind of failure. A rule is a function from a `Case` to a `Cause`, or None where it
has nothing to say; `order.py` has them in order. All text is from others: rules only search in it, line by line, each
line of bounded length.
"""

from .case import Cause, Ended
from .early import early
from .order import explain

__all__ = ["Cause", "Ended", "early", "explain"]
