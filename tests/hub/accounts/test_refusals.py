"""What the Hub says no to, with which status and in which words: plans, payment, quotas, leaked tokens, keys."""

import hashlib
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from tests.kit import web
from tests.kit.local import LocalHub

AsUser = Callable[[str | bool], HfApi]
Push = Callable[..., str]
PAYMENT = (
    "You must add a payment method to your account to upgrade your space's hardware. "
    "Visit your billing settings to add one: https://huggingface.co/settings/billing"
)
NO_ROLE = "Forbidden: pass `create_pr=1` as a query parameter to create a Pull Request."


def refused(call: Callable[[], object]) -> tuple[int, str]:
    """The status and words with which a call is refused; X-Error-Message and the body say the same."""
    with pytest.raises(HfHubHTTPError) as error:
        call()
    response = error.value.response
    assert " ".join(response.json()["error"].split()) == response.headers["X-Error-Message"]
    assert error.value.request_id
    return response.status_code, response.json()["error"]


@pytest.fixture
def bob(as_user: AsUser) -> HfApi:
    """Somebody on the free plan, without a payment method."""
    return as_user("hf_bob")


@pytest.fixture
def page(bob: HfApi, name: str) -> str:
    """A static Space of bob's."""
    space = name.replace("alice/", "bob/")
    bob.create_repo(space, repo_type="space", space_sdk="static")
    return space


def add(path: str, content: bytes) -> list[CommitOperationAdd]:
    return [CommitOperationAdd(path, content)]


def test_who_has_no_role_may_not_commit(bob: HfApi, static: str) -> None:
    call = lambda: bob.create_commit(static, add("a", b"a"), commit_message="x", repo_type="space")  # noqa: E731
    assert refused(call) == (403, NO_ROLE)


class TestHardware:
    def test_who_pays_gets_it(self, api: HfApi, docker: str) -> None:
        assert api.request_space_hardware(docker, "t4-small").requested_hardware == "t4-small"

    def test_who_can_not_pay_does_not(self, bob: HfApi, page: str, push: Push) -> None:
        switch_to_docker(bob, page)
        assert refused(lambda: bob.request_space_hardware(page, "t4-small")) == (403, PAYMENT)
        assert bob.get_space_runtime(page).requested_hardware == "cpu-basic"

    def test_nor_at_creation(self, bob: HfApi) -> None:
        create = lambda: bob.create_repo(  # noqa: E731
            "bob/expensive", repo_type="space", space_sdk="static", space_hardware="a100-large"
        )
        assert refused(create) == (403, PAYMENT)
        assert not bob.repo_exists("bob/expensive", repo_type="space")

    def test_it_is_listed_with_prices(self, api: HfApi) -> None:
        listed = {each.name: each for each in api.list_spaces_hardware()}
        assert listed["cpu-basic"].unit_cost_usd == 0
        assert listed["cpu-basic"].accelerator is None
        assert listed["t4-small"].accelerator.model == "T4"
        assert listed["t4-small"].unit_cost_micro_usd * 60 == pytest.approx(400_000, rel=0.001)


def switch_to_docker(api: HfApi, space: str) -> None:
    readme = b"---\ntitle: Page\nsdk: docker\n---\n"
    files = [*add("README.md", readme), *add("Dockerfile", b"FROM scratch\n")]
    api.create_commit(space, files, commit_message="Now docker", repo_type="space")


class TestFreeAccountThatSwitchesToDocker:
    def test_its_commit_is_taken_and_the_space_paused(self, bob: HfApi, page: str) -> None:
        switch_to_docker(bob, page)
        runtime = wait_for_stage(bob, page, "PAUSED")
        assert runtime["errorMessage"] == "Quota exceeded for flavor cpu-basic (requested=1): current=0, limit=0"
        assert bob.file_exists(page, "Dockerfile", repo_type="space")
        assert web.get(bob.space_info(page).host).status_code == 503

    def test_a_restart_is_refused(self, bob: HfApi, page: str) -> None:
        switch_to_docker(bob, page)
        wait_for_stage(bob, page, "PAUSED")
        words = (
            "You've reached your cpu-basic quota limit, please upgrade your account, "
            "or pause your previous Spaces to restart this one"
        )
        assert refused(lambda: bob.restart_space(page)) == (403, words)
        assert bob.get_space_runtime(page).stage == "PAUSED"


def wait_for_stage(api: HfApi, space: str, stage: str) -> dict[str, object]:
    deadline = time.monotonic() + 10
    while (runtime := api.get_space_runtime(space)).stage != stage:
        assert time.monotonic() < deadline, runtime
        time.sleep(0.02)
    return dict(runtime.raw)


class TestStorage:
    @pytest.fixture
    def small(self, hub: LocalHub) -> Iterator[None]:
        """A megabyte of large files for each of alice's Spaces."""
        hub.limit("alice", storage=1_000_000)
        yield
        hub.no_limit("alice")

    @pytest.mark.usefixtures("small")
    def test_what_a_space_keeps_is_limited_over_its_whole_history(self, api: HfApi, static: str) -> None:
        def commit(*files: tuple[str, bytes]) -> None:
            operations = [CommitOperationAdd(path, content) for path, content in files]
            api.create_commit(static, operations, commit_message="x", repo_type="space")

        commit(("a.bin", noise(600_000)))
        commit(("a.bin", noise(300_000)), ("same.bin", noise(300_000)))  # counted once: 900 kB with the first
        head = api.space_info(static).sha
        assert refused(lambda: commit(("b.bin", noise(200_000)))) == (
            403,
            "Repository storage limit reached (Max: 1 MB)",
        )
        assert api.space_info(static).sha == head
        commit(("b.bin", noise(600_000)))  # known from the first commit
        commit(("index.html", b"Text is not counted."))

    def test_a_space_may_keep_a_gigabyte(self, http: httpx2.Client, api: HfApi, static: str, hub: LocalHub) -> None:
        hub.limit("alice", storage=10**9)
        hub.no_limit("alice")
        api.create_commit(static, add("a.bin", noise(2_000_000)), commit_message="x", repo_type="space")

    @pytest.mark.usefixtures("small")
    def test_models_are_not_spaces(self, api: HfApi, name: str) -> None:
        api.create_repo(name)
        api.create_commit(name, add("a.bin", noise(2_000_000)), commit_message="x")


def noise(size: int) -> bytes:
    """Bytes that nothing deduplicates, the same for the same size."""
    return hashlib.shake_128(str(size).encode()).digest(size)


class TestLeakedTokens:
    def test_a_file_with_a_token_that_works_is_refused(self, api: HfApi, static: str) -> None:
        head = api.space_info(static).sha
        files = [*add("app/config.py", b'TOKEN = "hf_bob"\n'), *add("index.html", b"hello")]
        with pytest.raises(BadRequestError) as error:
            api.create_commit(static, files, commit_message="x", repo_type="space")
        said = error.value.response.json()["error"]
        assert said.startswith("It appears that one or more of your files contain valid Hugging Face secrets, such as")
        assert "Offending files:\n  - app/config.py (ref: refs/heads/main, token: 'hf_bob***')" in said
        assert api.space_info(static).sha == head

    @pytest.mark.parametrize("text", ["hf_nobody", "xhf_bob", "hf_bobby", "HF_BOB"])
    def test_what_is_no_token_of_anybody_passes(self, api: HfApi, static: str, text: str) -> None:
        api.create_commit(static, add("a.txt", text.encode()), commit_message="x", repo_type="space")


class TestKeys:
    @pytest.mark.parametrize("key", ["1A", "_A", "A-B", "A B", "", "Ä", "A\n"])
    def test_a_bad_name_of_a_secret_or_variable_is_refused(self, api: HfApi, static: str, key: str) -> None:
        pattern = "fails to match the required pattern: /^[a-zA-Z][_a-zA-Z0-9]*$/"
        for change in (api.add_space_secret, api.add_space_variable):
            status, words = refused(lambda change=change: change(static, key, "value"))
            assert (status, pattern in words) == (400, True)
        assert api.get_space_variables(static) == {}

    def test_a_good_one_is_taken(self, api: HfApi, static: str) -> None:
        assert set(api.add_space_variable(static, "a_1B", "value")) == {"a_1B"}


class TestListing:
    def test_spaces_of_an_author_as_far_as_one_may_see_them(self, api: HfApi, as_user: AsUser, name: str) -> None:
        hidden, shown = f"acme/{name[6:]}-hidden", f"acme/{name[6:]}-shown"
        api.create_repo(hidden, repo_type="space", space_sdk="static", private=True)
        api.create_repo(shown, repo_type="space", space_sdk="docker")
        search = name[6:]

        def seen(client: HfApi) -> list[str]:
            return [space.id for space in client.list_spaces(author="acme", search=search)]

        assert seen(api) == [shown, hidden]
        assert seen(as_user(False)) == [shown]
        assert next(iter(api.list_spaces(author="acme", search="-shown"))).sdk == "docker"
