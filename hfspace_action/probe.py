"""Asks the app itself, at the address that the Hub names, whether it answers."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx2

from .hub import Hub, Space

_TIMEOUT = httpx2.Timeout(10)  # seconds
_LARGEST_PAGE = 4 * 1024 * 1024  # bytes of a page that are read to compare it


class Probe:
    """Requests one path of the app. A private Space is asked with the token, which goes to the Hub's own hosts only and
    never along a redirect. For a static Space the page must be the published one: `page` is its text, when known."""

    def __init__(self, hub: Hub, token: str, path: str, *, page: str | None, say: Callable[[str], None]) -> None:
        self._hub, self._token, self._path, self._page, self._say = hub, token, path, page, say
        self._host: str | None = None
        self._private = False
        self.url = ""
        """What was requested last."""
        self.answer = ""
        """What came back last, in words."""
        self.space: Space | None = None
        """The Space with its address, once it was asked for."""

    @property
    def asked(self) -> bool:
        """Whether the app was requested at all."""
        return bool(self.url)

    def answers(self, space: Space) -> bool:
        """Request the path once; whether the app answered 2xx or 3xx (and, if static, with the published page)."""
        if self.space is None:
            self.space = self._hub.describe(space.id)
        if not self.space.host:
            self._note("the Hub names no address for the app")
            return False
        self.url = self.space.host.rstrip("/") + self._path
        try:
            with httpx2.stream("GET", self.url, headers=self._headers(), timeout=_TIMEOUT) as response:
                body = self._read(response) if self._page is not None else ""
        except httpx2.TransportError as error:
            self._note(f"no answer ({type(error).__name__})")
            return False
        if not 200 <= response.status_code < 400:
            by_app = "the app answers" if "x-proxied-host" in response.headers else "the answer is"
            self._note(f"{by_app} HTTP {response.status_code}")
            return False
        if self._page is not None and not serves(body, self._page):
            self._note("the page served is not yet the published one")
            return False
        self._note(f"HTTP {response.status_code}")
        return True

    def _headers(self) -> dict[str, str]:
        assert self.space is not None  # noqa: S101 - for the type checker
        if self.space.visibility == "private" and self._trusted(self.space.host or ""):
            return {"authorization": f"Bearer {self._token}"}
        return {}

    def _trusted(self, host: str) -> bool:
        """Whether an address is the Hub's own: under hf.space, or on the Hub's own host (a Hub on this machine)."""
        name = urlsplit(host).hostname or ""
        secure = urlsplit(host).scheme == "https" or name == "127.0.0.1"
        return secure and (name.endswith(".hf.space") or name == urlsplit(self._hub.endpoint).hostname)

    def _note(self, answer: str) -> None:
        if answer != self.answer:
            self._say(f"GET {self.url or self._path}: {answer}")
        self.answer = answer

    @staticmethod
    def _read(response: httpx2.Response) -> str:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _LARGEST_PAGE:
                break
        return body.decode("utf-8", "replace")


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
