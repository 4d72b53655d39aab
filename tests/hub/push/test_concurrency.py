"""Many clients at once: all are served, none is refused by accident, and no commit is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.kit.local import LocalHub

CLIENTS = 8
FILES = 40


def at_once(work: Callable[[int], str]) -> list[str]:
    """What `work` returns for each of eight clients that start together."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(work, range(CLIENTS)))


def deploy(api: HfApi, space: str, number: int, parent: str | None = None) -> str:
    """One client's deploy: many small files and one large one, in a commit; its id."""
    files = [CommitOperationAdd(f"{number}/{file}.txt", f"{number} {file}\n".encode() * 50) for file in range(FILES)]
    files.append(CommitOperationAdd(f"{number}/large.bin", bytes([number]) * 200_000))
    return str(
        api.create_commit(space, files, commit_message=f"Deploy {number}", repo_type="space", parent_commit=parent).oid
    )


def no_server_errors(hub: LocalHub) -> bool:
    return all(request["status"] is not None and request["status"] < 500 for request in hub.requests())


def expected(number: int) -> set[str]:
    return {f"{number}/{file}.txt" for file in range(FILES)} | {f"{number}/large.bin"}


def test_eight_deploys_to_eight_spaces(undisturbed: LocalHub, api: HfApi, name: str) -> None:
    def create_and_deploy(number: int) -> str:
        api.create_repo(f"{name}-{number}", repo_type="space", space_sdk="docker")
        return deploy(api, f"{name}-{number}", number)

    commits = at_once(create_and_deploy)
    for number, commit in enumerate(commits):
        assert api.space_info(f"{name}-{number}").sha == commit
        assert expected(number) <= set(api.list_repo_files(f"{name}-{number}", repo_type="space"))
    assert no_server_errors(undisturbed)


def test_eight_deploys_to_one_space(undisturbed: LocalHub, api: HfApi, docker: str) -> None:
    commits = at_once(lambda number: deploy(api, docker, number))
    history = [commit.commit_id for commit in api.list_repo_commits(docker, repo_type="space")]
    assert len(history) == CLIENTS + 1
    assert set(commits) < set(history)
    held = set(api.list_repo_files(docker, repo_type="space"))
    assert set().union(*map(expected, range(CLIENTS))) <= held
    assert no_server_errors(undisturbed)


def test_of_eight_deploys_on_one_parent_one_wins_and_seven_are_told(
    undisturbed: LocalHub, api: HfApi, docker: str
) -> None:
    parent = api.space_info(docker).sha

    def race(number: int) -> str:
        try:
            return deploy(api, docker, number, parent)
        except HfHubHTTPError as error:
            return str(error.response.status_code)

    ends = at_once(race)
    assert ends.count("412") == CLIENTS - 1
    assert api.space_info(docker).sha in ends
    assert no_server_errors(undisturbed)


def test_eight_create_the_same_space_and_one_is_made(undisturbed: LocalHub, api: HfApi, name: str) -> None:
    def create(_: int) -> str:
        return str(api.create_repo(name, repo_type="space", space_sdk="static", exist_ok=True).repo_id)

    assert set(at_once(create)) == {name}
    statuses = [r["status"] for r in undisturbed.requests() if r["path"] == "/api/repos/create"]
    assert statuses.count(200) == 1
    assert set(statuses) == {200, 409}  # of those that met another creation the client tries again


@pytest.mark.filterwarnings("ignore:Use 'content:DeprecationWarning")  # what the client itself does without Xet
@pytest.mark.parametrize("xet", [True, False], ids=["xet", "lfs"])
def test_one_file_from_eight_clients_is_stored_once(
    undisturbed: LocalHub, api: HfApi, static: str, xet: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", not xet)
    content = bytes(range(256)) * 4000

    def upload(number: int) -> str:
        files = [CommitOperationAdd(f"{number}.bin", content)]
        return str(api.create_commit(static, files, commit_message="x", repo_type="space").oid)

    at_once(upload)
    stored = {
        entry.lfs.sha256 for entry in api.list_repo_tree(static, repo_type="space") if getattr(entry, "lfs", None)
    }
    assert len(stored) == 1
    assert no_server_errors(undisturbed)
