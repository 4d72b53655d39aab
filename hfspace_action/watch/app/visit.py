"""Visits the app of a Space at the address that the Hub names, and shows it no credential of the deploy.

The Hub's edge stands before every app. A private Space is opened there by a token for this Space alone that holds for
minutes (`?__sign=`), otherwise by `X-HF-Authorization`, which the edge removes. `Authorization` opens it too, but is
passed on to the app, so it is never sent. Sources: huggingface/hf-mcp-server pull 249, gradio pull 11700.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import httpx2

from hfspace_action.hub.api import Hub
from hfspace_action.hub.connection.trust import trusted
from hfspace_action.inputs.meanings import LOOPBACK
from hfspace_action.space import Space

MOST_REDIRECTS = 5
_STEP = 10.0  # seconds for each step of a request
_PATIENCE = 20.0  # seconds for a whole visit
_SLACK = 1.0  # seconds more, in which the visit itself says that it takes too long
_CLOSED = frozenset({401, 403, 404})
"""What the edge answers to those who may not see a Space."""
_APPS = "x-proxied-host"
"""The edge marks with this header what an app answered; its own pages have none."""


class NoAnswer(Exception):
    """Nobody answered a visit, or not to its end; the text says why."""


class Question(NamedTuple):
    """What to ask an app for: a `path` with its query, and for a POST what to send. `most` bytes of the answer are read, for at
    most `within` seconds, in which it may also be silent for so long. `follow`: redirects are followed.

    `elsewhere`: where the edge, not the app, redirects to another server, what is there counts as the answer. So the Hub
    serves large files of static Spaces.
    """

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = MappingProxyType({})
    content: bytes | None = None
    most: int = 0
    within: float | None = None
    follow: bool = True
    elsewhere: bool = False


class Answer(NamedTuple):
    """What came back in the end from `url`, redirects included. `by_app`: not from the Hub's edge, in the app's place.

    `closed`: the edge let none of our credentials in, so nothing is known of the app. `body` is at most `most` bytes. It was
    there after so many `seconds`.
    """

    url: str
    status: int
    by_app: bool
    headers: Mapping[str, str]
    body: bytes
    closed: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class _Key:
    """What opens a private Space: something in the query, or a header."""

    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class Visitor:
    """Visits apps of Spaces, those of private ones with a credential that stays at the Hub's edge."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._useless: set[str] = set()  # kinds of keys that opened nothing where another one did

    def visit(self, space: Space, question: Question) -> Answer:
        """Ask the app of a Space as the Hub describes it, with its `host`. Raises `NoAnswer`."""
        if not space.host:
            raise NoAnswer("the Hub names no address for the app")
        try:
            url = httpx2.URL(space.host.rstrip("/") + question.path)
        except httpx2.InvalidURL as error:
            raise NoAnswer(f"no answer ({type(error).__name__})") from error
        if space.visibility != "private" or not is_the_hubs(url, self._hub.endpoint):
            answer = self._ask(url, question, _Key())
            unknown = space.private is not False and space.visibility in (None, "private")
            return answer._replace(closed=unknown and not answer.by_app and answer.status in _CLOSED)
        return self._let_in(space, url, question)

    def ask_openly(self, url: httpx2.URL, question: Question) -> Answer:
        """Ask any address as somebody does who has no credential. Raises `NoAnswer`."""
        return self._ask(url, question, _Key())

    def _let_in(self, space: Space, url: httpx2.URL, question: Question) -> Answer:
        """Ask with one key after the other, until the edge lets one in."""
        tried: list[str] = []
        answer: Answer | None = None
        for kind, key in self._keys(space):
            answer = self._ask(url, question, key)
            if answer.by_app or not (answer.status in _CLOSED or 300 <= answer.status < 400):
                self._useless.update(tried)
                return answer
            tried.append(kind)
        return (answer or self._ask(url, question, _Key()))._replace(closed=True)

    def _ask(self, url: httpx2.URL, question: Question, key: _Key) -> Answer:
        try:
            return self._hub.deadline.bound(_Visit(url, question, key).answer, (question.within or _PATIENCE) + _SLACK)
        except TimeoutError as late:
            raise NoAnswer("no answer in time") from late

    def _keys(self, space: Space) -> Iterator[tuple[str, _Key]]:
        """The keys for a private Space, the one that gives away least first."""
        if "sign" not in self._useless and (token := self._hub.space_token(space.id)):
            yield "sign", _Key(query={"__sign": token})
        if "header" not in self._useless:
            yield "header", _Key(headers={"x-hf-authorization": f"Bearer {self._hub.token}"})


@dataclass
class _Visit:
    """One visit with one key. The key goes to the origin of the first address only, whatever redirects say."""

    first: httpx2.URL
    question: Question
    key: _Key
    began: float = field(init=False)
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = time.monotonic()
        self.until = self.began + (self.question.within or _PATIENCE)

    def answer(self) -> Answer:
        """Follow redirects to an answer. Raises `NoAnswer`."""
        url, step = self.first, self.question.within or _STEP
        try:
            with httpx2.Client(
                verify=trusted(), timeout=httpx2.Timeout(step, connect=min(step, _STEP))
            ) as client:  # one that has cookies of nobody else
                for _ in range(MOST_REDIRECTS + 1):
                    answer, onwards = self.ask(client, url)
                    if onwards is None:
                        return answer
                    url = onwards
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NoAnswer(f"no answer ({type(error).__name__})") from error
        raise NoAnswer(f"it redirects more than {MOST_REDIRECTS} times")

    def ask(self, client: httpx2.Client, url: httpx2.URL) -> tuple[Answer, httpx2.URL | None]:
        """Send one request: what is answered, and where a redirect that is to be followed leads."""
        headers: dict[str, str] = {}
        if origin(url) == origin(self.first):
            headers = {**self.question.headers, **self.key.headers}
            url = url.copy_merge_params(self.key.query) if self.key.query else url
        else:
            client.cookies.clear()
        with client.stream(self.question.method, url, headers=headers, content=self.question.content) as response:
            by_app = _APPS in response.headers
            onwards = self.onwards(response, url, by_app=by_app)
            body = b"" if onwards else self.read(response)
            seconds = time.monotonic() - self.began
            answer = Answer(str(self.first), response.status_code, by_app, response.headers, body, seconds=seconds)
            return answer, onwards

    def onwards(self, response: httpx2.Response, url: httpx2.URL, *, by_app: bool) -> httpx2.URL | None:
        """Return where a redirect leads, if it is to be followed. An app that sends its visitors elsewhere has answered."""
        if not self.question.follow or self.question.method != "GET" or not response.has_redirect_location:
            return None
        there = url.join(response.headers["location"])
        for name in self.key.query:  # which a redirect may repeat
            there = there.copy_remove_param(name) if name in there.params else there
        if origin(there) == origin(self.first):
            return there
        safe = there.scheme == "https" or (there.host in LOOPBACK and self.first.host in LOOPBACK)
        return there if self.question.elsewhere and safe and not by_app else None

    def read(self, response: httpx2.Response) -> bytes:
        """Return the body, at most as much of it as is wanted, and as comes in time."""
        body = bytearray()
        if self.question.most:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self.question.most or time.monotonic() > self.until:
                    break
        return bytes(body[: self.question.most])


def origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    """Return what two addresses share if they are the same server's."""
    return url.scheme, url.host, url.port


def is_the_hubs(url: httpx2.URL, endpoint: str) -> bool:
    """Whether an address is the Hub's own, so that it may see a credential: under hf.space, or on the host of the
    `endpoint` (a Hub on this machine)."""
    if url.scheme != "https" and url.host not in LOOPBACK:
        return False
    return url.host.endswith(".hf.space") or url.host == httpx2.URL(endpoint).host
