"""Who there is: users with plans and tokens, organisations with plans and members."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml

Plan = Literal["free", "pro", "team", "enterprise"]
Role = Literal["read", "contributor", "write", "admin"]
Rights = Literal["read", "write"]

DEFAULT = """
users:
  - {name: alice, plan: pro, tokens: {hf_alice: write, hf_alice_read: read}}
  - {name: bob, plan: free, tokens: {hf_bob: write}}
orgs:
  - {name: acme, plan: team, members: {alice: admin, bob: read}}
"""


@dataclass(frozen=True, slots=True)
class User:
    """A person."""

    name: str
    plan: Plan = "free"
    tokens: Mapping[str, Rights] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Org:
    """An organisation; `members` maps user names to roles."""

    name: str
    plan: Plan = "free"
    members: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who makes a request, and what the token that says so allows."""

    user: User
    rights: Rights


class Accounts:
    """All accounts of a localhub. Names compare case-insensitively, as on the Hub."""

    def __init__(self, users: list[User], orgs: list[Org]) -> None:
        self._namespaces: dict[str, User | Org] = {}
        accounts: list[User | Org] = [*users, *orgs]
        for account in accounts:
            if self._namespaces.setdefault(account.name.lower(), account) is not account:
                raise ValueError(f"two accounts are called {account.name!r}")
        self._tokens = {token: Identity(user, role) for user in users for token, role in user.tokens.items()}
        self.orgs = tuple(orgs)

    @classmethod
    def load(cls, file: Path | None = None) -> "Accounts":
        """The accounts described by a YAML file, or alice, bob and acme. Raises ValueError naming what is wrong."""
        data = yaml.safe_load(file.read_text("utf-8") if file else DEFAULT)
        if not isinstance(data, dict) or set(data) - {"users", "orgs"}:
            raise ValueError(f"accounts: expected a mapping of users and orgs, got {data!r}")
        users = [
            User(_name(u), _one_of(Plan, u.get("plan", "free")), _values(Rights, u.get("tokens")))
            for u in data.get("users") or []
        ]
        orgs = [
            Org(_name(o), _one_of(Plan, o.get("plan", "free")), _values(Role, o.get("members")))
            for o in data.get("orgs") or []
        ]
        return cls(users, orgs)

    def identity(self, token: str) -> Identity | None:
        """Whose token this is."""
        return self._tokens.get(token)

    def namespace(self, name: str) -> User | Org | None:
        """The user or organisation that repositories `name/...` belong to."""
        return self._namespaces.get(name.lower())

    def role(self, user: User, namespace: str) -> Role | None:
        """What `user` is in a namespace: admin at home, a member's role in an organisation, None elsewhere."""
        account = self.namespace(namespace)
        if isinstance(account, User):
            return "admin" if account is user else None
        return account.members.get(user.name) if account else None


def account_id(name: str) -> str:
    """A stable 24-digit id, the shape of the Hub's."""
    return sha256(name.lower().encode()).hexdigest()[:24]


def _name(entry: Mapping[str, Any]) -> str:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ValueError(f"accounts: an entry without a name: {entry!r}")  # noqa: TRY004 - a value of the user's
    return cast(str, entry["name"])


def _one_of(kind: Any, value: object) -> Any:
    if value not in get_args(kind):
        raise ValueError(f"accounts: {value!r} is not one of {', '.join(get_args(kind))}")
    return value


def _values(kind: Any, mapping: object) -> Any:
    if not isinstance(mapping or {}, dict):
        raise ValueError(f"accounts: expected a mapping, got {mapping!r}")  # noqa: TRY004 - a value of the user's
    return {str(key): _one_of(kind, value) for key, value in cast(dict[str, object], mapping or {}).items()}
