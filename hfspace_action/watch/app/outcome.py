"""What asking an app came to."""

from typing import NamedTuple

from hfspace_action.result import Result


class Outcome(NamedTuple):
    """`words` say what came; `reached`: it came from the app itself. `final` is how the step ends if this answer stays, where
    waiting won't change it; None where it may."""

    good: bool
    words: str
    reached: bool = False
    final: Result | None = None
