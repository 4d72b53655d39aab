"""How a step can end. README.md describes each result."""

from enum import StrEnum


class Result(StrEnum):
    """The output `result`. The step succeeds where `ok` is true."""

    LIVE = "live"
    PUBLISHED = "published"
    PLANNED = "planned"
    ASLEEP = "asleep"
    HEALTHY = "healthy"
    PASSED = "passed"
    SEEN = "seen"
    HEALED = "healed"
    DELETED = "deleted"
    MIGRATED = "migrated"
    SWEPT = "swept"
    SKIPPED = "skipped"
    HELD = "held"
    RELEASED = "released"
    REHEARSED = "rehearsed"
    VERIFIED = "verified"
    BROKEN = "broken"
    UNHEALTHY = "unhealthy"
    DIFFERS = "differs"
    FAILED = "failed"
    ROLLED_BACK = "rolled-back"
    UNREACHABLE = "unreachable"
    UNCONFIRMED = "unconfirmed"
    PAUSED = "paused"
    SUPERSEDED = "superseded"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    ERROR = "error"

    @property
    def ok(self) -> bool:
        """Whether the step is green."""
        return self in _GREEN

    @property
    def has_app(self) -> bool:
        """Whether there is an app of the version that was asked for, or will be once it is built or visited."""
        return self in (Result.LIVE, Result.ASLEEP, Result.PUBLISHED)


_GREEN = frozenset({
    Result.LIVE, Result.PUBLISHED, Result.PLANNED, Result.ASLEEP, Result.HEALTHY, Result.PASSED, Result.SEEN, Result.HEALED, Result.DELETED,
    Result.MIGRATED, Result.SWEPT, Result.SKIPPED, Result.HELD, Result.RELEASED, Result.REHEARSED,
    Result.VERIFIED,
})  # fmt: skip
