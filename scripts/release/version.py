"""Versions of releases, in the form 1.2.3."""

import re
from typing import NamedTuple

_FORM = re.compile(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class Version(NamedTuple):
    """A version; compares as versions do."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """The text without a `v`."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def tag(self) -> str:
        """The tag of the release itself, which never moves once it is published."""
        return f"v{self}"


def parse(text: str) -> Version | None:
    """Return the version that a text or tag such as v1.2.3 is; None for any other, such as v1."""
    found = _FORM.fullmatch(text)
    return Version(*map(int, found.groups())) if found else None


def series(version: Version, others: list[Version]) -> list[str]:
    """Return the series (`v1.2`, `v1`, `latest`) of which a version is the newest among others that are released already."""
    named = {f"v{version.major}.{version.minor}": 2, f"v{version.major}": 1, "latest": 0}
    return [
        name
        for name, length in named.items()
        if all(version >= other for other in others if other[:length] == version[:length])
    ]
