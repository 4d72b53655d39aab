"""Who there is: users with plans and tokens, organisations with plans and members."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, cast, get_args

import yaml

from .tokens import Token

Plan = Literal["free", "pro", "team", "enterprise"]
Role = Literal["read", "contributor", "write", "admin"]

DEFAULT = """
users:
  - {name: alice, plan: pro, tokens: {hf_alice: write, hf_alice_read: read}}
  - {name: bob, plan: free, tokens: {hf_bob: write}}
orgs:
  - {name: acme, plan: team, members: {alice: admin, bob: read}}
"""
_TOKEN = re.compile(rb"(?<![A-Za-z0-9_])hf_[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class User:
    """A person. `can_pay`: there is a payment method."""

    name: str
    plan: Plan = "free"
    can_pay: bool = False
    tokens: Mapping[str, Token] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Org:
    """An organisation; `members` maps user names to roles."""

    name: str
    plan: Plan = "free"
    can_pay: bool = False
    members: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who makes a request, and what the token that says so allows.

    `repository` is set for a trusted publisher's token: the `object_id` of the only repository it is good for.
    """

    user: User
    token: Token
    repository: str | None = None


class Accounts:
    """All accounts of a localhub. Names compare case-insensitively, as on the Hub."""

    def __init__(self, users: list[User], orgs: list[Org]) -> None:
        self._namespaces: dict[str, User | Org] = {}
        accounts: list[User | Org] = [*users, *orgs]
        for account in accounts:
            if self._namespaces.setdefault(account.name.lower(), account) is not account:
                raise ValueError(f"two accounts are called {account.name!r}")
        self._tokens = {value: Identity(user, token) for user in users for value, token in user.tokens.items()}
        self.orgs = tuple(orgs)

    @classmethod
    def load(cls, file: Path | None = None) -> "Accounts":
        """The accounts described by a YAML file, or alice, bob and acme. Raises ValueError naming what is wrong."""
        data = yaml.safe_load(file.read_text("utf-8") if file else DEFAULT)
        if not isinstance(data, dict) or set(data) - {"users", "orgs"}:
            raise ValueError(f"accounts: expected a mapping of users and orgs, got {data!r}")
        users = [
            User(
                *_common(entry), {str(value): Token.parse(token) for value, token in _mapping(entry, "tokens").items()}
            )
            for entry in data.get("users") or []
        ]
        orgs = [
            Org(*_common(entry), {str(user): _one_of(Role, role) for user, role in _mapping(entry, "members").items()})
            for entry in data.get("orgs") or []
        ]
        return cls(users, orgs)

    def identity(self, token: str) -> Identity | None:
        """Whose token this is."""
        return self._tokens.get(token)

    @property
    def holders(self) -> tuple[Identity, ...]:
        """Who holds a token, in the file's order; without the tokens."""
        return tuple(self._tokens.values())

    def namespace(self, name: str) -> User | Org | None:
        """The user or organisation that repositories `name/...` belong to."""
        return self._namespaces.get(name.lower())

    def role(self, user: User, namespace: str) -> Role | None:
        """What `user` is in a namespace: admin at home, a member's role in an organisation, None elsewhere."""
        account = self.namespace(namespace)
        if isinstance(account, User):
            return "admin" if account is user else None
        return account.members.get(user.name) if account else None

    def paid(self, namespace: str) -> bool:
        """Whether a namespace has a plan that costs something."""
        account = self.namespace(namespace)
        return account is not None and account.plan != "free"

    def tokens_in(self, content: bytes) -> Iterator[str]:
        """The tokens of this Hub that stand in a file, for everybody to read and use."""
        if b"hf_" not in content:  # a plain search takes a tenth of the expression's time
            return
        for found in dict.fromkeys(_TOKEN.findall(content)):
            if (value := found.decode("ascii")) in self._tokens:
                yield value


def account_id(name: str) -> str:
    """A stable 24-digit id, the shape of the Hub's."""
    return sha256(name.lower().encode()).hexdigest()[:24]


def avatar(name: str) -> str:
    """Where the picture of an account would be, as the Hub writes the address of one that it draws itself."""
    return f"/avatars/{account_id(name)}.svg"


def _common(entry: Any) -> tuple[str, Plan, bool]:
    """Name, plan, and whether there is a payment method: by default if the plan costs something."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ValueError(f"accounts: an entry without a name: {entry!r}")  # noqa: TRY004 - a value of the user's
    if unknown := entry.keys() - {"name", "plan", "canPay", "tokens", "members"}:
        raise ValueError(f"accounts: {entry['name']}: unknown {', '.join(map(str, unknown))}")
    plan: Plan = _one_of(Plan, entry.get("plan", "free"))
    can_pay = entry.get("canPay", plan != "free")
    if not isinstance(can_pay, bool):
        raise ValueError(f"accounts: canPay is true or false, not {can_pay!r}")  # noqa: TRY004 - a value of the user's
    return entry["name"], plan, can_pay


def _one_of(kind: Any, value: object) -> Any:
    if value not in get_args(kind):
        raise ValueError(f"accounts: {value!r} is not one of {', '.join(get_args(kind))}")
    return value


def _mapping(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    mapping = entry.get(key) or {}
    if not isinstance(mapping, dict):
        raise ValueError(f"accounts: expected a mapping, got {mapping!r}")  # noqa: TRY004 - a value of the user's
    return cast(dict[str, Any], mapping)
