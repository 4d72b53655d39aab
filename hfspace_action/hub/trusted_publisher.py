"""Who this step is to the Hub without a stored token: a job that the Space trusts as its publisher.

GitHub gives the job an id token that says which repository, branch and workflow it runs for; the Hub gives it a token for
this one Space and one hour in exchange. https://huggingface.co/docs/hub/trusted-publishers

`huggingface_hub` can do the same, but asks GitHub with `params=`, and httpx2 then drops the query that GitHub's address
comes with; it also takes its endpoint for the audience.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx2
from tenacity import Retrying, retry_if_exception_type, retry_if_result, stop_after_attempt, wait_exponential

from hfspace_action.errors import Failure
from hfspace_action.workflow.id_token import Job

AUDIENCE = "https://huggingface.co"  # of every Hub token: the documentation knows no other
_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - the name of a kind of token
_TIMEOUT = httpx2.Timeout(connect=10, read=30, write=10, pool=10)  # seconds; the Hub itself gives up after 10
_TRIES = 5
_IN_PASSING = frozenset({408, 429, 500, 502, 503, 504})


def exchange(job: Job, endpoint: str, space: str, *, mask: Callable[[str], None], say: Callable[[str], None]) -> str:
    """A token that may write to `space` (owner/name) for an hour. `mask` gets every secret before it is used."""
    mask(job.token)
    id_token = _id_token(job, say)
    mask(id_token)
    body = {
        "grant_type": _GRANT,
        "subject_token_type": _ID_TOKEN,
        "subject_token": id_token,
        "resource": f"spaces/{space}",
    }
    doing = f"accept this job as a publisher of {space}"
    try:
        with httpx2.Client(timeout=_TIMEOUT) as client:
            answer = _ask(doing, lambda: client.post(f"{endpoint}/oauth/token", json=body), say)
    except httpx2.TransportError as error:
        raise Failure("hub-unreachable", endpoint=endpoint, doing=doing, said=_name(error)) from error
    if answer.status_code == 200 and (token := _text(answer, "access_token")):
        mask(token)
        return token
    raise _refusal(job, endpoint, space, doing, answer)


def _id_token(job: Job, say: Callable[[str], None]) -> str:
    """What GitHub certifies of this job."""
    # Appended, because the address has a query of its own.
    url = f"{job.url}{'&' if '?' in job.url else '?'}audience={quote(AUDIENCE, safe='')}"
    headers = {"authorization": f"Bearer {job.token}", "accept": "application/json"}
    try:
        with httpx2.Client(timeout=_TIMEOUT, headers=headers) as client:
            answer = _ask("issue an id token", lambda: client.get(url), say, who="GitHub")
    except httpx2.TransportError as error:
        raise Failure("identity-not-issued", said=_name(error)) from error
    if answer.status_code != 200 or not (token := _text(answer, "value")):
        raise Failure("identity-not-issued", said=f"HTTP {answer.status_code}")
    return token


def _refusal(job: Job, endpoint: str, space: str, doing: str, answer: httpx2.Response) -> Failure:
    """What the Hub's refusal means to the user; it does not say itself which of its checks failed."""
    said = _text(answer, "error_description") or _text(answer, "error") or f"HTTP {answer.status_code}"
    if answer.status_code in _IN_PASSING or _aborted(answer):
        request = answer.headers.get("x-request-id", "unknown")
        tries = f"{_TRIES} tries"
        return Failure("hub-unwell", doing=doing, said=said, status=answer.status_code, request=request, tries=tries)
    if answer.status_code != 400:
        return Failure("not-a-hub", endpoint=endpoint, doing=doing, said=f"HTTP {answer.status_code}")
    wanted = ", ".join(f"{name} = {value}" for name, value in job.claims.items() if value)
    if not job.claims.get("branch"):
        wanted += " and no branch, because this run is for none"
    return Failure(
        "publisher-refused", space=space, said=said, settings=f"{endpoint}/spaces/{space}/settings", claims=wanted
    )


def _ask(
    doing: str, request: Callable[[], httpx2.Response], say: Callable[[str], None], who: str = "The Hub"
) -> httpx2.Response:
    """Send a request that may be sent again, until it is answered for good or `_TRIES` is reached."""
    retrying = Retrying(
        retry=retry_if_exception_type(httpx2.TransportError) | retry_if_result(_in_passing),
        wait=wait_exponential(max=8),
        stop=stop_after_attempt(_TRIES),
        before_sleep=lambda state: say(f"{who} could not {doing}; trying again in {state.upcoming_sleep:.0f} s."),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )
    answer: httpx2.Response = retrying(request)
    return answer


def _in_passing(answer: httpx2.Response) -> bool:
    return answer.status_code in _IN_PASSING or _aborted(answer)


def _aborted(answer: httpx2.Response) -> bool:
    """Whether the Hub gave up on its own question to GitHub, and said so as if it were a refusal: hub-docs#2757."""
    return answer.status_code == 400 and "aborted" in _text(answer, "error_description")


def _text(answer: httpx2.Response, key: str) -> str:
    """A text in a JSON answer; empty if there is none."""
    try:
        body: Any = answer.json()
    except ValueError:
        return ""
    value = body.get(key) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def _name(error: httpx2.TransportError) -> str:
    return " ".join(str(error).split()) or type(error).__name__
