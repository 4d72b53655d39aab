"""What the Hub's answers mean for a deploy, also those that localhub does not give."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from hfspace_action.commands import judgements
from hfspace_action.errors import Failure
from hfspace_action.hub.account import Account, Namespace
from hfspace_action.inputs.schema import Inputs
from hfspace_action.report.facts import Row
from tests.kit.world import BEFORE, COMMITS

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


@pytest.mark.parametrize(
    ("plan", "sdk", "hardware", "judged"),
    [
        ("free", "static", None, True),
        (None, "static", None, True),
        ("free", "docker", None, "plan-needed"),
        ("free", "gradio", "cpu-basic", "plan-needed"),
        ("free", "gradio", "zero-a10g", None),
        ("free", "docker", "zero-a10g", "plan-needed"),
        ("pro", "gradio", None, True),
        ("team", "docker", "t4-small", True),
        ("enterprise", "docker", None, True),
        ("a-new-one", "docker", None, None),
        (None, "docker", None, None),
    ],
)
def test_plans(plan: str | None, sdk: str, hardware: str | None, judged: bool | str | None) -> None:
    at = replace(ALICE, plan=plan)

    assert verdict(judgements.plan("alice", at, sdk, hardware, "alice/demo")) == judged


def test_the_plan_of_a_namespace_that_the_account_is_not_in_is_not_guessed() -> None:
    assert verdict(judgements.plan("bob", None, "docker", None, "bob/demo")) is None


@pytest.mark.parametrize(
    ("price", "can_pay", "judged"),
    [
        (0, False, True), (None, False, True), (0.4, True, True), (0.4, False, "payment-needed"), (0.4, None, None),
    ],
)  # fmt: skip
def test_hardware_and_who_pays_for_it(price: float | None, can_pay: bool | None, judged: bool | str | None) -> None:
    at = replace(ALICE, can_pay=can_pay)

    assert verdict(judgements.hardware("t4-small", price, "alice", at, "alice/demo")) == judged


STATES: list[tuple[dict[str, Any], dict[str, Any], bool | str | None, str]] = [
    ({}, {}, True, "RUNNING, runs its head aaaaaaa, public"),
    ({"runtime_sha": COMMITS["new"]}, {}, True, "RUNNING, runs bbbbbbb, head aaaaaaa, public"),
    ({"runtime_sha": None}, {}, True, "RUNNING, head aaaaaaa, public"),
    ({"stage": "SLEEPING"}, {}, True, "SLEEPING"),
    ({"stage": "BUILD_ERROR", "error_message": "no\nsuch file"}, {}, None, "a deploy may mend it (no such file)"),
    ({"stage": "SOMETHING_NEW"}, {}, None, "SOMETHING_NEW"),
    ({"stage": None}, {}, None, "without a stage"),
    ({"stage": "PAUSED"}, {}, None, "a deploy restarts it"),
    ({"stage": "STOPPED"}, {"resume": False}, "paused", ""),
    ({"stage": "PAUSED"}, {"resume": False, "wait": False}, None, "a deploy with `wait` restarts it"),
    ({"stage": "DELETING"}, {}, "stage-deleting", ""),
]


@pytest.mark.parametrize(("seen", "inputs", "judged", "words"), STATES)
def test_the_state_of_a_space(
    seen: dict[str, Any], inputs: dict[str, Any], judged: bool | str | None, words: str
) -> None:
    told = judgements.state(replace(BEFORE, **seen), replace(INPUTS, **inputs))

    assert verdict(told) == judged
    assert isinstance(told, Failure) or words in told.detail


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
            Row(None, "0 of 1,000 requests left for the next 9 s; a deploy would wait for the next window"),
        ),
    ],
)
def test_what_is_left_of_the_rate_limit(limit: Limit | None, told: Row) -> None:
    assert judgements.rate(limit) == told
