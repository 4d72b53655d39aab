"""What `huggingface_hub` raises, sorted by what it means for us: try again, outcome unknown, or a `Failure` to show."""

import json
import re
from typing import Any

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from .errors import Failure

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})


class OutcomeUnknown(Exception):
    """The answer to a change was lost: the Hub may have applied it. `failure` is what to show if it has not, `wait` the
    seconds to let pass before it is tried again."""

    def __init__(self, failure: Failure, wait: float) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.wait = wait


class HeadMoved(Exception):
    """The Hub refused a commit because the branch moved since its parent was read (HTTP 412)."""


def status(error: Exception) -> int | None:
    """The HTTP status that the Hub answered with, or None where there was no answer."""
    return error.response.status_code if isinstance(error, HfHubHTTPError) else None


def is_transient(error: BaseException) -> bool:
    """Whether asking the same thing again may well succeed."""
    if isinstance(error, HfHubHTTPError):
        return error.response.status_code in _TRANSIENT
    return isinstance(error, httpx2.TransportError)


def never_applied(error: BaseException) -> bool:
    """Whether a change certainly did not happen although asking again may succeed: turned away or never connected."""
    if isinstance(error, HfHubHTTPError):
        return error.response.status_code == 429
    return isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)


def requested_wait(error: BaseException | None) -> float | None:
    """Seconds that the Hub asks to wait before the next try, from `RateLimit` (r=0) or `Retry-After`, or None.

    Source: the Hub's rate limit page; `RateLimit: "api";r=0;t=55` is left requests and seconds to the window's end.
    """
    if not isinstance(error, HfHubHTTPError):
        return None
    headers = error.response.headers
    match = re.search(r"r=0;\s*t=(\d+)", headers.get("ratelimit", ""))
    text = match[1] if match else headers.get("retry-after", "")
    return float(text) + 1 if text.isdigit() else None


def failure(error: Exception, doing: str, space: str, endpoint: str, tries: int = 1) -> Exception:
    """The `Failure` that explains the client's error to a user, or the error itself where it is not the Hub's."""
    said = _said(error)
    if isinstance(error, HfHubHTTPError):
        code = error.response.status_code
        facts: dict[str, Any] = {
            "said": said,
            "doing": doing,
            "space": space,
            "status": code,
            "request": error.request_id or "unknown",
        }
        if code >= 500 or code == 408:
            return Failure("hub-unwell", tries=f"{tries} tries" if tries > 1 else "1 try", **facts)
        return Failure(_refusal(code, said), **facts)
    if isinstance(error, httpx2.TransportError):
        return Failure("hub-unreachable", endpoint=endpoint, doing=doing, said=said)
    if isinstance(error, json.JSONDecodeError):
        return Failure("not-a-hub", endpoint=endpoint, doing=doing, said="the answer is not JSON")
    if isinstance(error, ConnectionError):  # what hf_xet's failures arrive as, with nothing but a text
        return Failure("upload-failed", said=said)
    return error


def _refusal(code: int, said: str) -> str:
    """The id of the failure for a refusal; several reasons share 403 and only the Hub's words tell them apart."""
    words = said.lower()
    if code == 403:
        if "payment" in words:
            return "payment-needed"
        if "storage" in words:
            return "storage-limit"
        return "forbidden"
    return {401: "token-refused", 402: "plan-needed", 429: "rate-limited"}.get(code, "hub-refused")


def _said(error: Exception) -> str:
    """What the Hub said in its own words, on one line, without an HTML page and of bounded length."""
    text = str(error)
    if isinstance(error, HfHubHTTPError):
        text = error.server_message or f"HTTP {error.response.status_code}"
    text = " ".join(text.split()) or type(error).__name__
    if text.startswith("<"):
        text = "it answered with an HTML page"
    return text[:600].rstrip(".")
