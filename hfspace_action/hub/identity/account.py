"""Whose token this is and what it may do, as far as the Hub's whoami tells.

Sources: https://huggingface.co/docs/hub/security-tokens; of applications the types of npm's `@huggingface/hub`. The answer is
passed on by `huggingface_hub.whoami` as it is.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from hfspace_action.text import closest

WRITING = frozenset({"contributor", "write", "admin"})
"""Roles in an organisation that may create repositories there."""


_TOKENS = "https://huggingface.co/settings/tokens"
_NEW_TOKEN = (
    f"Create a token of role `write` at {_TOKENS}, and save it in the repository's secrets, under the name that the workflow "
    "passes to `hf-token`."
)


class Refusal(NamedTuple):
    """Why a token may not write, as the end of a sentence, and what to do about it."""

    reason: str
    advice: str


class Namespace(NamedTuple):
    """A user or organisation that the account may own Spaces in. `plan` is the Hub's word, "free" for none, None if it does
    not say; `role` is the account's there; `can_pay` whether there is a payment method."""

    name: str
    role: str | None
    plan: str | None
    can_pay: bool | None


class Account(NamedTuple):
    """The account of a token. `access` is the token's: read, write, fineGrained, or app for an application, which is no user
    and owns nothing; None where the Hub does not say.

    `permissions` are a fine-grained token's, by the name of the namespace or repository that they are for.
    """

    name: str
    token_name: str | None = None
    access: str | None = None
    permissions: Mapping[str, Sequence[str]] = MappingProxyType({})
    namespaces: Mapping[str, Namespace] = MappingProxyType({})

    def namespace(self, name: str) -> Namespace | None:
        """One of the account's namespaces, in whatever case it is written; None if it is not one of them."""
        return self.namespaces.get(name.lower())

    def may_create(self, owner: str) -> bool | None:
        """Whether the account and its token may create Spaces of an owner; None where the Hub does not say."""
        at = self.namespace(owner)
        if self.access == "app":
            return None if at is None else at.role in WRITING
        if self.access == "read" or at is None or (at.role is not None and at.role not in WRITING):
            return False
        if self.access == "fineGrained":
            return "repo.write" in self.permissions.get(owner.lower(), ())
        return None if self.access is None or at.role is None else True

    def why_no_write(self, space: str) -> Refusal:
        """The most likely reason why this account's token may not write to a Space (owner/name), and what helps."""
        owner, _, name = space.partition("/")
        at = self.namespace(owner)
        if self.access == "read":
            return Refusal("it is a read-only token", _NEW_TOKEN)
        if self.access == "app":
            return Refusal(
                f"it is the application '{self.name}', which was not given that right",
                f"Use a token of role `write` of somebody who may write to {space}, from {_TOKENS}.",
            )
        if at is None:
            writable = {key: each for key, each in self.namespaces.items() if self.may_create(key) is not False}
            near = closest(owner, writable)
            meant = f" (did you mean {writable[near].name}/{name}?)" if near else ""
            own = f" ({self.name}/{name} is the account's own)" if not near and self.name.lower() in writable else ""
            return Refusal(
                f"its account '{self.name}' is neither '{owner}' nor a member of it{meant}",
                f"Correct the input `space`{own}, or use a token of somebody who may write to {space}.",
            )
        if owner.lower() == self.name.lower() or at.role in ("write", "admin"):
            if self.access == "fineGrained":
                said = f"Edit the token at {_TOKENS}: give it write access to {space}."
                return Refusal("it is a fine-grained token without that permission", said)
            return Refusal("it may not write there", f"Use a token of role `write`, from {_TOKENS}.")
        own = ", which writes only to Spaces of its own" if at.role == "contributor" else ""
        return Refusal(
            f"its account '{self.name}' has the role '{at.role}' in '{owner}'{own}",
            f"Ask an admin of {owner} for the role `write`, which they give under Members in its settings "
            "(https://huggingface.co/docs/hub/organizations-managing), or use a token of a member who has it.",
        )


def read(said: Mapping[str, Any]) -> Account:
    """The account that whoami describes."""
    name = str(said.get("name", ""))
    if said.get("type") == "app":
        return _application(name, said.get("scope") or {})
    token = (said.get("auth") or {}).get("accessToken") or {}
    own = Namespace(name, "admin", "pro" if said.get("isPro") else "free", said.get("canPay"))
    namespaces = [own, *(_organisation(each) for each in said.get("orgs") or [])]
    scoped = (token.get("fineGrained") or {}).get("scoped") or []
    return Account(
        name,
        token.get("displayName"),
        token.get("role"),
        {str(each.get("entity", {}).get("name", "")).lower(): each.get("permissions") or [] for each in scoped},
        {each.name.lower(): each for each in namespaces},
    )


def _application(name: str, scope: Mapping[str, Any]) -> Account:
    """An application, with the namespaces that it was given rights in."""
    role = scope.get("role")
    given = [Namespace(str(each), role, None, None) for each in scope.get("entities") or []]
    return Account(name, None, "app", {}, {each.name.lower(): each for each in given})


def _organisation(said: Mapping[str, Any]) -> Namespace:
    plan = said.get("plan") or ("enterprise" if said.get("isEnterprise") else None)
    return Namespace(str(said.get("name", "")), said.get("roleInOrg"), plan, said.get("canPay"))
