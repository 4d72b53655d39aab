"""The HTTP client under the official one: the boundary that every request to the Hub and every answer goes through.

Nothing of an answer is believed that does not have the Hub's shape; no answer is endless, in bytes, in pages or in time; what is
sent goes to the Hub and nowhere else; and what fails in passing is told at once, so that it is asked again by our rules.
"""

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import httpx2
from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

from hfspace_action.deadline import Deadline
from hfspace_action.file import blob_id

from .answers import shape_of, wrong
from .faults import Broken, Elsewhere, Endless, Malformed
from .rate_limit import Answers
from .trust import trusted

_TIMEOUT = httpx2.Timeout(connect=10, read=90, write=90, pool=90)  # seconds; the Hub itself gives up after 60
MOST_BYTES = 64 * 1024 * 1024
"""Of an answer, decompressed. A page of a listing has some 300 kB, the largest file that is read 10 MB."""
SLOWEST = 120.0
"""Seconds for an answer's body."""
MOST_PAGES = 2000
"""Of a listing: two million entries."""
MOST_REDIRECTS = 10
_IN_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Known(NamedTuple):
    """The git id of a file, and its content where nobody has to ask the Hub for that."""

    blob: str
    content: bytes | None = None


Contents = dict[str, Known]
"""What is known of files, by the paths at which the Hub serves them."""


class Client(httpx2.Client):
    """An HTTP client of the Hub at `endpoint`. Files of which `contents` has the id must have that content, wherever they come
    from. No request lasts much longer than the `deadline`. Raises `Broken`, `Malformed` and `Elsewhere`."""

    def __init__(self, endpoint: str, answers: Answers, contents: Contents, deadline: Deadline | None = None) -> None:
        hooks = {
            "request": list(answers.hooks["request"]),
            "response": [*answers.hooks["response"], self._stay_here],
        }
        super().__init__(
            verify=trusted(), follow_redirects=True, max_redirects=MOST_REDIRECTS, timeout=_TIMEOUT, event_hooks=hooks
        )
        self._deadline = deadline or Deadline()
        self._endpoint = httpx2.URL(endpoint)
        self._pages: dict[str, int] = {}
        self._contents = contents

    def build_request(self, *args: Any, **kwargs: Any) -> httpx2.Request:
        """Build a request with a time limit: the official client passes `timeout=None` in places."""
        if kwargs.get("timeout", self) is None:
            del kwargs["timeout"]
        return super().build_request(*args, **kwargs)

    def send(self, request: httpx2.Request, *, stream: bool = False, **kwargs: Any) -> httpx2.Response:
        """Send a request, and return an answer that was looked at. A stream is the caller's to look at."""
        if stream:
            return super().send(request, stream=True, **kwargs)
        known = self._contents.get(self._path(request.url)) if request.method == "GET" else None
        if known and known.content is not None and blob_id(known.content) == known.blob:
            return httpx2.Response(200, content=known.content, request=request)
        try:
            response, body = self._deadline.bound(partial(self._fetched, request, **kwargs))
        except TimeoutError as late:
            raise Broken(str(late)) from httpx2.ReadTimeout(str(late), request=request)
        except httpx2.TransportError as error:
            raise Broken(str(error)) from error
        except httpx2.TooManyRedirects as error:
            raise Endless(_named(request), f"is more than {MOST_REDIRECTS} redirects") from error
        except httpx2.HTTPError as error:  # an encoding that is none
            raise Malformed(_named(request), f"can't be read ({type(error).__name__})") from error
        return self._looked_at(request, response, body)

    def _fetched(self, request: httpx2.Request, **kwargs: Any) -> tuple[httpx2.Response, bytes]:
        response = super().send(request, stream=True, **kwargs)
        try:
            return response, b"".join(bounded(response, _named(request), SLOWEST, MOST_BYTES))
        finally:
            response.close()

    def _looked_at(self, request: httpx2.Request, response: httpx2.Response, body: bytes) -> httpx2.Response:
        if response.status_code >= 400 and not _is_object(body):
            body = b"" if _is_json(body) else body  # the official client looks for keys in it
        found = _copy(response, body)
        expected = self._contents.get(self._path(request.url))
        if expected and response.is_success and blob_id(body) != expected.blob:
            raise Malformed(_named(request), "has another content than that file", response.status_code)
        if not self._is_hubs(response.request.url):
            return found
        if response.status_code in _IN_PASSING:
            hf_raise_for_status(found)
        if response.is_success:
            self._check_shape(request, found, body)
            self._check_pages(request, found)
        return found

    def _check_shape(self, request: httpx2.Request, response: httpx2.Response, body: bytes) -> None:
        shape = shape_of(request.method, self._path(request.url))
        if shape is None:
            return
        try:
            value = json.loads(body)
        except (ValueError, RecursionError) as error:
            words = "is an HTML page" if body.lstrip()[:1] == b"<" else "is not JSON"
            raise Malformed(_named(request), words, response.status_code) from error
        if problem := wrong(value, shape):
            raise Malformed(_named(request), problem, response.status_code)

    def _check_pages(self, request: httpx2.Request, response: httpx2.Response) -> None:
        """Count the pages of a listing; each names the next."""
        following = response.links.get("next", {}).get("url") if "link" in response.headers else None
        number = self._pages.pop(str(request.url), 0) + 1
        if following is None:
            return
        there = str(request.url.join(following))
        if there == str(request.url) or number >= MOST_PAGES:
            raise Endless(_named(request), "names a next page for ever", response.status_code)
        self._pages[there] = number

    def _stay_here(self, response: httpx2.Response) -> None:
        """Refuse a redirect to another server: of what is sent, and of what the Hub alone can say."""
        if not response.has_redirect_location:
            return
        request = response.request
        if not self._is_hubs(request.url):
            if request.method not in _READS:
                raise Elsewhere(_named(request), str(response.headers["location"])[:100])
            return
        there = request.url.join(response.headers["location"])
        about_the_hub = request.method not in _READS or self._path(request.url).startswith(("/api/", "/oauth/"))
        if about_the_hub and not self._is_hubs(there):
            raise Elsewhere(_named(request), there.host)

    def _is_hubs(self, url: httpx2.URL) -> bool:
        return (url.scheme, url.host, url.port) == (self._endpoint.scheme, self._endpoint.host, self._endpoint.port)

    def _path(self, url: httpx2.URL) -> str:
        return url.path.removeprefix(self._endpoint.path.rstrip("/"))


def bounded(response: httpx2.Response, request: str, within: float, most: int) -> Iterator[bytes]:
    """Yield a body that ends, in bytes and `within` so many seconds."""
    size, until = 0, time.monotonic() + within
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > most:
            raise Endless(request, f"has more than {most:,} bytes", response.status_code)
        if time.monotonic() > until:
            raise httpx2.ReadTimeout(f"the answer did not end within {within:.0f} s", request=response.request)
        yield chunk


def _copy(response: httpx2.Response, body: bytes) -> httpx2.Response:
    """Return a response with its body read, and no longer encoded."""
    headers = [(name, value) for name, value in response.headers.raw if not _dropped(name.lower(), value)]
    copied = httpx2.Response(
        response.status_code, headers=headers, content=body, request=response.request, history=response.history
    )
    if response.encoding:
        copied.encoding = response.encoding
    return copied


def _dropped(name: bytes, value: bytes) -> bool:
    """Whether a header no longer holds, or would have the official client read a number of thousands of digits."""
    return name in _OF_THE_BODY or (name in _NUMBERS and len(value) > _LONGEST)


_OF_THE_BODY = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
_NUMBERS = frozenset({b"ratelimit", b"ratelimit-policy", b"retry-after"})
_LONGEST = 100


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _is_object(body: bytes) -> bool:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return False
    errors = value.get("errors", []) if isinstance(value, dict) else None
    return isinstance(errors, list) and all(isinstance(each, dict) for each in errors)


def _named(request: httpx2.Request) -> str:
    return f"{request.method} {request.url.path}"
