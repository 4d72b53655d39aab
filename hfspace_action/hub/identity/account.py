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

    def why_no_write(self, space: str) -> str:
        """The most likely reason why this account's token may not write to a Space (owner/name)."""
        owner, _, name = space.partition("/")
        at = self.namespace(owner)
        if self.access == "read":
            return "it is a read-only token"
        if self.access == "app":
            return f"it is the application '{self.name}', which was not given that right"
        if at is None:
            near = closest(owner, self.namespaces)
            meant = f" (did you mean {self.namespaces[near].name}/{name}?)" if near else ""
            return f"its account '{self.name}' is neither '{owner}' nor a member of it{meant}"
        if owner.lower() == self.name.lower() or at.role in ("write", "admin"):
            fine_grained = self.access == "fineGrained"
            return "it is a fine-grained token without that permission" if fine_grained else "it may not write there"
        own = ", which writes only to Spaces of its own" if at.role == "contributor" else ""
        return f"its account '{self.name}' has the role '{at.role}' in '{owner}'{own}"


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
