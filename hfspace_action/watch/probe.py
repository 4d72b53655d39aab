"""Asks the app itself, at the address that the Hub names, whether it answers."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import LOOPBACK
from hfspace_action.space import Space

LARGEST_PAGE = 4 * 1024 * 1024  # bytes of a page that can be compared
_TIMEOUT = httpx2.Timeout(10)  # seconds for each step of a request
_PATIENCE = 20.0  # seconds for all of a page


@dataclass(frozen=True)
class _Answer:
    status: int
    by_app: bool
    """Whether the app gave it. The Hub's edge marks such answers with x-proxied-host; its own error pages have none."""
    page: str


class Probe:
    """Requests one path of the app. A private Space is asked with the token, which goes to the Hub's own hosts only and
    never along a redirect. For a static Space the page must be the published one: `page` is its text, when known."""

    def __init__(self, hub: Hub, path: str, *, page: str | None, say: Callable[[str], None]) -> None:
        self._hub, self._path, self._page, self._say = hub, path, page, say
        self._visibility: str | None = None
        self._old: str | None = None
        self.url = ""
        """What was requested last."""
        self.answer = ""
        """What came back last, in words; empty until the app was asked."""
        self.space: Space | None = None
        """The Space with its address, once it was asked for."""

    def remember(self, space: Space) -> None:
        """Look at the page before it is published anew. If the new one only leaves something out, the old one has all
        that it has, so that only this tells them apart."""
        answer = self._request(space)
        self._old = answer.page if isinstance(answer, _Answer) and answer.status == 200 else None

    def answers(self, space: Space) -> bool:
        """Request the path once; whether the app answered 2xx or 3xx (and, if static, with the published page)."""
        answer = self._request(space)
        good, words = self._judge(answer) if isinstance(answer, _Answer) else (False, answer)
        if words != self.answer:
            self._say(f"GET {self.url or self._path}: {words}")
        self.answer = words
        return good

    def _judge(self, answer: _Answer) -> tuple[bool, str]:
        if not 200 <= answer.status < 400:
            who = "the app" if answer.by_app else "the Hub, in the app's place,"
            return False, f"{who} answers HTTP {answer.status}"
        if self._page is not None and (answer.page == self._old or not serves(answer.page, self._page)):
            return False, "the page served is not yet the published one"
        return True, f"HTTP {answer.status}"

    def _request(self, space: Space) -> _Answer | str:
        """The answer, or why there is none."""
        try:
            host = self._host(space)
        except Failure as failure:
            return f"the app's address could not be read: {failure.message}"
        if not host:
            return "the Hub names no address for the app"
        try:
            url = httpx2.URL(host.rstrip("/") + self._path)
            with httpx2.stream("GET", url, headers=self._headers(url), timeout=_TIMEOUT) as response:
                self.url = str(url)
                page = _text(response) if self._page is not None else ""
                return _Answer(response.status_code, "x-proxied-host" in response.headers, page)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            self.url = host.rstrip("/") + self._path
            return f"no answer ({type(error).__name__})"

    def _host(self, space: Space) -> str | None:
        """The app's address, asked for once, and again when the Space was made private or public since."""
        if self.space is None or space.visibility != self._visibility:
            self.space = self._hub.observe(space.id, address=True)
            self._visibility = space.visibility
        return self.space.host if self.space else None

    def _headers(self, url: httpx2.URL) -> dict[str, str]:
        private = self.space is not None and self.space.visibility == "private"
        return (
            {"authorization": f"Bearer {self._hub.token}"} if private and is_the_hubs(url, self._hub.endpoint) else {}
        )


def is_the_hubs(url: httpx2.URL, endpoint: str) -> bool:
    """Whether an address is the Hub's own, so that it may see a token: under hf.space, or on the host of the `endpoint`
    (a Hub on this machine)."""
    if url.scheme != "https" and url.host not in LOOPBACK:
        return False
    return url.host.endswith(".hf.space") or url.host == httpx2.URL(endpoint).host


def serves(body: str, page: str) -> bool:
    """Whether a served HTML page is the published one. The Hub may put a script of its own into it, so what is asked is
    that every tag and every text of ours is there, in our order."""
    position = 0
    for token in re.findall(r"<[^>]*>|[^<\s][^<]*", page):
        found = body.find(token.strip(), position)
        if found < 0:
            return False
        position = found + len(token.strip())
    return True


def _text(response: httpx2.Response) -> str:
    """A page of bounded size, read in bounded time. Twice the largest page leaves room for what the Hub adds."""
    body, until = bytearray(), time.monotonic() + _PATIENCE
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > 2 * LARGEST_PAGE or time.monotonic() > until:
            break
    return body.decode("utf-8", "replace")
