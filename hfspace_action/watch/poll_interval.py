"""How often to ask: soon when something is about to happen, seldom when nothing is, and never too often."""


class Interval:
    """Seconds between polls: short at first and after each change of stage, then longer, and never more than `LIMIT`
    calls in five minutes, far below the Hub's limit of a free account (1,000)."""

    LIMIT, WINDOW = 60, 300.0
    FIRST, LONGEST, GROWTH, AFTER_CHANGE = 0.5, 20.0, 1.25, 4.0

    def __init__(self) -> None:
        self._seconds = self.FIRST
        self._polls: list[float] = []

    def changed(self) -> None:
        """The stage changed: more may follow soon."""
        self._seconds = min(self._seconds, self.AFTER_CHANGE)

    def next(self, now: float, *, wish: float | None = None) -> float:
        """Return how long to wait after a poll made at `now`: `wish` in place of the usual, if the limit allows it."""
        self._polls = [at for at in self._polls if now - at < self.WINDOW] + [now]
        if wish is None:
            seconds, self._seconds = self._seconds, min(self._seconds * self.GROWTH, self.LONGEST)
        else:
            seconds = wish
        if len(self._polls) >= self.LIMIT:
            seconds = max(seconds, self._polls[0] + self.WINDOW - now)
        return seconds
