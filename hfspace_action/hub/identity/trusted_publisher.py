"""Who this step is to the Hub without a stored token: a job that the Space trusts as its publisher.

The job's CI system gives it an id token that says which repository, branch and workflow it runs for; the Hub gives it a token
for this one Space and one hour in exchange. https://huggingface.co/docs/hub/trusted-publishers

`huggingface_hub` can do the same, but asks GitHub with `params=`, and httpx2 then drops the query that GitHub's address
comes with; it also takes its endpoint for the audience.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from hfspace_action.errors import Failure
from hfspace_action.hub.connection.client import Client
from hfspace_action.hub.connection.rate_limit import Answers
from hfspace_action.hub.errors import Asker, failure, is_transient, said, status
from hfspace_action.hub.retry import GaveUp, Retries
from hfspace_action.workflow.id_token import AUDIENCE, Job, audiences

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - the name of a kind of token
_REFUSALS = frozenset({400, 401, 403, 404})
"""Of the job as a publisher. Recorded is 400 alone (hub-docs issue 2757), and RFC 6749 and 8693 know the others; 422 is for
a request that is none."""
_TIMEOUT = httpx2.Timeout(connect=10, read=30, write=10, pool=10)  # seconds; the Hub itself gives up after 10


def exchange(job: Job, endpoint: str, space: str, retries: Retries, *, mask: Callable[[str], None]) -> str:
    """Return a token that may write to `space` (owner/name) for an hour. `mask` gets every secret before it is used."""
    if job.token:
        mask(job.token)
    id_token = _ready(job, endpoint) if job.ready else _id_token(job, endpoint, retries)
    mask(id_token)
    body = {
        "grant_type": _GRANT,
        "subject_token_type": _ID_TOKEN,
        "subject_token": id_token,
        "resource": f"spaces/{space}",
    }
    doing = f"accept this job as a publisher of {space}"
    with _client(endpoint, retries) as client:
        try:
            answer = retries.make(
                f"The Hub could not {doing}",
                lambda: _checked(client.post(f"{endpoint}/oauth/token", json=body, timeout=_TIMEOUT)),
                _in_passing,
            )
        except GaveUp as last:
            raise _refusal(job, endpoint, space, doing, last) from last.__cause__
    if token := _text(answer, "access_token"):
        mask(token)
        return token
    raise Failure("not-a-hub", endpoint=endpoint, doing=doing, said="the answer has no token")


def _client(endpoint: str, retries: Retries) -> Client:
    """Return a client of nobody's cookies and no token, by which no answer is endless."""
    return Client(endpoint, Answers(endpoint), {}, retries.deadline)


def _ready(job: Job, endpoint: str) -> str:
    """Return the id token that the job came with, if it is for the Hub: one for others must not get there."""
    said = audiences(job.ready)
    if AUDIENCE in said or endpoint in said:
        return job.ready
    raise Failure("identity-audience", audience=", ".join(said) or "nobody that can be read", wanted=AUDIENCE)


def _id_token(job: Job, endpoint: str, retries: Retries) -> str:
    """Return what the runner's service certifies of this job."""
    # Appended, because GitHub's address has a query of its own.
    url = f"{job.url}{'&' if '?' in job.url else '?'}audience={quote(AUDIENCE, safe='')}"
    headers = {"authorization": f"Bearer {job.token}", "accept": "application/json"}
    with _client(endpoint, retries) as client:
        try:
            answer = retries.make(
                "GitHub could not issue an id token",
                lambda: _checked(client.get(url, headers=headers, timeout=_TIMEOUT)),
                _in_passing,
            )
        except GaveUp as last:
            error = last.__cause__
            reason = f"HTTP {status(error)}" if isinstance(error, HfHubHTTPError) else said(error or last)
            raise Failure("identity-not-issued", said=reason) from error
    if token := _text(answer, "value"):
        return token
    raise Failure("identity-not-issued", said=f"HTTP {answer.status_code} without a token")


def _refusal(job: Job, endpoint: str, space: str, doing: str, last: GaveUp) -> Exception:
    """Return what the Hub's refusal means to the user; it does not say itself which of its checks failed."""
    error = last.__cause__
    assert isinstance(error, Exception)  # noqa: S101 - for the type checker
    if not isinstance(error, HfHubHTTPError):
        return failure(error, doing, space, Asker(endpoint), last.tries)
    answer, code = error.response, error.response.status_code
    reason = _text(answer, "error_description") or _text(answer, "error") or f"HTTP {answer.status_code}"
    if code == 429:
        return failure(error, doing, space, Asker(endpoint), last.tries)
    if _in_passing(error) or code >= 500:
        request = answer.headers.get("x-request-id", "unknown")
        tries = f"{last.tries} tries"
        return Failure("hub-unwell", doing=doing, said=reason, status=code, request=request, tries=tries)
    if not 400 <= code < 500 or not _text(answer, "error"):  # as OAuth has it: RFC 6749, 5.2
        return Failure("not-a-hub", endpoint=endpoint, doing=doing, said=f"HTTP {code}")
    if code not in _REFUSALS:
        request = answer.headers.get("x-request-id", "unknown")
        return Failure("hub-refused", doing=doing, said=reason, status=code, request=request)
    wanted = ", ".join(f"{name} = {value}" for name, value in job.claims.items() if value)
    if job.claims.get("branch") == "":
        wanted += " and no branch, because this run is for none"
    return Failure(
        "publisher-refused",
        space=space,
        said=reason,
        settings=f"{endpoint}/spaces/{space}/settings",
        provider=job.provider,
        claims=wanted,
    )


def _checked(answer: httpx2.Response) -> httpx2.Response:
    """Return an answer of success. Raises `HfHubHTTPError` for any other."""
    if answer.status_code == 200:
        return answer
    raise HfHubHTTPError(f"HTTP {answer.status_code}", response=answer)


def _in_passing(error: Exception) -> bool:
    """Whether the same request may well succeed later. A Hub that gave up on its own question to GitHub says so as if it
    were a refusal: hub-docs#2757."""
    aborted = (
        status(error) == 400
        and isinstance(error, HfHubHTTPError)
        and "aborted" in _text(error.response, "error_description")
    )
    return aborted or is_transient(error)


def _text(answer: httpx2.Response, key: str) -> str:
    """Return a text in a JSON answer; empty if there is none."""
    try:
        body: Any = answer.json()
    except ValueError:
        return ""
    value = body.get(key) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""
