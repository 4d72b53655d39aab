"""pyhfapi's types as a judge: what they take, and that they refuse what is planted, each kind of error on each side."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit.judge.court import complaints, judgement, summary
from tests.kit.judge.listed import Listed, listed
from tests.kit.judge.routes import find, known
from tests.kit.judge.verdicts import judge
from tests.kit.local import localhub

SPACE = "alice/judged"
Sample = dict[str, Any]
pytestmark = pytest.mark.xdist_group("pyhfapi")  # its import takes a second


@pytest.fixture(scope="module")
def samples() -> Iterator[list[Sample]]:
    """A conversation of the official client with localhub."""
    with localhub("--simulate", "--tick", "0") as hub:
        api = HfApi(hub.endpoint, token="hf_alice")
        api.whoami()
        api.create_repo(SPACE, repo_type="space", space_sdk="docker")
        api.add_space_secret(SPACE, "KEY", "secret")
        added = [CommitOperationAdd("a.txt", b"a"), CommitOperationAdd("model.bin", bytes(2_000_000))]
        api.create_commit(SPACE, added, commit_message="Two files", repo_type="space")
        list(api.list_repo_tree(SPACE, repo_type="space", expand=True))
        api.list_repo_refs(SPACE, repo_type="space", include_pull_requests=True)
        discussion = api.create_discussion(SPACE, "A question", description="Why?", repo_type="space")
        api.comment_discussion(SPACE, discussion.num, "Because", repo_type="space")
        api.get_discussion_details(SPACE, discussion.num, repo_type="space")
        list(api.get_repo_discussions(SPACE, repo_type="space"))
        yield hub.samples()


def sample_of(samples: list[Sample], route: str) -> Sample:
    """A copy of the sample of `POST …/preupload/main`, where route is `POST preupload`."""
    method, last = route.split()
    return copy.deepcopy(
        next(s for s in samples if s["method"] == method and s["route"].removesuffix("/{rev}").endswith(f"/{last}"))
    )


def refused(sample: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    return {(one.side, one.field, one.problem) for one in judge(sample) or []}


def put(*way: str | int, value: Any) -> Callable[[Sample], None]:
    """Put a value where a way leads."""

    def change(sample: Sample) -> None:
        *before, last = way
        place: Any = sample
        for step in before:
            place = place[step]
        place[last] = value

    return change


def drop(*way: str | int) -> Callable[[Sample], None]:
    """Take a field away."""

    def change(sample: Sample) -> None:
        *before, last = way
        place: Any = sample
        for step in before:
            place = place[step]
        del place[last]

    return change


def test_nothing_but_what_is_listed_is_refused_of_a_conversation(samples: list[Sample]) -> None:
    found = judgement(samples, listed(), whole=False)

    assert list(complaints(found)) == []
    assert found.good
    assert len(found.judged) >= 10
    assert f"of {len(found.judged)} routes judged by pyhfapi" in summary(found)


@pytest.mark.parametrize(
    ("route", "change", "expected"),
    [
        ("GET whoami-v2", put("answer", "isPro", value="yes"), ("answer", "isPro", "bool_type")),
        ("GET whoami-v2", drop("answer", "orgs"), ("answer", "orgs", "missing")),
        ("GET whoami-v2", put("answer", "auth", "accessToken", "role", value="owner"), ("answer", "auth.accessToken.role", "literal_error")),
        ("GET whoami-v2", put("answer", "orgs", 0, "planned", value=1), ("answer", "orgs.[].planned", "extra_forbidden")),
        ("POST preupload", put("answer", "files", 0, "uploadMode", value="xet"), ("answer", "files.[].uploadMode", "literal_error")),
        ("POST preupload", drop("answer", "files", 0, "shouldIgnore"), ("answer", "files.[].shouldIgnore", "missing")),
        ("POST preupload", drop("answer", "commitOid"), ("answer", "commitOid", "missing")),
        ("POST preupload", put("request", "files", 0, "size", value="1"), ("request", "files.[].size", "float_type")),
        ("POST preupload", put("request", "gitAttribute", value=""), ("request", "gitAttribute", "extra_forbidden")),
        ("POST preupload", drop("request", "files"), ("request", "files", "missing")),
        ("POST commit", put("query", "create-pr", value=["1"]), ("request", "create-pr", "extra_forbidden")),
        ("POST commit", put("answer", "success", value=1), ("answer", "success", "bool_type")),
        ("POST create", put("request", "sdk", value="dash"), ("request", "sdk", "literal_error")),
        ("POST secrets", put("request", "name", value="KEY"), ("request", "name", "extra_forbidden")),
        ("POST secrets", drop("request", "key"), ("request", "key", "missing")),
        ("GET tree", put("query", "limit", value=["many"]), ("request", "limit", "int_parsing")),
        ("GET tree", put("answer", 0, "type", value="folder"), ("answer", "[].type", "literal_error")),
        ("GET tree", put("answer", 0, "lastCommit", "date", value="yesterday"), ("answer", "[].lastCommit.date", "datetime_parsing")),
        ("GET refs", put("answer", "branches", 0, "targetCommit", value=None), ("answer", "branches.[].targetCommit", "string_type")),
        ("GET discussions", put("answer", "discussions", 0, "status", value="done"), ("answer", "discussions.[].status", "literal_error")),
        ("GET discussions", drop("answer", "discussions", 0, "author", "isMod"), ("answer", "discussions.[].author.isMod", "missing")),
        ("GET {num}", put("answer", "events", 0, "type", value="remark"), ("answer", "events.[].type", "literal_error")),
        ("GET {num}", put("answer", "events", 0, "author", "rank", value=1), ("answer", "events.[].author.rank", "extra_forbidden")),
        ("POST comment", put("request", "text", value="again"), ("request", "text", "extra_forbidden")),
    ],
)  # fmt: skip
def test_a_planted_error_is_refused_where_it_is(
    samples: list[Sample], route: str, change: Callable[[Sample], None], expected: tuple[str, str, str]
) -> None:
    right = sample_of(samples, route)
    wrong = copy.deepcopy(right)

    change(wrong)

    assert refused(wrong) - refused(right) == {expected}
    assert not judgement([wrong], listed(), whole=False).good


def test_an_error_of_the_hub_and_its_request_are_not_judged(samples: list[Sample]) -> None:
    sample = sample_of(samples, "POST preupload") | {"status": 400, "request": {}, "answer": {"error": "No files"}}

    assert judge(sample) == []


def test_a_route_that_pyhfapi_does_not_know_is_counted_apart(samples: list[Sample]) -> None:
    found = judgement(samples, listed(), whole=False)
    odd = sample_of(samples, "POST preupload") | {"path": f"/api/spaces/{SPACE}/elsewhere", "route": "/elsewhere"}

    assert judge(odd) is None
    assert judgement([odd], (), whole=False) == found._replace(
        judged={}, unknown={"POST /elsewhere": 1}, listed=[], refused=[], unneeded=[]
    )


def test_an_entry_that_a_whole_run_does_not_need_fails_it(samples: list[Sample]) -> None:
    stale = Listed("POST /api/*/preupload/{rev}", "answer", "files.[].colour", "extra_forbidden", "a planted one")

    assert judgement(samples, (*listed(), stale), whole=False).good
    found = judgement(samples, (*listed(), stale), whole=True)

    assert not found.good
    assert stale in found.unneeded
    assert any("no longer needed" in line and "colour" in line for line in complaints(found))


@pytest.mark.parametrize(("plan", "covered"), [("app", True), ("robot", False)])
def test_an_entry_holds_where_its_values_are(samples: list[Sample], plan: str, covered: bool) -> None:
    sample = sample_of(samples, "GET whoami-v2")
    sample["answer"]["type"] = plan

    assert judgement([sample], listed(), whole=False).good is covered


def test_every_entry_names_a_route_of_pyhfapi_and_its_evidence() -> None:
    from fnmatch import fnmatchcase

    names = [f"{route.method} {route.template}" for route in known()]
    for entry in listed():
        assert any(fnmatchcase(name, entry.route) for name in names), entry
        assert entry.side in ("request", "answer")
        assert len(entry.why) > 20


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("GET", "/api/spaces/a/b/tree/main", "/api/spaces/{namespace}/{repo}/tree/{rev}/{path}"),
        ("GET", "/api/spaces/a/b/tree/refs%2Fpr%2F1/c/d", "/api/spaces/{namespace}/{repo}/tree/{rev}/{path}"),
        ("POST", "/api/spaces/a/b/secrets", "/api/spaces/{namespace}/{repo}/secrets"),
        ("POST", "/api/models/a/b/discussions/3/merge", "/api/{repo_type}/{namespace}/{repo}/discussions/{num}/merge"),
        ("GET", "/api/spaces/a/b/secrets", None),
        ("GET", "/api/spaces/a/b/runtime", None),
    ],
)
def test_which_route_a_request_is_to(method: str, path: str, template: str | None) -> None:
    found = find(method, path)

    assert (found and found[0].template) == template
