"""git and git-lfs themselves, over HTTP, on the repositories that the API serves."""

import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit import needs
from tests.kit.local import LocalHub, process

Git = Callable[..., str]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


class GitFailed(Exception):
    """What git said."""


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """`git(*arguments, cwd=…)`: a person's git, whatever this machine's own is told; what it says. GitFailed."""
    config = tmp_path / "gitconfig"
    config.write_text(
        "[user]\nname = Alice\nemail = alice@example.com\n[init]\ndefaultBranch = main\n[advice]\ndetachedHead = false\n"
        '[filter "lfs"]\nclean = git-lfs clean -- %f\nsmudge = git-lfs smudge -- %f\nprocess = git-lfs filter-process\n'
    )
    mine = {"GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | mine

    def git(*arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        said = "\n".join(line.rstrip() for line in (done.stdout + done.stderr).splitlines())
        if done.returncode:
            raise GitFailed(said)
        return said

    return git


@pytest.fixture
def address(endpoint: str) -> Callable[..., str]:
    """Where git finds a repository, with a token in the address as people write it; no token: None."""
    return lambda path, token="hf_alice": with_token(endpoint, path, token)


def with_token(endpoint: str, path: str, token: str | None = "hf_alice") -> str:
    return f"{endpoint.replace('://', f'://any:{token}@') if token else endpoint}/{path}"


@pytest.fixture
def work(git: Git, address: Callable[..., str], static: str, tmp_path: Path) -> Path:
    """A clone of a new static Space, `static`, whose remote `origin` has alice's token."""
    git("clone", address(f"spaces/{static}"), "work")
    return tmp_path / "work"


@pytest.fixture
def add(git: Git, work: Path) -> Callable[..., str]:
    """`add({path: content})` commits files in the clone and returns the commit's id."""

    def add(files: dict[str, str | bytes]) -> str:
        for path, content in files.items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_bytes(content.encode() if isinstance(content, str) else content)
        git("add", "--force", *files, cwd=work)
        git("commit", "--quiet", "--message", "A change", cwd=work)
        return git("rev-parse", "HEAD", cwd=work)

    return add


def head(api: HfApi, space: str, ref: str = "refs/heads/main") -> str | None:
    refs = api.list_repo_refs(space, repo_type="space", include_pull_requests=True)
    found = {one.ref: one.target_commit for one in [*refs.branches, *refs.tags, *(refs.pull_requests or [])]}
    return found.get(ref)


class TestClone:
    def test_gives_what_the_api_committed(
        self, git: Git, address: Callable[..., str], static: str, push: Callable[..., str], tmp_path: Path
    ) -> None:
        commit = push(static, {"index.html": "hello", "deep/er/a.txt": "a"})
        for number, suffix in enumerate(("", ".git")):
            git("clone", address(f"spaces/{static}{suffix}", None), f"clone{number}")
            clone = tmp_path / f"clone{number}"
            assert git("rev-parse", "HEAD", "--abbrev-ref", "HEAD", cwd=clone).split() == [commit, "main"]
            assert (clone / "deep/er/a.txt").read_text() == "a"
            assert git("fsck", "--strict", cwd=clone) == ""

    @pytest.mark.parametrize("kind", ["model", "dataset"])
    def test_works_for_models_and_datasets(
        self, git: Git, address: Callable[..., str], api: HfApi, name: str, kind: str, tmp_path: Path
    ) -> None:
        api.create_repo(name, repo_type=kind)
        git("clone", address(name if kind == "model" else f"datasets/{name}"), "clone")
        assert (tmp_path / "clone/.gitattributes").exists()

    @pytest.mark.parametrize("version", ["0", "1", "2"])
    def test_works_in_every_protocol_version_and_fetches_what_came_later(
        self, git: Git, address: Callable[..., str], static: str, push: Callable[..., str], version: str, tmp_path: Path
    ) -> None:
        protocol = ("-c", f"protocol.version={version}")
        git(*protocol, "clone", "--depth", "1", address(f"spaces/{static}", None), "clone")
        commit = push(static, {"index.html": "later"})
        git(*protocol, "pull", cwd=tmp_path / "clone")
        assert git("rev-parse", "HEAD", cwd=tmp_path / "clone") == commit

    def test_of_many_files_and_a_long_negotiation(
        self, git: Git, work: Path, add: Callable[..., str], static: str, push: Callable[..., str]
    ) -> None:
        for number in range(40):  # commits that the Hub doesn't know make git offer more than it sends uncompressed
            git("commit", "--quiet", "--allow-empty", "--message", str(number), cwd=work)
        commit = push(static, {f"f/{number}": os.urandom(2000).hex() for number in range(200)})
        git("fetch", "origin", cwd=work)
        assert git("rev-parse", "origin/main", cwd=work) == commit
        assert git("fsck", "--strict", cwd=work) == ""


class TestAccess:
    @pytest.fixture
    def private(self, api: HfApi, name: str) -> str:
        api.create_repo(name, repo_type="space", space_sdk="static", private=True)
        return name

    @pytest.mark.parametrize(
        ("token", "said"),
        [
            (None, "could not read Username"),
            ("hf_bob", "remote: Repository not found"),
            ("hf_nobody", "remote: Invalid credentials in Authorization header"),
        ],
    )
    def test_a_private_space_is_closed_to_others(
        self, git: Git, address: Callable[..., str], private: str, token: str | None, said: str
    ) -> None:
        with pytest.raises(GitFailed, match=said):
            git("clone", address(f"spaces/{private}", token), "clone")

    def test_a_private_space_is_open_to_its_owner_by_either_scheme(
        self, git: Git, address: Callable[..., str], private: str
    ) -> None:
        git("clone", address(f"spaces/{private}", "hf_alice_read"), "basic")
        bearer = ("-c", "http.extraHeader=Authorization: Bearer hf_alice_read")
        git(*bearer, "clone", address(f"spaces/{private}", None), "bearer")

    def test_what_does_not_exist_looks_like_what_is_private(self, git: Git, address: Callable[..., str]) -> None:
        with pytest.raises(GitFailed, match="could not read Username"):
            git("clone", address("spaces/alice/nothing", None), "clone")
        with pytest.raises(GitFailed, match="remote: Repository not found"):
            git("clone", address("spaces/alice/nothing"), "clone")

    @pytest.mark.parametrize(
        ("token", "said"),
        [
            (None, "could not read Username"),
            ("hf_bob", "remote: Forbidden"),
            ("hf_alice_read", "remote: Forbidden: you must use a write token"),
        ],
    )
    def test_a_push_needs_a_writer_with_a_write_token(
        self, git: Git, work: Path, add: Callable[..., str], token: str | None, said: str
    ) -> None:
        before = git("ls-remote", "origin", "main", cwd=work)
        add({"index.html": "x"})
        origin = git("remote", "get-url", "origin", cwd=work)
        with pytest.raises(GitFailed, match=said):
            git("push", origin.replace("any:hf_alice@", f"any:{token}@" if token else ""), "main", cwd=work)
        assert git("ls-remote", "origin", "main", cwd=work) == before

    def test_both_requests_of_a_push_are_guarded(self, http: httpx2.Client, static: str) -> None:
        for token, status in ((None, 401), ("hf_bob", 403), ("hf_alice_read", 403)):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            for method, path in (("GET", "info/refs?service=git-receive-pack"), ("POST", "git-receive-pack")):
                answer = http.request(method, f"/spaces/{static}/{path}", headers=headers)
                assert (answer.status_code, "WWW-Authenticate" in answer.headers) == (status, status == 401)

    def test_the_dumb_protocol_is_refused(self, http: httpx2.Client, static: str) -> None:
        assert http.get(f"/spaces/{static}/info/refs").status_code == 403
        assert http.get(f"/spaces/{static}/HEAD").status_code == 404


class TestPush:
    def test_moves_main_and_starts_a_build(
        self, git: Git, api: HfApi, docker: str, address: Callable[..., str], tmp_path: Path
    ) -> None:
        git("clone", address(f"spaces/{docker}"), "docker")
        clone = tmp_path / "docker"
        (clone / "Dockerfile").write_text("FROM scratch\n")
        git("add", ".", cwd=clone)
        git("commit", "--message", "Deploy", cwd=clone)
        git("push", cwd=clone)
        commit = git("rev-parse", "HEAD", cwd=clone)
        assert head(api, docker) == commit
        runtime = api.wait_for_space(docker, timeout=10, poll_interval=0.05)
        assert (runtime.stage, runtime.raw["sha"]) == ("RUNNING", commit)

    def test_is_seen_by_the_api_at_once_and_accepted_whole_by_fsck(
        self, git: Git, api: HfApi, http: httpx2.Client, work: Path, add: Callable[..., str], static: str
    ) -> None:
        files: dict[str, str | bytes] = {f"many/{number}.txt": os.urandom(4000).hex() for number in range(400)}
        commit = add(files)  # over 1 MiB, so that git sends it in chunks
        git("push", cwd=work)
        assert api.list_repo_commits(static, repo_type="space")[0].commit_id == commit
        assert http.get(f"/spaces/{static}/resolve/main/many/7.txt").text == files["many/7.txt"]
        after = api.create_commit(
            static, [CommitOperationAdd("b", b"b")], commit_message="After it", parent_commit=commit, repo_type="space"
        )
        git("clone", "--mirror", git("remote", "get-url", "origin", cwd=work), "mirror")
        assert git("rev-parse", "main", cwd=work.parent / "mirror") == after.oid
        assert git("fsck", "--strict", cwd=work.parent / "mirror") == ""

    def test_keeps_modes_and_links(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        (work / "start.sh").write_text("#!/bin/sh\n")
        (work / "start.sh").chmod(0o755)
        (work / "link").symlink_to("start.sh")
        git("add", "start.sh", "link", cwd=work)
        add({"index.html": "x"})
        git("push", cwd=work)
        git("fetch", "origin", cwd=work)
        listed = git("ls-tree", "origin/main", "start.sh", "link", cwd=work)
        assert [line.split()[0] for line in listed.splitlines()] == ["120000", "100755"]

    def test_behind_main_is_rejected_unless_forced(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str, push: Callable[..., str]
    ) -> None:
        theirs = push(static, {"index.html": "theirs"})
        ours = add({"index.html": "ours"})
        with pytest.raises(GitFailed, match=r"rejected.*fetch first"):
            git("push", cwd=work)
        assert head(api, static) == theirs
        git("push", "--force", cwd=work)
        assert head(api, static) == ours

    def test_makes_moves_and_deletes_branches_and_tags(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        before, commit = head(api, static), add({"a": "1"})
        git("tag", "--annotate", "--message", "One", "v1", cwd=work)
        git("push", "origin", "HEAD:refs/heads/dev", "v1", cwd=work)
        assert (head(api, static, "refs/heads/dev"), head(api, static, "refs/tags/v1")) == (commit, commit)
        git("push", "--delete", "origin", "dev", "v1", cwd=work)
        assert (head(api, static, "refs/heads/dev"), head(api, static, "refs/tags/v1")) == (None, None)
        assert head(api, static) == before

    def test_can_not_delete_main_or_write_elsewhere(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        before = head(api, static)
        add({"a": "1"})
        with pytest.raises(GitFailed, match="refusing to delete the current branch"):
            git("push", "--delete", "origin", "main", cwd=work)
        for ref in ("refs/convert/build", "refs/pr/7", "refs/x"):
            with pytest.raises(GitFailed, match=f"remote: DENIED update {ref}: forbidden"):
                git("push", "origin", f"HEAD:{ref}", "HEAD:main", cwd=work)
        assert head(api, static) == before

    def test_of_a_tag_that_is_no_commit_is_refused(self, git: Git, api: HfApi, work: Path, static: str) -> None:
        tree = git("rev-parse", "HEAD^{tree}", cwd=work)
        with pytest.raises(GitFailed, match="remote: DENIED update refs/tags/tree: not a commit"):
            git("push", "origin", f"{tree}:refs/tags/tree", cwd=work)
        assert head(api, static)

    def test_to_a_pull_request_shows_in_its_discussion_while_it_is_open(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        number = api.create_pull_request(static, "A proposal", repo_type="space").num
        commit = add({"index.html": "proposed"})
        git("push", "origin", f"HEAD:refs/pr/{number}", cwd=work)
        events = api.get_discussion_details(static, number, repo_type="space").events
        assert [event.oid for event in events if event.type == "commit"] == [commit]
        assert head(api, static, f"refs/pr/{number}") == commit
        api.change_discussion_status(static, number, "closed", repo_type="space")
        add({"index.html": "too late"})
        with pytest.raises(GitFailed, match="this pull request is closed"):
            git("push", "origin", f"HEAD:refs/pr/{number}", cwd=work)

    def test_eight_at_once_with_eight_commits_lose_nothing(
        self, git: Git, hub: LocalHub, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        pushed = add({"a": "1"})

        def push(number: int) -> str | None:
            git("push", "origin", f"HEAD:refs/heads/b{number}", cwd=work)
            return head(api, static, f"refs/heads/b{number}")

        def commit(number: int) -> str:
            added = [CommitOperationAdd(f"{number}.txt", b"x")]
            return str(api.create_commit(static, added, commit_message="c", repo_type="space").oid)

        with ThreadPoolExecutor(16) as pool:
            branches, commits = [pool.submit(push, n) for n in range(8)], [pool.submit(commit, n) for n in range(8)]
            assert {branch.result() for branch in branches} == {pushed}
            made = {one.result() for one in commits}
        log = [one.commit_id for one in api.list_repo_commits(static, repo_type="space")]
        assert made == set(log[:8])
        repository = hub.data / "spaces" / static / "git"
        assert git("fsck", "--strict", "--no-dangling", cwd=repository) == ""
        assert not list(repository.glob("objects/tmp_*"))

    def test_cut_short_by_sigkill_leaves_the_old_head_or_the_new_one(self, git: Git, tmp_path: Path) -> None:
        repository, work = tmp_path / "data/spaces/alice/x/git", tmp_path / "work"
        options = ("--port", "0", "--data", str(tmp_path / "data"), "--simulate")
        with process(*options) as (running, endpoint), ThreadPoolExecutor(1) as pool:
            HfApi(endpoint, token="hf_alice").create_repo("alice/x", repo_type="space", space_sdk="static")
            git("clone", f"{endpoint}/spaces/alice/x", "work")
            old = git("rev-parse", "HEAD", cwd=work)
            for number in range(40):
                (work / f"{number}.txt").write_text(os.urandom(20_000).hex())
            git("add", ".", cwd=work)
            git("commit", "--quiet", "--message", "Much", cwd=work)
            new = git("rev-parse", "HEAD", cwd=work)
            pushing = pool.submit(git, "push", with_token(endpoint, "spaces/alice/x"), "main", cwd=work)
            while not list(repository.glob("objects/tmp_objdir-*")):
                assert not pushing.done(), "the push was over before it could be cut short"
            running.kill()
            with pytest.raises(GitFailed):
                pushing.result()
        with process(*options) as (_, endpoint):
            now = HfApi(endpoint, token="hf_alice").space_info("alice/x").sha
            assert now in (old, new)
            assert git("fsck", "--strict", "--no-dangling", cwd=repository) == ""
            git("push", with_token(endpoint, "spaces/alice/x"), "main", cwd=work)
            assert HfApi(endpoint, token="hf_alice").space_info("alice/x").sha == new


LARGE = b"x" * (10 * 2**20 + 1)
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 5\n"


class Offending(NamedTuple):
    """A file that is refused, and the Hub's words."""

    file: str
    content: str | bytes
    reason: str
    offending: str


class TestRefusal:
    @pytest.mark.parametrize(
        "case",
        [
            Offending(
                file="a/b.png",
                content=PNG,
                reason="it contains binary files.",
                offending="  - a/b.png (ref: refs/heads/main)",
            ),
            Offending(
                file="big.txt",
                content=LARGE,
                reason="it contains files larger than 10 MiB.",
                offending="  - big.txt (ref: refs/heads/main)",
            ),
            Offending(
                file="m.txt",
                content=POINTER,
                reason="an LFS pointer pointed to a file that does not exist.",
                offending="- m.txt",
            ),
        ],
        ids=lambda case: case.file,
    )
    def test_of_files_is_in_the_hubs_words(
        self, case: Offending, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        before = head(api, static)
        add({case.file: case.content, "fine.txt": "fine"})
        with pytest.raises(GitFailed) as failed:
            git("push", cwd=work)
        said = str(failed.value)
        assert f"remote: Your push was rejected because {case.reason}" in said
        assert f"remote: {case.offending}" in said
        assert "fine.txt" not in said
        assert "main -> main (pre-receive hook declined)" in said
        assert head(api, static) == before

    def test_of_a_binary_file_reaches_into_history(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        before = head(api, static)
        add({"old.png": PNG})
        git("rm", "old.png", cwd=work)
        add({"index.html": "x"})
        with pytest.raises(GitFailed, match=r"Offending files:\nremote:   - old.png"):
            git("push", cwd=work)
        assert head(api, static) == before

    def test_is_not_of_binary_files_that_are_there_already(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str, push: Callable[..., str]
    ) -> None:
        push(static, {"logo.png": PNG})
        git("pull", cwd=work)
        git("mv", "logo.png", "moved.png", cwd=work)
        commit = add({"index.html": "x"})
        git("push", cwd=work)
        assert head(api, static) == commit

    def test_of_a_token_that_works_does_not_repeat_it(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        before = head(api, static)
        add({"app.py": "TOKEN = 'hf_alice_read'\n"})
        with pytest.raises(GitFailed) as failed:
            git("push", cwd=work)
        said = str(failed.value)
        assert "remote: It appears that one or more of your files contain valid Hugging Face secrets" in said
        assert "remote:   - app.py (ref: refs/heads/main, token: " in said
        assert "hf_alice_read" not in said
        assert head(api, static) == before

    def test_of_a_readme_is_in_the_hubs_words(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        before = head(api, static)
        add({"README.md": "---\nsdk: static\ncolorFrom: mauve\nshort_description: " + "x" * 61 + "\n---\n"})
        with pytest.raises(GitFailed) as failed:
            git("push", cwd=work)
        said = str(failed.value)
        assert "remote: Sorry, your push was rejected during YAML metadata verification:\nremote: - Error: " in said
        assert '- Error: "colorFrom" must be one of [red, yellow,' in said
        assert '- Error: "short_description" length must be less than or equal to 60 characters long' in said
        assert "https://huggingface.co/docs/hub/spaces-config-reference" in said
        assert head(api, static) == before

    def test_leaves_the_repository_ready_for_the_next_push(
        self, git: Git, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        add({"a.png": PNG})
        with pytest.raises(GitFailed, match="binary files"):
            git("push", cwd=work)
        git("reset", "--hard", "origin/main", cwd=work)
        commit = add({"a.txt": "text"})
        git("push", cwd=work)
        assert head(api, static) == commit

    def test_of_a_pack_that_is_none_is_gits_own(self, http: httpx2.Client, api: HfApi, static: str) -> None:
        before = head(api, static)
        line = f"{before} {'1' * 40} refs/heads/main\0report-status\n".encode()
        body = b"%04x%b0000PACK-not-really" % (len(line) + 4, line)
        headers = {"Authorization": "Bearer hf_alice", "Content-Type": "application/x-git-receive-pack-request"}
        answer = http.post(f"/spaces/{static}/git-receive-pack", content=body, headers=headers)
        assert b"unpack " in answer.content
        assert b"unpack ok" not in answer.content
        assert head(api, static) == before


class TestLfs:
    """https://huggingface.co/docs/hub/repositories-getting-started: what people are told to do with large files."""

    @pytest.fixture(autouse=True)
    def git_lfs(self) -> None:
        needs.git_lfs()

    def test_a_large_file_is_pushed_and_cloned_whole(
        self, git: Git, undisturbed: LocalHub, api: HfApi, work: Path, add: Callable[..., str], static: str
    ) -> None:
        content = os.urandom(12 * 2**20)
        git("lfs", "install", "--local", cwd=work)
        git("lfs", "track", "*.png", cwd=work)
        add({"a file.png": content, ".gitattributes": (work / ".gitattributes").read_text()})
        git("push", cwd=work)
        (info,) = api.get_paths_info(static, "a file.png", repo_type="space")
        assert info.lfs is not None
        assert (info.lfs.size, info.size) == (len(content), len(content))
        git("clone", git("remote", "get-url", "origin", cwd=work), "again")
        assert (work.parent / "again/a file.png").read_bytes() == content
        assert git("fsck", "--strict", cwd=work.parent / "again") == ""
        assert not [one for one in undisturbed.requests() if (one["status"] or 500) >= 500]

    def test_a_private_file_is_fetched_with_the_token_only(
        self, git: Git, api: HfApi, name: str, address: Callable[..., str], tmp_path: Path
    ) -> None:
        api.create_repo(name, repo_type="dataset", private=True)
        api.upload_file(path_or_fileobj=b"\0" * 5000, path_in_repo="a.bin", repo_id=name, repo_type="dataset")
        git("clone", address(f"datasets/{name}", "hf_alice_read"), "private")
        assert (tmp_path / "private/a.bin").read_bytes() == b"\0" * 5000
