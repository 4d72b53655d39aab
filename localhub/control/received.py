"""What apps got to see of their visitors, so that a test can look for what they should not see."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.types import Scope

from localhub.json_files import timestamp

CDN = "cdn"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it reached the app of a Space (or the CDN), without its body."""

    to: str
    """`owner/name`, or CDN."""
    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    at: str = field(default_factory=timestamp)

    @classmethod
    def of(cls, to: str, scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> "Received":
        """A request with the headers that are left of it."""
        return cls(
            to,
            scope.get("method", "WEBSOCKET"),
            scope["raw_path"].decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers],
        )
