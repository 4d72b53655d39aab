"""Whether the page that a static Space serves is the published one."""

import re

LARGEST = 4 * 1024 * 1024
"""Bytes of a page that can be compared. Twice as many are read, which leaves room for what the Hub adds."""
STALE = "the page served is not yet the published one"


class Page:
    """A published page, by its text. `before` is what was served in its place until then: where the new page only leaves
    something out, the old one has all that it has, so that only this tells them apart."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.before: str | None = None

    def is_served(self, body: str) -> bool:
        """Return whether an answer is this page."""
        return body != self.before and serves(body, self._text)


def serves(body: str, page: str) -> bool:
    """Return whether a served HTML page is the published one. The Hub may put a script of its own into it, so what is asked
    is that every tag and every text of ours is there, in our order."""
    position = 0
    for token in re.findall(r"<[^<>]*>|[^<\s][^<]*", page):
        found = body.find(token.strip(), position)
        if found < 0:
            return False
        position = found + len(token.strip())
    return True
