"""What `huggingface_hub` raises, sorted by what it means for us: try again, outcome unknown, or a `Failure` to show."""

import json
import re
from typing import Any, NamedTuple

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.inputs import token_shape
from hfspace_action.text import beginning

from .connection import network
from .connection.faults import Elsewhere, Endless, Malformed, transport

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
# The Hub's words, as users quote them: of a limit on commits or creations, and of a file with a token that works.
_RETRY_IN = r"retry this action in ((?:about )?(?:(\d{1,6})|less than an?|an?) (second|minute|hour|day)s?)"
_UNKNOWN = "invalid credentials"
_LEAKED = "valid hugging face secrets"
_OFFENDING = re.compile(r"- (\S.*?) \(ref: ")
# What the Hub advises a program that may not write; a deploy writes to main or not at all.
_FOR_PROGRAMS = re.compile(r":? *pass `create_pr=1` as a query parameter to create a pull request\.?", re.IGNORECASE)
_LONGEST = 600  # characters of the Hub's words
_SECONDS_ASKED = re.compile(r"[0-9]{1,9}")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


class OutcomeUnknown(Exception):
    """The answer to a change was lost: the Hub may have applied it. `failure` is what to show if it has not, `wait` the
    seconds to let pass before it is tried again."""

    def __init__(self, failure: Failure, wait: float) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.wait = wait


class HeadMoved(Exception):
    """The Hub refused a commit because the branch moved since its parent was read (HTTP 412)."""


class Asker(NamedTuple):
    """Who asks which Hub. `kind` is the token's (`token_shape.kind`); `publisher`: it is a trusted publisher's, which is good for
    the files of one Space."""

    endpoint: str
    kind: str = ""
    publisher: bool = False


def status(error: Exception) -> int | None:
    """The HTTP status that the Hub answered with, or None where there was no answer."""
    return error.response.status_code if isinstance(error, HfHubHTTPError) else None


def is_transient(error: BaseException) -> bool:
    """Whether asking the same thing again may well succeed."""
    if isinstance(error, HfHubHTTPError):
        return error.response.status_code in _TRANSIENT
    broken = transport(error)
    if isinstance(error, Malformed):
        return not isinstance(error, Endless)
    return broken is not None and not network.is_final(broken)


def never_applied(error: BaseException) -> bool:
    """Whether a change certainly did not happen although asking again may succeed: turned away or never connected."""
    if isinstance(error, HfHubHTTPError):
        return error.response.status_code == 429
    broken = transport(error)
    lost_before = isinstance(broken, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
    return broken is not None and lost_before and not network.is_final(broken)


def requested_wait(error: BaseException | None) -> float | None:
    """Seconds that the Hub asks to wait before the next try, in `RateLimit` (r=0), `Retry-After` or in words, or None.

    Source: the Hub's rate limit page; `RateLimit: "api";r=0;t=55` is left requests and seconds to the window's end.
    """
    if not isinstance(error, HfHubHTTPError):
        return None
    headers = error.response.headers
    match = re.search(r"r=0;\s*t=(\d+)", headers.get("ratelimit", ""))
    text = match[1] if match else headers.get("retry-after", "")
    if _SECONDS_ASKED.fullmatch(text):
        return float(text) + 1
    words = re.search(_RETRY_IN, said(error))
    return float(int(words[2] or 1) * _SECONDS[words[3]]) if words else None


def _when(error: HfHubHTTPError) -> str:
    """When the Hub lets one try again, in its own words where it has some."""
    if words := re.search(_RETRY_IN, said(error)):
        return f"in {words[1]}"
    seconds = requested_wait(error)
    if seconds is None:
        return "later"
    return f"in {durations.words(seconds)}"


def failure(error: Exception, doing: str, space: str, asker: Asker, tries: int = 1) -> Exception:
    """The `Failure` that explains the client's error to a user, or the error itself where it is not the Hub's."""
    shown = said(error)
    if isinstance(error, HfHubHTTPError):
        code = error.response.status_code
        facts: dict[str, Any] = {
            "said": shown,
            "doing": doing,
            "space": space,
            "owner": space.partition("/")[0],
            "kind": asker.kind,
            "why": token_shape.why_refused(asker.kind),
            "settings": f"{asker.endpoint}/spaces/{space}/settings",
            "status": code,
            "request": error.request_id or "unknown",
        }
        if code == 407 and (barred := network.explained(error, doing, asker.endpoint)):
            return barred
        if code >= 500 or code == 408:
            return Failure("hub-unwell", tries=f"{tries} tries" if tries > 1 else "1 try", **facts)
        if code == 400 and _LEAKED in shown.lower():  # the words go on with the beginning of the token
            paths = dict.fromkeys(_OFFENDING.findall(error.server_message or ""))
            return Failure("token-leaked", paths=", ".join(paths) or "one of the files")
        if asker.publisher and code in (401, 403) and _UNKNOWN not in shown.lower():
            return Failure("publisher-may-not", **facts)
        return Failure(_refusal(code, shown), when=_when(error), **facts)
    if isinstance(error, Endless):
        return Failure("answer-endless", endpoint=asker.endpoint, doing=doing, said=shown)
    if isinstance(error, Malformed):
        if error.problem.startswith("is"):  # no object of JSON at all
            return Failure("not-a-hub", endpoint=asker.endpoint, doing=doing, said=shown)
        tried = f"{tries} tries" if tries > 1 else "1 try"
        return Failure("hub-unwell", doing=doing, said=shown, status=error.status, request=error.request, tries=tried)
    if isinstance(error, Elsewhere):
        return Failure("hub-elsewhere", endpoint=asker.endpoint, doing=doing, said=shown)
    if (broken := transport(error)) is not None:
        error, shown = broken, said(broken)
        if barred := network.explained(error, doing, asker.endpoint):
            return barred
        return Failure("hub-unreachable", endpoint=asker.endpoint, doing=doing, said=shown)
    if isinstance(error, json.JSONDecodeError):
        return Failure("not-a-hub", endpoint=asker.endpoint, doing=doing, said="the answer is not JSON")
    if isinstance(error, ConnectionError):  # what hf_xet's failures arrive as, with nothing but a text
        return Failure("upload-failed", said=shown)
    return error


def _refusal(code: int, shown: str) -> str:
    """The id of the failure for a refusal; several reasons share 403 and only the Hub's words tell them apart."""
    words = shown.lower()
    if code == 402:
        return "protected-plan" if "protected" in words else "plan-needed"
    if code == 403:
        telling = {"payment": "payment-needed", "storage": "storage-limit", "quota": "quota-exceeded"}
        return next((name for word, name in telling.items() if word in words), "forbidden")
    return {401: "token-refused", 429: "rate-limited"}.get(code, "hub-refused")


def refuses_creation(failure: Failure) -> bool:
    """Whether the Hub refused to create a Space, and nothing else."""
    cause = failure.__cause__
    return isinstance(cause, HfHubHTTPError) and cause.response.request.url.path.endswith("/api/repos/create")


def said(error: BaseException) -> str:
    """What the Hub said in its own words, on one line, without an HTML page and of bounded length."""
    text = str(error)
    if isinstance(error, HfHubHTTPError):
        # whoami's error comes without the Hub's words, which then stand in the header alone.
        told = error.server_message or error.response.headers.get("x-error-message")
        text = told or f"HTTP {error.response.status_code}"
    text = _FOR_PROGRAMS.sub("", " ".join(text.split())) or type(error).__name__
    if text.startswith("<"):
        text = "it answered with an HTML page"
    return beginning(text, _LONGEST).rstrip(".")
