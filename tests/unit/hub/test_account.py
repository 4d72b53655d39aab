"""What whoami tells of a token, as the Hub's documentation and recorded answers have it."""

from typing import Any

import pytest

from hfspace_action.hub.identity import account

WHOAMI = {
    "type": "user", "name": "Alice", "isPro": True, "canPay": True,
    "orgs": [
        {"name": "acme", "roleInOrg": "read", "plan": "team", "canPay": True},
        {"name": "lab", "roleInOrg": "write", "isEnterprise": True},
        {"name": "club", "roleInOrg": "contributor"},
    ],
    "auth": {"type": "access_token", "accessToken": {"displayName": "ci", "role": "write"}},
}  # fmt: skip


def test_an_account_has_its_own_namespace_and_those_of_its_organisations() -> None:
    read = account.read(WHOAMI)

    assert (read.name, read.token_name, read.access) == ("Alice", "ci", "write")
    assert [(each.name, each.role, each.plan) for each in read.namespaces.values()] == [
        ("Alice", "admin", "pro"),
        ("acme", "read", "team"),
        ("lab", "write", "enterprise"),
        ("club", "contributor", None),
    ]
    assert read.namespace("ALICE") == read.namespace("alice")


def test_a_fine_grained_token_has_its_permissions_by_entity() -> None:
    scoped = [{"entity": {"name": "alice/Demo", "type": "space"}, "permissions": ["repo.content.write"]}]
    token = {"role": "fineGrained", "fineGrained": {"scoped": scoped, "global": []}}

    assert account.read({**WHOAMI, "auth": {"accessToken": token}}).permissions == {
        "alice/demo": ["repo.content.write"]
    }


def test_an_answer_with_next_to_nothing_in_it_is_read() -> None:
    read = account.read({"name": "bob", "auth": {}})

    assert (read.name, read.access, read.permissions) == ("bob", None, {})


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ({"entities": ["alice"], "role": "write"}, True),
        ({"entities": ["alice"], "role": "read"}, False),
        ({"entities": ["acme"], "role": "write"}, None),
        (None, None),
    ],
)
def test_an_application_is_no_user_and_owns_nothing(scope: dict[str, Any] | None, may: bool | None) -> None:
    read = account.read({"type": "app", "name": "deployer", "scope": scope, "auth": {"type": "app_token"}})

    assert (read.name, read.access) == ("deployer", "app")
    assert read.namespace("deployer") is None
    assert read.may_create("alice") is may
    assert "application 'deployer'" in read.why_no_write("alice/x").reason


@pytest.mark.parametrize(
    ("space", "access", "reason"),
    [
        ("alice/x", "read", "it is a read-only token"),
        ("alice/x", "fineGrained", "it is a fine-grained token without that permission"),
        ("lab/x", "write", "it may not write there"),
        ("acme/x", "write", "its account 'Alice' has the role 'read' in 'acme'"),
        (
            "club/x",
            "write",
            "its account 'Alice' has the role 'contributor' in 'club', which writes only to Spaces of its own",
        ),
        ("other/x", "write", "its account 'Alice' is neither 'other' nor a member of it"),
        ("alcie/x", "write", "its account 'Alice' is neither 'alcie' nor a member of it (did you mean Alice/x?)"),
        (
            "acme-ai/x",
            "write",
            "its account 'Alice' is neither 'acme-ai' nor a member of it",
        ),  # in acme it may only read
        ("lap/x", "write", "its account 'Alice' is neither 'lap' nor a member of it (did you mean lab/x?)"),
    ],
)
def test_a_refused_write_has_a_likely_reason(space: str, access: str, reason: str) -> None:
    said = {**WHOAMI, "auth": {"accessToken": {"role": access}}}

    assert account.read(said).why_no_write(space).reason == reason


@pytest.mark.parametrize(
    ("space", "access", "advice", "not_said"),
    [
        ("alice/x", "read", "Create a token of role `write` at https://huggingface.co/settings/tokens", "admin"),
        ("alice/x", "fineGrained", "Edit the token at https://huggingface.co/settings/tokens", "admin"),
        ("acme/x", "write", "Ask an admin of acme for the role `write`", "settings/tokens"),
        ("other/x", "write", "Correct the input `space` (Alice/x is the account's own), or use a token of", "admin"),
        ("lap/x", "write", "Correct the input `space`, or use a token of somebody", "own"),
        ("other/x", "fineGrained", "Correct the input `space`, or use a token of somebody", "own"),
    ],
)
def test_the_advice_is_the_owners_or_the_organisations(space: str, access: str, advice: str, not_said: str) -> None:
    said = {**WHOAMI, "auth": {"accessToken": {"role": access}}}

    told = account.read(said).why_no_write(space).advice

    assert told.startswith(advice)
    assert not_said not in told
