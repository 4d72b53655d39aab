"""Whether an app has answered well for long enough to be called live."""

from dataclasses import dataclass, field

PAUSE = 1.0
"""Seconds between two answers that count."""
LONGEST_PAUSE = 5.0
"""Seconds between two looks at a Space during a soak."""
SETTLED = 20.0
"""Seconds for which an answer that waiting can't change must be the same: the old app may still be the one that answers."""


@dataclass
class Health:
    """Counts good answers in a row, on the caller's clock (seconds).

    `healthy` of them are wanted, a second apart. What was just started may still fall, so it must stand for as long again,
    and be seen to: its stage is read once more, and it is asked once more. `soak` makes that longer.
    """

    healthy: int = 3
    soak: float = 0.0

    _good: int = field(default=0, init=False)  # answers in a row
    _since: float = field(default=0.0, init=False)  # when the first of them came
    _final_since: float | None = field(
        default=None, init=False
    )  # since when the same answer comes that is there to stay

    def take(self, good: bool, now: float, *, final: bool = False, count: int = 1) -> None:
        """Take in an answer that came at `now`; `final`: waiting won't change it. `count`: how many it counts as."""
        if good or not final:
            self._final_since = None
        elif self._final_since is None:
            self._final_since = now
        if not good:
            self.reset()
            return
        self._since = self._since if self._good else now
        self._good += count

    def reset(self) -> None:
        """Begin anew: the app does not run now, or answered badly."""
        self._good = 0

    @property
    def answered(self) -> bool:
        """Whether enough good answers came, whatever else is waited for."""
        return self._good >= self.healthy

    @property
    def standing(self) -> bool:
        """Whether the last answer was a good one."""
        return self._good > 0

    def left(self, now: float, *, started_anew: bool) -> float:
        """Return the seconds for which the app still has to stand, 0 once that is enough; `started_anew`: it may fall."""
        span = max(self.soak, 2 * PAUSE * (self.healthy - 1) if started_anew else 0.0)
        return max(0.0, span - (now - self._since)) if self._good else span

    def settled(self, now: float) -> bool:
        """Whether an answer that waiting can't change has been there for long enough to believe that."""
        return self._final_since is not None and now - self._final_since >= SETTLED
