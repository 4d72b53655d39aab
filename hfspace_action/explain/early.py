"""What the log shows before it is over: an app that listens where the Hub does not ask."""

from collections.abc import Mapping, Sequence

from hfspace_action.errors import Failure
from hfspace_action.readers.files import Files

from .case import Case, Ended
from .rules import server


def early(lines: Sequence[str], files: Files, *, sdk: str, data: Mapping[str, object]) -> Failure | None:
    """Return what is wrong with an app that is starting, as far as new lines of its run log show; else None.

    It is no verdict: an app may open another port later. Its place is a path in the Space.
    """
    if sdk == "static":
        return None
    case = Case.of(Ended("APP_STARTING", None), lines, files, sdk, data)
    return next((cause.failure for rule in server.RULES if (cause := rule(case))), None)
