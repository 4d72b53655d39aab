"""The first lines of a Space's logs."""

from datetime import UTC, datetime

from localhub.spaces.logs import Log
from localhub.spaces.space import Space


def open_build_log(space: Space, commit: str) -> Log:
    """Begin the log of a build."""
    space.build_log = space.build_log.successor()
    space.build_log.write(f"===== Build Queued at {_now()} / Commit SHA: {commit[:7]} =====\n\n")
    return space.build_log


def open_run_log(space: Space) -> Log:
    """Begin the log of a run of the app."""
    space.run_log = space.run_log.successor()
    space.run_log.write(f"===== Application Startup at {_now()} =====\n\n")
    return space.run_log


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
