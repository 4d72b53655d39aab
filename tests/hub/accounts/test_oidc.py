"""Trusted publishers: a job's id token against an hour's token for one Space."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import httpx2
import jwt
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import BadRequestError, HfHubHTTPError, RepositoryNotFoundError

from tests.kit import web
from tests.kit.hub.publisher import CLAIMS, DEEDS, LOOKS, REPOSITORY, exchange, id_token, publisher_of
from tests.kit.local import LocalHub

AsUser = Callable[[str | bool], HfApi]


@pytest.fixture
def publisher(hub: LocalHub, static: str) -> HfApi:
    """The client of a job that publishes to `static`."""
    return publisher_of(hub, static)


def test_the_answer_is_that_of_the_documentation(hub: LocalHub, static: str) -> None:
    hub.trust(static, **CLAIMS)
    answer = exchange(hub.endpoint, static, id_token(hub.job(REPOSITORY)))
    assert str(answer.pop("access_token")).startswith("hf_jwt_")
    assert answer == {
        "token_type": "bearer",
        "expires_in": 3600,
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
    }


def test_an_id_token_is_githubs_and_its_signature_holds_against_the_keys_served(hub: LocalHub) -> None:
    token = id_token(hub.job(REPOSITORY, branch="dev", workflow="publish.yml"))
    issuer = f"{hub.endpoint}/_localhub/oidc"
    configuration = web.get(f"{issuer}/.well-known/openid-configuration").json()
    keys = jwt.PyJWKSet.from_dict(web.get(configuration["jwks_uri"]).json())
    claims = jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]],
        ["RS256"],
        audience="https://huggingface.co",
        issuer=issuer,
    )
    assert claims["sub"] == "repo:octo/site:ref:refs/heads/dev"
    assert claims["workflow_ref"] == "octo/site/.github/workflows/publish.yml@refs/heads/dev"


def test_it_writes_to_its_space_as_nobody_in_particular(publisher: HfApi, static: str) -> None:
    publisher.auth_check(static, repo_type="space", write=True)
    publisher.upload_file(path_or_fileobj=b"hello", path_in_repo="index.html", repo_id=static, repo_type="space")
    assert publisher.list_repo_commits(static, repo_type="space")[0].authors == ["[OIDC]"]


def test_large_files_go_the_same_way(publisher: HfApi, static: str) -> None:
    publisher.upload_file(path_or_fileobj=os.urandom(99), path_in_repo="a.bin", repo_id=static, repo_type="space")
    assert publisher.file_exists(static, "a.bin", repo_type="space")


@pytest.mark.parametrize("deed", DEEDS)
def test_beside_commits_it_may_do_nothing(hub: LocalHub, docker: str, deed: str) -> None:
    with pytest.raises(HfHubHTTPError) as error:
        DEEDS[deed](publisher_of(hub, docker), docker)
    assert error.value.response.status_code == 401
    assert error.value.response.json() == {"error": "Invalid username or password."}


@pytest.mark.parametrize("look", LOOKS)
def test_it_may_look_at_its_space(hub: LocalHub, api: HfApi, docker: str, look: str) -> None:
    api.pause_space(docker)  # ends the logs
    publisher = publisher_of(hub, docker)
    assert publisher.space_info(docker).sha
    assert publisher.get_space_runtime(docker).stage == "PAUSED"
    LOOKS[look](publisher, docker)


def test_it_writes_to_no_other_space(publisher: HfApi, api: HfApi, static: str) -> None:
    other, hidden = f"{static}-other", f"{static}-hidden"
    api.create_repo(other, repo_type="space", space_sdk="static")
    api.create_repo(hidden, repo_type="space", space_sdk="static", private=True)
    with pytest.raises(HfHubHTTPError) as error:
        publisher.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id=other, repo_type="space")
    assert error.value.response.status_code == 403
    with pytest.raises(HfHubHTTPError) as error:
        publisher.create_pull_request(other, "No", repo_type="space")
    assert error.value.response.status_code == 401
    with pytest.raises(RepositoryNotFoundError):
        publisher.space_info(hidden)


def test_it_creates_moves_and_deletes_nothing(publisher: HfApi, static: str) -> None:
    for change in (
        lambda: publisher.create_repo(f"{static}-new", repo_type="space", space_sdk="static"),
        lambda: publisher.move_repo(static, f"{static}-moved", repo_type="space"),
        lambda: publisher.delete_repo(static, repo_type="space"),
    ):
        with pytest.raises(HfHubHTTPError) as error:
            change()
        assert error.value.response.status_code == 401


def test_it_is_no_account(publisher: HfApi) -> None:
    with pytest.raises(HfHubHTTPError) as error:
        publisher.whoami()
    assert error.value.response.status_code == 401


def test_a_new_space_of_the_same_name_is_another(publisher: HfApi, api: HfApi, static: str) -> None:
    api.delete_repo(static, repo_type="space")
    api.create_repo(static, repo_type="space", space_sdk="static")
    with pytest.raises(HfHubHTTPError) as error:
        publisher.auth_check(static, repo_type="space", write=True)
    assert error.value.response.status_code == 403


@pytest.mark.parametrize(
    "job",
    [
        {"repository": "octo/sites"},
        {"repository": "Octo/site"},
        {"branch": "main-2"},
        {"ref": "refs/tags/main"},
        {"ref": "refs/pull/1/merge", "event": "pull_request"},
        {"workflow": "other.yml"},
    ],
    ids=lambda job: " ".join(job.values()),
)
def test_a_job_that_is_not_the_publisher_is_refused(hub: LocalHub, static: str, job: dict[str, str]) -> None:
    hub.trust(static, **CLAIMS)
    refused(hub, static, id_token(hub.job(**{"repository": REPOSITORY, **job})))


def test_any_branch_and_workflow_will_do_where_only_the_repository_is_named(hub: LocalHub, static: str) -> None:
    hub.trust(static, repository="octo/elsewhere")
    hub.trust(static, repository=REPOSITORY)
    exchange(hub.endpoint, static, id_token(hub.job(REPOSITORY, branch="dev", workflow="other.yml")))


def refused(hub: LocalHub, space: str, token: str, error: str = "invalid_grant") -> None:
    with pytest.raises(BadRequestError) as caught:
        exchange(hub.endpoint, space, token)
    assert caught.value.response.json()["error"] == error


def test_a_token_for_another_audience_is_refused(hub: LocalHub, static: str) -> None:
    hub.trust(static, **CLAIMS)
    refused(hub, static, id_token(hub.job(REPOSITORY), "https://github.com/octo"))


def test_a_token_that_somebody_else_signed_is_refused(hub: LocalHub, static: str) -> None:
    hub.trust(static, **CLAIMS)
    claims = jwt.decode(id_token(hub.job(REPOSITORY)), options={"verify_signature": False})
    for kid in ("localhub", "unknown"):
        refused(hub, static, jwt.encode(claims, "k" * 32, "HS256", headers={"kid": kid}))
    refused(hub, static, "no token")


def test_a_space_that_trusts_nobody_or_is_not_there_is_refused_alike(hub: LocalHub, static: str) -> None:
    refused(hub, static, id_token(hub.job(REPOSITORY)))
    refused(hub, "alice/nothing-here", id_token(hub.job(REPOSITORY)))


@pytest.mark.parametrize(
    "change", [{"grant_type": "password"}, {"subject_token": ""}, {"resource": "a/b/c/d"}], ids=str
)
def test_a_malformed_request(hub: LocalHub, static: str, change: dict[str, str]) -> None:
    body = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "subject_token": id_token(hub.job(REPOSITORY)),
        "resource": f"spaces/{static}",
    }
    answer = web.post(f"{hub.endpoint}/oauth/token", json=body | change)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_an_id_token_needs_the_jobs_own_request_token(hub: LocalHub) -> None:
    job = hub.job(REPOSITORY)
    with pytest.raises(httpx2.HTTPStatusError, match="401"):
        id_token({**job, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "another"})


def test_the_client_does_it_all_by_itself(hub: LocalHub, static: str) -> None:
    """huggingface_hub's own way: HF_OIDC_RESOURCE in the environment of a job that may ask for id tokens."""
    hub.trust(static, **CLAIMS)
    script = (
        "import json; from huggingface_hub import HfApi; api = HfApi();"
        f"made = api.upload_file(path_or_fileobj=b'x', path_in_repo='index.html', repo_id={static!r}, repo_type='space');"
        f"print(json.dumps([made.oid, api.space_info({static!r}).sha]))"
    )
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HF_HOME")},
        "HF_ENDPOINT": hub.endpoint,
        "HF_OIDC_RESOURCE": f"spaces/{static}",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "GITHUB_ACTIONS": "true",
        **hub.job(REPOSITORY),
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    committed, head = json.loads(done.stdout.splitlines()[-1])
    assert committed == head
