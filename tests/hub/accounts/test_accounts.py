"""Who may do what: tokens, plans, roles, and the words in which the Hub refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from localhub.accounts.accounts import Accounts
from tests.kit.local import localhub

AsUser = Callable[[str | bool], HfApi]


def refusal(error: pytest.ExceptionInfo[HfHubHTTPError]) -> tuple[int, str]:
    return error.value.response.status_code, error.value.response.headers["X-Error-Message"]


def test_whoami_tells_user_plan_token_role_and_organisations(api: HfApi) -> None:
    me = api.whoami()
    assert (me["name"], me["isPro"], me["auth"]["accessToken"]["role"]) == ("alice", True, "write")
    assert [(org["name"], org["plan"], org["roleInOrg"]) for org in me["orgs"]] == [("acme", "team", "admin")]


def test_whoami_with_a_read_token_says_read(as_user: AsUser) -> None:
    assert as_user("hf_alice_read").whoami()["auth"]["accessToken"]["role"] == "read"


def test_whoami_with_an_unknown_token_is_401(as_user: AsUser) -> None:
    with pytest.raises(HfHubHTTPError) as error:
        as_user("hf_nobody").whoami()
    assert refusal(error) == (401, "Invalid credentials in Authorization header")


def test_an_unknown_token_is_refused_even_for_a_public_repository(api: HfApi, as_user: AsUser, name: str) -> None:
    api.create_repo(name)
    with pytest.raises(HfHubHTTPError) as error:
        as_user("hf_nobody").repo_info(name)
    assert refusal(error) == (401, "Invalid credentials in Authorization header")


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_a_repository_that_does_not_exist_is_not_found(api: HfApi, as_user: AsUser, kind: str) -> None:
    for client, status in [(api, 404), (as_user(False), 401)]:
        with pytest.raises(RepositoryNotFoundError) as error:
            client.auth_check("alice/nothing-here", repo_type=kind)
        assert error.value.response.status_code == status
        assert error.value.response.headers["X-Error-Code"] == "RepoNotFound"


def test_a_private_repository_is_not_found_by_others(api: HfApi, as_user: AsUser, name: str) -> None:
    api.create_repo(name, private=True)
    for token in ["hf_bob", False]:
        with pytest.raises(RepositoryNotFoundError):
            as_user(token).auth_check(name)
    api.auth_check(name)


def test_auth_check_write_tells_owner_reader_and_stranger_apart(api: HfApi, as_user: AsUser, name: str) -> None:
    api.create_repo(name)
    api.auth_check(name, write=True)
    for token, message in [
        ("hf_alice_read", "Forbidden: you must use a write token to upload to a repository."),
        ("hf_bob", "Forbidden: pass `create_pr=1` as a query parameter to create a Pull Request."),
    ]:
        as_user(token).auth_check(name)
        with pytest.raises(HfHubHTTPError) as error:
            as_user(token).auth_check(name, write=True)
        assert refusal(error) == (403, message)


def test_a_member_who_may_only_read_an_organisation_sees_its_private_repositories(
    api: HfApi, as_user: AsUser, name: str
) -> None:
    of_acme = name.replace("alice/", "acme/")
    api.create_repo(of_acme, private=True)
    as_user("hf_bob").auth_check(of_acme)
    with pytest.raises(HfHubHTTPError) as error:
        as_user("hf_bob").auth_check(of_acme, write=True)
    assert error.value.response.status_code == 403


@pytest.mark.parametrize("sdk", ["gradio", "docker"])
def test_a_free_account_may_not_create_a_space_that_runs(as_user: AsUser, sdk: str) -> None:
    with pytest.raises(HfHubHTTPError) as error:
        as_user("hf_bob").create_repo("bob/app", repo_type="space", space_sdk=sdk)
    assert refusal(error) == (
        402,
        "Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO "
        "subscription. Subscribe at https://huggingface.co/pro",
    )


@pytest.mark.parametrize(
    ("token", "space", "sdk"),
    [("hf_bob", "bob/page", "static"), ("hf_alice", "alice/app", "gradio"), ("hf_alice", "acme/app", "docker")],
    ids=["free-static", "pro-gradio", "team-docker"],
)
def test_a_plan_allows_a_space(as_user: AsUser, endpoint: str, token: str, space: str, sdk: str) -> None:
    assert as_user(token).create_repo(space, repo_type="space", space_sdk=sdk) == f"{endpoint}/spaces/{space}"


@pytest.mark.parametrize(
    ("token", "repo"),
    [("hf_alice_read", "alice/x"), ("hf_bob", "alice/x"), ("hf_bob", "acme/x"), ("hf_alice", "nobody/x")],
    ids=["read-token", "stranger", "reading-member", "unknown-namespace"],
)
def test_who_has_no_rights_in_a_namespace_creates_nothing_there(as_user: AsUser, token: str, repo: str) -> None:
    with pytest.raises(HfHubHTTPError) as error:
        as_user(token).create_repo(repo)
    namespace = repo.partition("/")[0]
    assert refusal(error) == (403, f'You don\'t have the rights to create a model under the namespace "{namespace}"')


def test_a_read_token_may_not_delete_or_change_settings(api: HfApi, as_user: AsUser, name: str) -> None:
    api.create_repo(name)
    reader = as_user("hf_alice_read")
    for change in [lambda: reader.delete_repo(name), lambda: reader.update_repo_settings(name, visibility="private")]:
        with pytest.raises(HfHubHTTPError) as error:
            change()
        assert error.value.response.status_code == 403
    assert api.repo_info(name).private is False


def test_a_repository_exists_once_whatever_the_case_of_its_name(api: HfApi, endpoint: str, name: str) -> None:
    api.create_repo(name)
    with pytest.raises(HfHubHTTPError) as error:
        api.create_repo(name.upper().replace("ALICE", "Alice"))
    assert error.value.response.status_code == 409
    assert error.value.response.json() == {
        "error": "You already created this model repo",
        "url": f"{endpoint}/{name.upper().replace('ALICE', 'alice')}",
    }
    assert api.create_repo(name, exist_ok=True).repo_id == name
    assert api.repo_info(name.upper()).id == name


@pytest.mark.parametrize("bad", ["a--b", "a..b", "-a", "a.", "a.git", "a b", "a" * 97, "", None])
def test_a_bad_name_is_refused(http: httpx2.Client, bad: str | None) -> None:
    answer = http.post("/api/repos/create", json={"name": bad}, headers={"authorization": "Bearer hf_alice"})
    assert answer.status_code == 400
    assert "Invalid repo name" in answer.json()["error"]


def test_a_deleted_repository_is_gone_and_its_name_is_free(api: HfApi, name: str) -> None:
    api.create_repo(name)
    api.delete_repo(name)
    assert not api.repo_exists(name)
    with pytest.raises(RepositoryNotFoundError):
        api.delete_repo(name)
    api.delete_repo(name, missing_ok=True)
    api.create_repo(name)


def test_a_repository_moves_with_its_commits(api: HfApi, name: str) -> None:
    api.create_repo(name)
    head = api.repo_info(name).sha
    api.move_repo(name, f"{name}-elsewhere")
    assert api.repo_info(f"{name}-elsewhere").sha == head
    assert not api.repo_exists(name)


def test_a_space_that_moves_keeps_its_settings_and_its_address(api: HfApi, name: str) -> None:
    api.create_repo(name, repo_type="space", space_sdk="docker", space_variables=[{"key": "V", "value": "1"}])
    host = api.space_info(name).host
    to = name.replace("alice/", "acme/moved-")
    api.move_repo(name, to, repo_type="space")
    assert (api.space_info(to).host, api.get_space_variables(to)["V"].value) == (host, "1")
    api.add_space_variable(to, "V", "2")
    assert api.get_space_variables(to)["V"].value == "2"


def test_visibility_is_set_and_reported(api: HfApi, as_user: AsUser, name: str) -> None:
    api.create_repo(name, repo_type="space", space_sdk="static")
    for visibility in ["private", "protected", "public"]:
        api.update_repo_settings(name, repo_type="space", visibility=visibility)
        assert api.space_info(name).visibility == visibility
        assert as_user("hf_bob").repo_exists(name, repo_type="space") is (visibility == "public")


def test_accounts_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "accounts.yml"
    file.write_text(
        "users: [{name: carol, plan: free, tokens: {hf_c: write}}]\n"
        "orgs: [{name: lab, plan: enterprise, members: {carol: contributor}}]\n"
    )
    with localhub("--accounts", str(file)) as hub:
        carol = HfApi(hub.endpoint, token="hf_c")
        assert [org["name"] for org in carol.whoami()["orgs"]] == ["lab"]
        carol.create_repo("lab/app", repo_type="space", space_sdk="gradio")
        carol.auth_check("lab/app", repo_type="space", write=True)
        with pytest.raises(HfHubHTTPError):
            HfApi(hub.endpoint, token="hf_alice").whoami()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[]", "expected a mapping of users and orgs"),
        ("people: []", "people"),
        ("users: [{plan: pro}]", "without a name"),
        ("users: [{name: x, plan: gold}]", "'gold' is not one of free, pro"),
        ("users: [{name: x}]\norgs: [{name: X}]", "two accounts are called 'X'"),
        ("users: [{name: x, plans: pro}]", "x: unknown plans"),
        ("users: [{name: x, canPay: maybe}]", "canPay is true or false"),
        ("users: [{name: x, tokens: {hf_x: admin}}]", "a token is read, write, app or"),
        ("users: [{name: x, tokens: {hf_x: {role: fineGrained, scoped: [x]}}}]", "scoped is a list of"),
    ],
)
def test_an_accounts_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "accounts.yml"
    file.write_text(text)
    with pytest.raises(ValueError, match=complaint):
        Accounts.load(file)


DORA = """
users:
  - name: dora
    plan: pro
    canPay: false
    tokens:
      hf_dora: write
      hf_ns: {role: fineGrained, scoped: [{entity: dora, permissions: [repo.write]}]}
      hf_one: {role: fineGrained, scoped: [{entity: dora/one, permissions: [repo.content.read, repo.write]}]}
      hf_content: {role: fineGrained, scoped: [{entity: dora/one, permissions: [repo.content.write]}]}
      hf_talk: {role: fineGrained, scoped: [{entity: dora/one, permissions: [repo.content.read, discussion.write]}]}
      hf_other: {role: fineGrained, scoped: [{entity: lab, permissions: [repo.write]}]}
orgs:
  - {name: lab, plan: team, members: {dora: read}}
"""


@pytest.fixture(scope="module")
def dora(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsUser]:
    """Somebody with fine-grained tokens and two private Spaces."""
    file = tmp_path_factory.mktemp("accounts") / "accounts.yml"
    file.write_text(DORA)
    with localhub("--accounts", str(file)) as hub:
        owner = HfApi(hub.endpoint, token="hf_dora")
        for space in ("dora/one", "dora/two"):
            owner.create_repo(space, repo_type="space", space_sdk="static", private=True)
        yield lambda token: HfApi(hub.endpoint, token=token)


class TestFineGrainedTokens:
    """Tokens whose permissions are listed one by one."""

    def test_whoami_lists_what_they_may(self, dora: AsUser) -> None:
        me = dora("hf_one").whoami()
        token = me["auth"]["accessToken"]
        scope = token["fineGrained"]["scoped"][0]
        assert (me["name"], me["canPay"], token["role"]) == ("dora", False, "fineGrained")
        assert (scope["entity"]["type"], scope["entity"]["name"]) == ("space", "dora/one")
        assert scope["permissions"] == ["repo.content.read", "repo.write"]
        assert [
            each["entity"]["type"]
            for token in ("hf_ns", "hf_other")
            for each in dora(token).whoami()["auth"]["accessToken"]["fineGrained"]["scoped"]
        ] == ["user", "org"]

    def test_one_repository(self, dora: AsUser) -> None:
        client = dora("hf_one")
        client.auth_check("dora/one", repo_type="space", write=True)
        client.add_space_variable("dora/one", "KEY", "value")
        with pytest.raises(RepositoryNotFoundError):
            client.auth_check("dora/two", repo_type="space")
        with pytest.raises(HfHubHTTPError) as error:
            client.create_repo("dora/three", repo_type="space", space_sdk="static")
        assert refusal(error) == (403, 'You don\'t have the rights to create a space under the namespace "dora"')

    def test_a_namespace(self, dora: AsUser) -> None:
        client = dora("hf_ns")
        client.create_repo("dora/new", repo_type="space", space_sdk="static")
        client.auth_check("dora/two", repo_type="space", write=True)
        client.delete_repo("dora/new", repo_type="space")

    def test_contents_but_not_settings(self, dora: AsUser) -> None:
        client, owner = dora("hf_content"), dora("hf_dora")
        owner.update_repo_settings("dora/one", repo_type="space", visibility="public")
        client.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="dora/one", repo_type="space")
        for change in [
            lambda: client.add_space_variable("dora/one", "KEY", "value"),
            lambda: client.delete_repo("dora/one", repo_type="space"),
        ]:
            with pytest.raises(HfHubHTTPError) as error:
                change()
            assert error.value.response.status_code == 403
        owner.update_repo_settings("dora/one", repo_type="space", visibility="private")

    def test_discussions_but_not_contents(self, dora: AsUser) -> None:
        client = dora("hf_talk")
        assert client.create_discussion("dora/one", "Hello", repo_type="space").num
        with pytest.raises(HfHubHTTPError) as error:
            client.upload_file(path_or_fileobj=b"x", path_in_repo="y", repo_id="dora/one", repo_type="space")
        assert error.value.response.status_code == 403

    def test_a_token_gives_no_more_than_its_owner_has(self, dora: AsUser) -> None:
        with pytest.raises(HfHubHTTPError) as error:
            dora("hf_other").create_repo("lab/x", repo_type="space", space_sdk="static")
        assert error.value.response.status_code == 403
