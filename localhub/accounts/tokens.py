"""What an access token allows, as far as the token says it; its owner's roles come on top of that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["read", "write", "app", "fineGrained"]
Permission = Literal["repo.content.read", "repo.content.write", "repo.write", "discussion.write"]
"""Of those that the Hub knows, the ones that this Hub asks for. `repo.write` includes both of `repo.content`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a fine-grained token may do in a namespace (`owner`) or with a repository (`owner/name`)."""

    entity: str
    permissions: frozenset[str]

    def grants(self, permission: Permission, target: str) -> bool:
        """Whether it allows this with `target`, a namespace or a repository."""
        entity, target = self.entity.lower(), target.lower()
        implied = {"repo.write"} if permission.startswith("repo.content.") else set()
        return entity in (target, target.partition("/")[0]) and not self.permissions.isdisjoint({permission} | implied)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token without its value: a classic one of role read or write, an application's, which writes too, or a
    fine-grained one with its scopes."""

    role: Role
    scoped: tuple[Scope, ...] = ()

    @classmethod
    def parse(cls, value: Any) -> "Token":
        """From an accounts file: `write`, `read`, `app`, or `{role: fineGrained, scoped: [{entity, permissions}]}`. ValueError."""
        if value in ("read", "write", "app"):
            return cls(value)
        if not isinstance(value, Mapping) or value.get("role") != "fineGrained" or value.keys() - {"role", "scoped"}:
            raise ValueError(
                f"accounts: a token is read, write, app or {{role: fineGrained, scoped: [...]}}; got {value!r}"
            )
        try:
            scoped = [Scope(str(one["entity"]), frozenset(map(str, one["permissions"]))) for one in value["scoped"]]
        except (KeyError, TypeError) as error:
            raise ValueError(f"accounts: scoped is a list of {{entity, permissions}}; got {value!r}") from error
        return cls("fineGrained", tuple(scoped))

    def allows(self, permission: Permission, target: str) -> bool:
        """Whether the token allows this with a namespace (`owner`) or a repository (`owner/name`)."""
        if self.role == "fineGrained":
            return any(scope.grants(permission, target) for scope in self.scoped)
        return self.role in ("write", "app") or permission == "repo.content.read"
