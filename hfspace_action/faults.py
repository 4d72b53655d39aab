"""Faults of ours, told as such."""

from .errors import Failure


def told(error: Exception) -> Failure:
    """What there is to tell of an error that nobody foresaw: on one line, of bounded length, without a traceback."""
    return Failure("internal", kind=type(error).__name__, detail=" ".join(str(error).split())[:300])
