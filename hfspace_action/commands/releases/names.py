"""The names of our tags: a release's has the time and the commit on GitHub, such as `release-20261126-1432-abc1234`."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

_RELEASE = re.compile(r"release-(\d{8}-\d{4})(?:-([0-9a-f]{7}))?(?:\.(\d{1,3}))?")
_MOST = 100
"""Releases of one commit within a minute that get names."""


def release(at: datetime, source: str, taken: Collection[str]) -> str:
    """Return a name that is free, for what was deployed from the commit `source`, if that is known."""
    name = f"release-{at:%Y%m%d-%H%M}" + (f"-{source[:7]}" if source else "")
    others = (f"{name}.{number}" for number in range(2, _MOST))
    return next((each for each in (name, *others) if each not in taken), name)


def is_release(name: str) -> bool:
    """Whether a tag is one of our releases."""
    return _RELEASE.fullmatch(name) is not None


def releases(names: Iterable[str]) -> list[str]:
    """Return those of the tags that are our releases, the oldest first."""
    found = (_RELEASE.fullmatch(name) for name in names)
    known = [(each[1], int(each[3] or 1), each[0]) for each in found if each]
    return [name for _, _, name in sorted(known)]
