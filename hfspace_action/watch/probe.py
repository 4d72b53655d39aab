"""Asks the app itself, at the address that the Hub names, whether it answers."""

import re
from collections.abc import Callable

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.space import Space

from .visit import Answer, NoAnswer, Question, Visitor

LARGEST_PAGE = 4 * 1024 * 1024
"""Bytes of a page that can be compared. Twice as many are read, which leaves room for what the Hub adds."""


class Probe:
    """Requests one path of the app. For a static Space the page must be the published one: `page` is its text, when known."""

    def __init__(self, hub: Hub, path: str, *, page: str | None, say: Callable[[str], None]) -> None:
        self._hub, self._page, self._say = hub, page, say
        self._visitor = Visitor(hub)
        known = page is not None
        self._question = Question(path, most=2 * LARGEST_PAGE if known else 0, elsewhere=known)
        self._visibility: str | None = None
        self._old: str | None = None
        self.url = ""
        """What was requested last."""
        self.answer = ""
        """What came back last, in words; empty until the app was asked."""
        self.reached = False
        """Whether the app itself has answered, good or bad: then its port and its address are right."""
        self.space: Space | None = None
        """The Space with its address, once it was asked for."""

    def remember(self, space: Space) -> None:
        """Look at the page before it is published anew. If the new one only leaves something out, the old one has all
        that it has, so that only this tells them apart."""
        answer = self._request(space)
        self._old = _text(answer) if isinstance(answer, Answer) and answer.status == 200 else None

    def answers(self, space: Space) -> bool:
        """Request the path once; whether the app answered 2xx or 3xx (and, if static, with the published page)."""
        answer = self._request(space)
        self.reached |= isinstance(answer, Answer) and answer.by_app
        good, words = self._judge(answer) if isinstance(answer, Answer) else (False, answer)
        if words != self.answer:
            self._say(f"GET {self.url or self._question.path}: {words}")
        self.answer = words
        return good

    def _judge(self, answer: Answer) -> tuple[bool, str]:
        if not 200 <= answer.status < 400:
            who = "the app" if answer.by_app else "the Hub, in the app's place,"
            return False, f"{who} answers HTTP {answer.status}"
        if self._page is not None and (_text(answer) == self._old or not serves(_text(answer), self._page)):
            return False, "the page served is not yet the published one"
        return True, f"HTTP {answer.status}"

    def _request(self, space: Space) -> Answer | str:
        """The answer, or why there is none."""
        try:
            described = self._described(space)
        except Failure as failure:
            return f"the app's address could not be read: {failure.message}"
        if described is None or not described.host:
            return "the Hub names no address for the app"
        self.url = described.host.rstrip("/") + self._question.path
        try:
            return self._visitor.visit(described, self._question)
        except NoAnswer as silent:
            return str(silent)

    def _described(self, space: Space) -> Space | None:
        """The Space with its address, asked for once, and again when the Space was made private or public since."""
        if self.space is None or space.visibility != self._visibility:
            self.space = self._hub.observe(space.id, address=True)
            self._visibility = space.visibility
        return self.space


def serves(body: str, page: str) -> bool:
    """Whether a served HTML page is the published one. The Hub may put a script of its own into it, so what is asked is
    that every tag and every text of ours is there, in our order."""
    position = 0
    for token in re.findall(r"<[^<>]*>|[^<\s][^<]*", page):
        found = body.find(token.strip(), position)
        if found < 0:
            return False
        position = found + len(token.strip())
    return True


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")
