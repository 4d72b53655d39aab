"""How often an account may do something: API requests in five minutes, commits in an hour, new Spaces in a day.

The numbers of requests are those of https://huggingface.co/docs/hub/rate-limits; the others are not documented and were
read in refusals. The Hub's `resolvers` and `pages` are not counted here. Counters last as long as the process.
"""

import math
import time
from dataclasses import dataclass, replace
from typing import Literal

from localhub.refusal import Refusal

from .accounts import Accounts, Identity, Plan

ANONYMOUS = "anonymous"
Counted = Literal["api", "commits", "creations"]
WINDOWS: dict[Counted, int] = {"api": 5 * 60, "commits": 60 * 60, "creations": 24 * 60 * 60}
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one account: how often in a window, and `storage`, the bytes of large files that one Space may keep."""

    api: float
    commits: float
    creations: float
    storage: float = 10**9


PLANS: dict[Plan, Limits] = {
    "free": Limits(1000, 128, 20),
    "pro": Limits(2500, 256, 20),
    "team": Limits(3000, 320, 20),
    "enterprise": Limits(6000, 320, 20),
}
_STRANGER = Limits(500, 0, 0)
_NONE = Limits(math.inf, math.inf, math.inf)
_ACTIONS = {"commits": "repository commits ({limit:g} per hour)", "creations": "space creation ({limit:g} per day)"}


@dataclass(slots=True)
class Window:
    """What was used since a window began, and when (by the monotonic clock) it ends."""

    ends: float
    used: int = 0


class Meter:
    """Counts. `unlimited`: nothing is, save the accounts that were given limits of their own."""

    def __init__(self, accounts: Accounts, *, unlimited: bool = False) -> None:
        self._accounts = accounts
        self._unlimited = unlimited
        self._own: dict[str, dict[str, float]] = {}
        self._windows: dict[tuple[str, Counted], Window] = {}

    def of(self, account: str) -> Limits:
        """The limits of a user or organisation. A member of an organisation has its limits, if they are higher."""
        return replace(self._by_plan(account), **self._own.get(account.lower(), {}))

    def own(self, account: str, limits: dict[str, float] | None) -> None:
        """Give an account limits of its own, or (None) those of its plan again. TypeError for unknown ones."""
        self._own.pop(account.lower(), None)
        for counted in WINDOWS:
            self._windows.pop((account.lower(), counted), None)
        if limits is not None:
            replace(_NONE, **limits)
            self._own[account.lower()] = limits

    def window(self, account: str, counted: Counted) -> Window:
        """The present window: a fixed one, begun by the first use after the last one ended."""
        now, key = time.monotonic(), (account.lower(), counted)
        if key not in self._windows or self._windows[key].ends <= now:
            self._windows[key] = Window(now + WINDOWS[counted])
        return self._windows[key]

    def count(self, who: Identity, counted: Counted) -> None:
        """Count one more."""
        self.window(who.user.name, counted).used += 1

    def check(self, who: Identity, counted: Literal["commits", "creations"]) -> None:
        """Refuse a commit or a creation that would be one too many."""
        limit, window = getattr(self.of(who.user.name), counted), self.window(who.user.name, counted)
        if window.used >= limit:
            again = _in_words(window.ends - time.monotonic())
            what = _ACTIONS[counted].format(limit=limit)
            raise Refusal(429, f"You have exceeded the rate limit for {what}. You can retry this action in {again}.")

    def _by_plan(self, account: str) -> Limits:
        if self._unlimited:
            return _NONE
        if account == ANONYMOUS:
            return _STRANGER
        found = self._accounts.namespace(account)
        plans: list[Plan] = [found.plan if found else "free"]
        plans += [org.plan for org in self._accounts.orgs if found and found.name in org.members]
        return max((PLANS[plan] for plan in plans), key=lambda limits: limits.api)


def _in_words(seconds: float) -> str:
    """A length of time, rounded as the Hub does it in its refusals."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 45:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours = round(minutes / 60)
    if hours < 24:
        return "about 1 hour" if hours <= 1 else f"about {hours} hours"
    return "1 day"
