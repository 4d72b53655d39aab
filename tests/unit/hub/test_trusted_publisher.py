"""The exchange of a job's id token for a Hub token, against loopback servers that play GitHub and the Hub."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from hfspace_action.errors import Failure
from hfspace_action.hub.identity import trusted_publisher
from hfspace_action.hub.retry import Retries
from hfspace_action.inputs import schema
from hfspace_action.workflow.ci import github as github_actions
from hfspace_action.workflow.id_token import Job

CLAIMS = {"repository": "octo/site", "branch": "main", "workflow": "deploy.yml"}
ENVIRONMENT = {
    "GITHUB_ACTIONS": "true",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://github.example/token?api-version=2.0",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
    "GITHUB_REPOSITORY": "octo/site",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_WORKFLOW_REF": "octo/site/.github/workflows/deploy.yml@refs/heads/main",
}
ISSUED = (200, {"value": "id-token"})
EXCHANGED = (200, {"access_token": "hf_jwt_secret", "expires_in": 3600})
ABORTED = (400, {"error": "invalid_grant", "error_description": "This operation was aborted"})
QUICK = Retries(lambda _: None, lambda _: None)
REFUSED = (400, {"error": "invalid_grant", "error_description": "No match"})


@dataclass
class Peer:
    """A server that answers with what it was given, in turn, and the last of it for ever."""

    answers: list[tuple[int, Any]]
    url: str = ""
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Path with query, headers in lower case, and body of each request."""


@contextmanager
def serving(*answers: tuple[int, Any]) -> Iterator[Peer]:
    peer = Peer(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            peer.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            status, answer = peer.answers.pop(0) if len(peer.answers) > 1 else peer.answers[0]
            content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - the name is the server's

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        peer.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield peer
        finally:
            server.shutdown()
            thread.join()


def exchange(github: Peer, hub: Peer, masked: list[str] | None = None, retries: Retries = QUICK) -> str:
    return trusted_publisher.exchange(
        Job(f"{github.url}/token?api-version=2.0&x=a%2Fb", "request-token", CLAIMS),
        hub.url,
        "alice/site",
        retries,
        mask=(masked if masked is not None else []).append,
    )


def refused(github: tuple[int, Any], hub: tuple[int, Any], claims: dict[str, str] | None = None) -> Failure:
    with serving(github) as left, serving(hub) as right:
        who = Job(f"{left.url}/token?a=b", "request-token", CLAIMS if claims is None else claims)
        with pytest.raises(Failure) as caught:
            trusted_publisher.exchange(who, right.url, "alice/site", QUICK, mask=lambda _: None)
    return caught.value


def test_the_query_of_githubs_address_is_kept_and_the_audience_is_the_hub() -> None:
    with serving(ISSUED) as github, serving(EXCHANGED) as hub:
        exchange(github, hub)
    path, headers, _ = github.seen[0]
    assert parse_qsl(urlsplit(path).query) == [
        ("api-version", "2.0"),
        ("x", "a/b"),
        ("audience", "https://huggingface.co"),
    ]
    assert headers["authorization"] == "Bearer request-token"


def test_the_exchange_is_the_documented_one() -> None:
    with serving(ISSUED) as github, serving(EXCHANGED) as hub:
        assert exchange(github, hub) == "hf_jwt_secret"
    path, headers, body = hub.seen[0]
    assert (path, headers["content-type"], "authorization" in headers) == ("/oauth/token", "application/json", False)
    assert json.loads(body) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "subject_token": "id-token",
        "resource": "spaces/alice/site",
    }


def test_each_secret_is_masked() -> None:
    masked: list[str] = []
    with serving(ISSUED) as github, serving(EXCHANGED) as hub:
        exchange(github, hub, masked)
    assert masked == ["request-token", "id-token", "hf_jwt_secret"]


def test_the_id_token_is_masked_also_where_the_hub_refuses_it() -> None:
    masked: list[str] = []
    with serving(ISSUED) as github, serving(REFUSED) as hub, pytest.raises(Failure):
        exchange(github, hub, masked)
    assert masked == ["request-token", "id-token"]


def test_what_fails_in_passing_is_asked_again() -> None:
    said: list[str] = []
    naps: list[float] = []
    with serving((503, "busy"), ISSUED) as github, serving(ABORTED, (502, "<html>"), EXCHANGED) as hub:
        assert exchange(github, hub, retries=Retries(said.append, naps.append)) == "hf_jwt_secret"
    assert (len(github.seen), len(hub.seen), naps) == (2, 3, [1, 1, 2])
    assert said[0] == "GitHub could not issue an id token (HTTP 503); trying again in 1 s."
    assert said[1] == "The Hub could not accept this job as a publisher of alice/site (HTTP 400); trying again in 1 s."


def test_what_does_not_pass_ends_after_five_tries() -> None:
    naps: list[float] = []
    with serving(ISSUED) as github, serving(ABORTED) as hub, pytest.raises(Failure) as caught:
        exchange(github, hub, retries=Retries(lambda _: None, naps.append))
    failure = caught.value
    assert (failure.id, naps) == ("hub-unwell", [1, 2, 4, 8])
    assert "This operation was aborted" in failure.message
    assert "5 tries" in failure.message


def test_a_refusal_is_not_asked_again_and_says_what_to_set_up_where() -> None:
    failure = refused(ISSUED, REFUSED)
    assert failure.id == "publisher-refused"
    assert "alice/site (No match)" in failure.message
    assert "/spaces/alice/site/settings" in failure.advice
    assert "repository = octo/site, branch = main, workflow = deploy.yml" in failure.advice


def test_a_run_for_no_branch_is_told_so() -> None:
    failure = refused(ISSUED, REFUSED, {**CLAIMS, "branch": ""})
    assert "repository = octo/site, workflow = deploy.yml and no branch, because this run is for none" in failure.advice


@pytest.mark.parametrize(
    "answer",
    [(401, {"message": "no"}), (403, "denied"), (200, "<html>"), (200, {}), (200, {"value": 1}), (200, [])],
    ids=str,
)
def test_github_issues_no_token(answer: tuple[int, Any]) -> None:
    failure = refused(answer, EXCHANGED)
    assert failure.id == "identity-not-issued"
    assert f"HTTP {answer[0]}" in failure.message
    assert "id-token: write" in failure.advice


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "publisher-refused"), (401, "publisher-refused"), (403, "publisher-refused"), (404, "publisher-refused"),
        (422, "hub-refused"), (429, "rate-limited"), (500, "hub-unwell"), (501, "hub-unwell"), (503, "hub-unwell"),
    ],
)  # fmt: skip
def test_a_refusal_is_known_by_its_status(status: int, error: str) -> None:
    answer = status, {"error": "invalid_grant", "error_description": "No match"}

    failure = refused(ISSUED, answer)

    assert failure.id == error
    assert "No match" in failure.message or status == 429


@pytest.mark.parametrize(
    "answer",
    [(404, "Not here"), (404, {"detail": "Not found"}), (403, "<html>"), (200, "<html>"), (200, {"token": "x"})],
    ids=str,
)
def test_an_endpoint_that_is_no_hub(answer: tuple[int, Any]) -> None:
    assert refused(ISSUED, answer).id == "not-a-hub"


def test_nobody_answers() -> None:
    with serving(ISSUED) as github, serving(EXCHANGED) as gone:
        pass
    with serving(ISSUED) as github, pytest.raises(Failure) as caught:
        exchange(github, gone)
    assert caught.value.id == "hub-unreachable"
    with serving(EXCHANGED) as hub, pytest.raises(Failure) as caught:
        exchange(gone, hub)
    assert (caught.value.id, hub.seen) == ("identity-not-issued", [])


def test_a_redirect_is_not_followed_with_a_token() -> None:
    assert refused(ISSUED, (307, "elsewhere")).id == "not-a-hub"


def test_the_job_of_an_environment() -> None:
    who = github_actions.id_token(ENVIRONMENT)
    assert who == Job("https://github.example/token?api-version=2.0", "request-token", CLAIMS)
    assert "request-token" not in repr(who)


def test_a_pull_request_is_for_no_branch() -> None:
    who = github_actions.id_token({**ENVIRONMENT, "GITHUB_REF": "refs/pull/1/merge"})
    assert who is not None
    assert who.claims["branch"] == ""


@pytest.mark.parametrize("missing", ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
def test_without_permission_there_is_none(missing: str) -> None:
    assert github_actions.id_token({**ENVIRONMENT, missing: ""}) is None


class TestInputs:
    """What the input hf-token means where it is empty."""

    def test_a_job_with_the_permission_needs_no_token(self) -> None:
        assert schema.read({**ENVIRONMENT, "INPUT_SPACE": "alice/site"}).hf_token == ""

    def test_a_token_wins(self) -> None:
        given = {**ENVIRONMENT, "INPUT_SPACE": "alice/site", "INPUT_HF-TOKEN": "hf_alice"}
        assert schema.read(given).hf_token == "hf_alice"

    def test_a_job_without_it_is_told_of_the_secret_first(self) -> None:
        with pytest.raises(schema.BadInputs) as caught:
            schema.read({"GITHUB_ACTIONS": "true", "INPUT_SPACE": "alice/site"})
        failure = caught.value.failures[0]
        assert failure.advice.startswith(
            "Create a token with write access at https://huggingface.co/settings/tokens, save it in"
        )
        assert failure.advice.index("hf-token: ${{ secrets.HF_TOKEN }}") < failure.advice.index("id-token: write")

    def test_the_space_needs_its_owner(self) -> None:
        with pytest.raises(schema.BadInputs) as caught:
            schema.read({**ENVIRONMENT, "INPUT_SPACE": "site"})
        assert [failure.id for failure in caught.value.failures] == ["input-space-owner"]
