"""What the Hub's answers mean for a deploy, also those that localhub does not give."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pytest

from hfspace_action.commands.parts import judgements
from hfspace_action.errors import Failure
from hfspace_action.hub.identity.account import Account, Namespace
from hfspace_action.inputs.schema import Inputs
from hfspace_action.report.facts import Row
from tests.kit.watch.world import BEFORE, COMMITS

ALICE = Namespace("alice", "admin", "pro", True)
INPUTS = Inputs(space="alice/demo", hf_token="")


def account(access: str | None = "write", permissions: Any = None, **namespaces: Namespace) -> Account:
    return Account("alice", "ci", access, permissions or {}, {"alice": ALICE, **namespaces})


def verdict(answer: Row | Failure) -> bool | str | None:
    return answer.id if isinstance(answer, Failure) else answer.ok


@pytest.mark.parametrize(
    ("who", "owner", "may"),
    [
        (account(), "alice", True),
        (account(), "ALICE", True),
        (account("read"), "alice", False),
        (account(None), "alice", None),
        (account(), "bob", False),
        (account(acme=Namespace("acme", "read", "team", True)), "acme", False),
        (account(acme=Namespace("acme", "contributor", "team", True)), "acme", True),
        (account(acme=Namespace("acme", None, "team", True)), "acme", None),
        (account("fineGrained", {"alice": ["repo.write"]}), "alice", True),
        (account("fineGrained", {"alice": ["repo.content.write"]}), "alice", False),
        (account("fineGrained", {"alice/demo": ["repo.write"]}), "alice", False),
    ],
)
def test_who_may_create(who: Account, owner: str, may: bool | None) -> None:
    assert who.may_create(owner) is may
    assert verdict(judgements.creating(who, f"{owner}/demo")) == ("no-write-access" if may is False else may)


class Plan(NamedTuple):
    """A plan, what is to be created with it, and the judgement."""

    plan: str | None
    sdk: str
    hardware: str | None
    judged: bool | str | None


@pytest.mark.parametrize(
    "case",
    [
        Plan(plan="free", sdk="static", hardware=None, judged=True),
        Plan(plan=None, sdk="static", hardware=None, judged=True),
        Plan(plan="free", sdk="docker", hardware=None, judged="plan-needed"),
        Plan(plan="free", sdk="gradio", hardware="cpu-basic", judged="plan-needed"),
        Plan(plan="free", sdk="gradio", hardware="zero-a10g", judged=None),
        Plan(plan="free", sdk="docker", hardware="zero-a10g", judged="plan-needed"),
        Plan(plan="free", sdk="gradio", hardware="zerogpu", judged=None),
        Plan(plan="free", sdk="docker", hardware="t4-small", judged=True),
        Plan(plan="pro", sdk="gradio", hardware=None, judged=True),
        Plan(plan="team", sdk="docker", hardware="t4-small", judged=True),
        Plan(plan="enterprise", sdk="docker", hardware=None, judged=True),
        Plan(plan="a-new-one", sdk="docker", hardware=None, judged=None),
        Plan(plan=None, sdk="docker", hardware=None, judged=None),
    ],
    ids=lambda case: f"{case.plan} {case.sdk} {case.hardware}",
)
def test_plans(case: Plan) -> None:
    at = ALICE._replace(plan=case.plan)

    assert verdict(judgements.plan("alice", at, case.sdk, case.hardware, "alice/demo")) == case.judged


@pytest.mark.parametrize(("can_pay", "judged"), [(True, True), (False, None), (None, None)])
def test_what_is_paid_by_the_hour_needs_no_plan(can_pay: bool | None, judged: bool | None) -> None:
    at = ALICE._replace(plan="free", can_pay=can_pay)

    assert verdict(judgements.plan("alice", at, "docker", "t4-small", "alice/demo")) is judged
    assert verdict(judgements.plan("bob", None, "docker", "t4-small", "bob/demo")) is None


def test_the_plan_of_a_namespace_that_the_account_is_not_in_is_not_guessed() -> None:
    assert verdict(judgements.plan("bob", None, "docker", None, "bob/demo")) is None


@pytest.mark.parametrize(
    ("price", "can_pay", "judged"),
    [
        (0, False, True), (None, False, True), (0.4, True, True), (0.4, False, "payment-needed"), (0.4, None, None),
    ],
)  # fmt: skip
def test_hardware_and_who_pays_for_it(price: float | None, can_pay: bool | None, judged: bool | str | None) -> None:
    at = ALICE._replace(can_pay=can_pay)

    assert verdict(judgements.hardware("t4-small", price, "alice", at, "alice/demo")) == judged


class State(NamedTuple):
    """A Space that differs from one that runs, the inputs, and the judgement."""

    seen: dict[str, Any]
    inputs: dict[str, Any]
    judged: bool | str | None
    words: str


STATES = [
    State(seen={}, inputs={}, judged=True, words="RUNNING, runs its head aaaaaaa, public"),
    State(
        seen={"runtime_sha": COMMITS["new"]},
        inputs={},
        judged=True,
        words="RUNNING, runs bbbbbbb, head aaaaaaa, public",
    ),
    State(seen={"runtime_sha": None}, inputs={}, judged=True, words="RUNNING, head aaaaaaa, public"),
    State(seen={"stage": "SLEEPING"}, inputs={}, judged=True, words="SLEEPING"),
    State(
        seen={"stage": "BUILD_ERROR", "error_message": "no\nsuch file"},
        inputs={},
        judged=None,
        words="a deploy may mend it (no such file)",
    ),
    State(seen={"stage": "SOMETHING_NEW"}, inputs={}, judged=None, words="SOMETHING_NEW"),
    State(seen={"stage": None}, inputs={}, judged=None, words="without a stage"),
    State(seen={"stage": "PAUSED"}, inputs={}, judged=None, words="a deploy restarts it"),
    State(seen={"stage": "STOPPED"}, inputs={"resume": False}, judged="paused", words=""),
    State(
        seen={"stage": "PAUSED"},
        inputs={"resume": False, "wait": False},
        judged=None,
        words="a deploy with `wait` restarts it",
    ),
    State(seen={"stage": "DELETING"}, inputs={}, judged="stage-deleting", words=""),
]


@pytest.mark.parametrize("case", STATES, ids=lambda case: str({**case.seen, **case.inputs}))
def test_the_state_of_a_space(case: State) -> None:
    told = judgements.state(BEFORE._replace(**case.seen), replace(INPUTS, **case.inputs))

    assert verdict(told) == case.judged
    assert isinstance(told, Failure) or case.words in told.detail


@pytest.mark.parametrize(
    ("access", "words"),
    [
        ("read", "a classic one of role read"),
        ("write", "a classic one of role write"),
        ("fineGrained", "a fine-grained one"),
        (None, "of a kind that the Hub does not name"),
        ("a-new-one", "of a kind that the Hub does not name"),
    ],
)
def test_kinds_of_tokens(access: str | None, words: str) -> None:
    assert words in judgements.token(account(access)).detail


@dataclass(frozen=True)
class Limit:
    remaining: int
    limit: int | None
    reset_in_seconds: int


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (None, Row(None, "the Hub does not say")),
        (Limit(2480, 2500, 55), Row(True, "2,480 of 2,500 requests left for the next 55 s")),
        (Limit(7, None, 55), Row(True, "7 requests left for the next 55 s")),
        (
            Limit(0, 1000, 9),
            Row(None, "0 of 1,000 requests left for the next 9 s; a deploy would wait for the next window", warns=True),
        ),
    ],
)
def test_what_is_left_of_the_rate_limit(limit: Limit | None, told: Row) -> None:
    assert judgements.rate(limit) == told
