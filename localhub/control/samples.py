"""One sample of each shape of request and answer, so that the types of somebody else's client can judge them.

Two exchanges have the same shape if the same client asked the same route, and the same fields hold values of the same types
and, where a value is a single word, the same word: a type may allow only some. Tokens, the values of secrets and variables
and what is in files are masked before anything is kept.
"""

import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1_000_000
"""Bytes of a body that are kept while an exchange lasts; of a longer one nothing is known."""
MOST = 300
"""Shapes that are kept of one route; of the others only their number."""
MASKED = "masked"
_HIDDEN = frozenset({"value", "sample", "token", "accessToken", "access_token", "subject_token", "oauthToken"})
_TOKEN = re.compile(r"\b(?:hf|gh[pousr])_[\w.-]+|\beyJ[\w.-]{10,}")
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)")
_FREE = frozenset(
    {"path", "rfilename", "name", "fullname", "user", "key", "title", "message", "description", "comment"}
)
"""Fields whose words are anybody's choice."""


class Sample(NamedTuple):
    """An exchange. A body is None where it is no JSON; a form maps each field to its values, as the query does."""

    method: str
    route: str
    """As localhub writes it: `/api/spaces/{owner}/{name}/runtime`."""
    path: str
    agent: str
    """The program that asked, without its version."""
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    request: Any
    status: int
    answer: Any


@dataclass
class Kept:
    """The samples so far, and how many shapes were one too many."""

    samples: dict[Hashable, Sample] = field(default_factory=dict)
    left_out: int = 0
    _of_route: dict[str, int] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def is_new(self, exchange: Hashable) -> bool:
        """Whether an exchange differs in any byte from those before: most are polls, and it takes long to tell a shape."""
        key = hash(exchange)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def add(self, sample: Sample) -> None:
        """Keep a sample, if it is the first of its shape."""
        shape = (*sample[:2], sample.agent, *(_shape(value) for value in sample[4:]))
        if shape in self.samples:
            return
        of_route = self._of_route[sample.route] = self._of_route.get(sample.route, 0) + 1
        if of_route > MOST:
            self.left_out += 1
            return
        self.samples[shape] = sample._replace(
            query=_masked(sample.query),
            form=_masked(sample.form),
            request=_masked(sample.request),
            answer=_masked(sample.answer),
        )


class Sampling:
    """ASGI middleware within those that rewrite a path and refuse for a limit: a sample of each exchange with the API."""

    def __init__(self, app: ASGIApp, kept: Kept) -> None:
        self.app = app
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith(("/api/", "/oauth/")):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked, answered, status = _Body(headers), _Body(Headers()), 0

        async def noted_receive() -> Message:
            message = await receive()
            asked.add(message)
            return message

        async def noted_send(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], _Body(Headers(raw=message["headers"]))
            answered.add(message)
            await send(message)

        await self.app(scope, noted_receive, noted_send)
        agent = headers.get("user-agent", "").partition("/")[0]
        exchange = scope["method"], scope["raw_path"], scope["query_string"], agent, asked.raw, status, answered.raw
        if status and self._kept.is_new(exchange) and (route := self._route(scope)):
            self._kept.add(
                Sample(
                    method=scope["method"],
                    route=route,
                    path=scope["raw_path"].decode("latin-1"),
                    agent=agent,
                    query=parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True),
                    form=asked.form(),
                    request=asked.json(),
                    status=status,
                    answer=answered.json(),
                )
            )

    def _route(self, scope: Scope) -> str | None:
        """The path of the route that answered, with the kind of repository in it; None where there is no such route."""
        for route in scope["app"].routes if "endpoint" in scope else ():
            if route.endpoint is scope["endpoint"] and route.path_regex.match(scope["path"]):
                kind = scope["path"].split("/", 3)[2]
                return re.sub(r":\w+}", "}", route.path.replace("{kind:kind}", kind))
        return None


class _Body:
    """The body of a request or an answer, of a type that is read here."""

    def __init__(self, headers: Headers) -> None:
        self._type = headers.get("content-type", "").partition(";")[0]
        self._bytes: bytearray | None = bytearray() if self._type in (_JSON, _FORM) else None

    def add(self, message: Message) -> None:
        """Take what a message brings."""
        if self._bytes is not None:
            self._bytes += message.get("body", b"")
            if len(self._bytes) > LARGEST:
                self._bytes = None

    @property
    def raw(self) -> bytes:
        """Its type and bytes."""
        return self._type.encode() + bytes(self._bytes or b"")

    def json(self) -> Any:
        """The value, or None."""
        try:
            return json.loads(self._bytes) if self._type == _JSON and self._bytes else None
        except ValueError:
            return None

    def form(self) -> dict[str, list[str]]:
        """The fields of a form."""
        if self._type != _FORM or not self._bytes:
            return {}
        return parse_qs(self._bytes.decode("utf-8", "replace"), keep_blank_values=True)


_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def _shape(value: Any, name: str = "") -> Hashable:
    match value:
        case Mapping():
            return frozenset((key, _shape(inner, key)) for key, inner in value.items())
        case list():
            return ("list", frozenset(_shape(inner, name) for inner in value))
        case str() if _WORD.fullmatch(value) and name not in _FREE and name not in _HIDDEN:
            return value
        case str():
            return ("text", bool(value), _MOMENT.fullmatch(value) is not None)
    return type(value).__name__, None


def _masked(value: Any, name: str = "") -> Any:
    match value:
        case Mapping():
            return {key: _masked(inner, key) for key, inner in value.items()}
        case list():
            return [_masked(inner, name) for inner in value]
        case str() if name in _HIDDEN:
            return value and MASKED
        case str():
            return _TOKEN.sub(MASKED, value)
    return value
