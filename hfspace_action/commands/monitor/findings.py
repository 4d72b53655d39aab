"""What a look at a Space found, as values."""

from typing import Literal, NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.report.facts import SIGNS
from hfspace_action.space import Space

Cure = Literal["restart", "rebuild", "redeploy"]


class Finding(NamedTuple):
    """One thing that was looked at. `ok` is None where it can't be told or does not matter, False where `failure` says what is
    wrong. `short` names that in few words of ours, and `cure` is what may mend it."""

    name: str
    ok: bool | None
    detail: str
    failure: Failure | None = None
    short: str = ""
    cure: Cure | None = None

    def __str__(self) -> str:
        """Return the finding as a line of the log."""
        return f"{SIGNS[self.ok]} {self.name}: {self.detail}"


class Seen(NamedTuple):
    """A Space as it was found; `space` is None where there is none to see. `price` is what it costs in dollars an hour.
    `deployed` begins the id of the commit on GitHub that it was deployed from, if its last deploy says so. `under_way`: the Hub
    works on it, so that it is too early to judge."""

    name: str
    space: Space | None
    findings: tuple[Finding, ...]
    price: float | None = None
    deployed: str = ""
    under_way: bool = False

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What is not as it should be."""
        return tuple(each for each in self.findings if each.failure)

    @property
    def in_short(self) -> str:
        """What is wrong, in few words of ours."""
        return ", ".join(each.short for each in self.wrong)

    @property
    def edited(self) -> bool:
        """Whether somebody has edited it by hand, be it wanted or not."""
        return any(each.name == EDITS and each.ok is not True for each in self.findings)


EDITS = "edits by hand"
