"""The five steps by which this project is believed: connect, create, upload, read the state, delete. The same on localhub
and on the real Hub: `make live`, with HF_TOKEN (and HF_SPACE_NAMESPACE, if it is not to be the token's own).

Each step is done by the Action as a workflow would do it, and judged by the official client.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import repository, web
from tests.kit.local import LocalHub
from tests.kit.step.action import Step, begin, deploy

LIVE = "https://huggingface.co"
pytestmark = [
    pytest.mark.timeout(900),  # seconds: the real Hub takes its time
    pytest.mark.xdist_group("five steps"),  # one Space for all
]


@dataclass(frozen=True)
class Place:
    """A Hub, a token for it, the Space to make there, and the repository to make it of."""

    endpoint: str
    token: str
    space: str
    workspace: Path
    page: str

    @property
    def api(self) -> HfApi:
        """The official client, to judge with."""
        return HfApi(self.endpoint, token=self.token)

    def run(self, **inputs: str) -> Step:
        """One step of a workflow."""
        given = {"space": self.space, "hf-token": self.token, "visibility": "private", "timeout": "10m", **inputs}
        with begin(self.workspace, self.endpoint, given) as running:
            step = running.end(700)
        assert self.token not in step.log.replace(f"::add-mask::{self.token}\n", "") + step.summary
        return step


@pytest.fixture(scope="module", params=["localhub", pytest.param("live", marks=pytest.mark.live)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Where it all happens; whatever happens, the Space is gone afterwards."""
    if request.param == "live":
        token = os.environ.get("HF_TOKEN", "")
        if not token:
            pytest.skip("the real Hub needs a token that may create Spaces, in HF_TOKEN")
        endpoint = LIVE
        owner = os.environ.get("HF_SPACE_NAMESPACE") or str(HfApi(LIVE, token=token).whoami()["name"])
    else:
        hub: LocalHub = request.getfixturevalue("hub")
        endpoint, token, owner = hub.endpoint, "hf_alice", "alice"
    nonce = secrets.token_hex(4)
    page = f"<!DOCTYPE html>\n<title>Five steps</title>\n<h1>{nonce}</h1>\n"
    workspace = repository.create(tmp_path_factory.mktemp("five") / "site", {"index.html": page})
    place = Place(endpoint, token, f"{owner}/five-steps-{nonce}", workspace, page)
    yield place
    place.api.delete_repo(place.space, repo_type="space", missing_ok=True)


@pytest.fixture(scope="module")
def created(place: Place) -> Step:
    return place.run(wait="false")


@pytest.fixture(scope="module")
def uploaded(place: Place, created: Step) -> Step:
    repository.commit(place.workspace, "Second", {"about/index.html": place.page, "data.bin": "\0binary\n"})
    return place.run()


def test_1_connect(place: Place) -> None:
    elsewhere = f"{place.space}-missing"
    missing = place.run(command="status", space=elsewhere)
    refused = deploy(
        place.workspace, place.endpoint, {"space": elsewhere, "hf-token": "hf_" + "x" * 34, "command": "status"}
    )

    assert (missing.exit_code, missing.outputs["error"]) == (1, "space-missing"), (
        "the token is good, and nothing is there"
    )
    assert (refused.exit_code, refused.outputs["error"]) == (1, "token-refused"), refused.log


def test_2_create(place: Place, created: Step) -> None:
    assert (created.exit_code, created.outputs["result"], created.outputs["created"]) == (0, "published", "true")
    info = place.api.space_info(place.space)
    assert (info.id, info.sdk, info.private) == (created.outputs["space-id"], "static", True)


def test_3_upload(place: Place, created: Step, uploaded: Step) -> None:
    assert (uploaded.exit_code, uploaded.outputs["result"], uploaded.outputs["changed"]) == (0, "live", "true"), (
        uploaded.log
    )
    api, commit = place.api, uploaded.outputs["commit-sha"]
    history = [each.commit_id for each in api.list_repo_commits(place.space, repo_type="space")]
    assert history[:2] == [commit, created.outputs["commit-sha"]], "one deploy, one commit"
    for name in ("index.html", "about/index.html", "data.bin"):
        local = api.hf_hub_download(
            place.space, name, repo_type="space", revision=commit, local_dir=place.workspace.parent / "back"
        )
        assert Path(local).read_bytes() == (place.workspace / name).read_bytes(), name


def test_4_read_the_state(place: Place, uploaded: Step) -> None:
    seen = place.run(command="status")

    info = place.api.space_info(place.space)
    assert info.runtime is not None
    assert (seen.exit_code, seen.outputs["result"]) == (0, "seen"), seen.log
    assert seen.outputs["stage"] == info.runtime.stage == "RUNNING"
    assert seen.outputs["commit-sha"] == info.sha == uploaded.outputs["commit-sha"]
    assert (seen.outputs["app-url"], seen.outputs["visibility"]) == (info.host, "private")
    bearer = {"authorization": f"Bearer {place.token}"}
    page = web.get(seen.outputs["app-url"], headers=bearer, timeout=30, follow_redirects=True)
    assert place.page.splitlines()[-1] in page.text


@pytest.fixture
def doomed(place: Place) -> Iterator[str]:
    """A Space to delete."""
    space = f"{place.space}-doomed"
    place.api.create_repo(space, repo_type="space", space_sdk="static", private=True)
    yield space
    place.api.delete_repo(space, repo_type="space", missing_ok=True)


def test_5_delete(place: Place, doomed: str) -> None:
    refused = place.run(command="delete", space=doomed, confirm=f"{doomed}x")
    assert (refused.exit_code, refused.outputs["error"]) == (1, "not-confirmed")
    assert place.api.repo_exists(doomed, repo_type="space")

    done = [place.run(command="delete", space=doomed, confirm=doomed) for _ in range(2)]

    assert [(step.exit_code, step.outputs["result"], step.outputs["changed"]) for step in done] == [
        (0, "deleted", "true"),
        (0, "deleted", "false"),
    ]
    assert not place.api.repo_exists(doomed, repo_type="space")


def test_all_five_at_once(place: Place) -> None:
    step = place.run(command="selftest")

    assert (step.exit_code, step.outputs["result"]) == (0, "passed"), step.log
    owner = place.space.partition("/")[0]
    left = [each.id for each in place.api.list_spaces(author=owner) if each.id.startswith(f"{place.space}-selftest-")]
    assert left == []
