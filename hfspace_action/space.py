"""A Space as the Hub describes it, and what its stages mean."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .text import beginning
from .volume import Volume

# Stages in which the Hub is working towards something; source: huggingface_hub's INTERMEDIATE_SPACE_STAGES.
BUILDING = frozenset({"BUILDING", "RUNNING_BUILDING"})
STARTING = frozenset({"APP_STARTING", "RUNNING_APP_STARTING"})
WORKING = BUILDING | STARTING
NOT_BUILT = frozenset({"BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE"})
"""What comes of a commit's files, without the app being started."""
ERRORS = NOT_BUILT | {"RUNTIME_ERROR"}
HALTED = frozenset({"PAUSED", "STOPPED"})
KNOWN = WORKING | ERRORS | HALTED | {"RUNNING", "SLEEPING", "DELETING"}
SERVING = frozenset({"RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING", "SLEEPING"})
"""Stages in which an app answers its visitors, at once or once it is woken."""

_LONGEST_REASON = 600  # characters; the log has the rest


def is_built(sdk: str | None, data: Mapping[str, Any]) -> bool:
    """Whether a command makes what a Space with this front matter serves: the Hub runs one for static Spaces only."""
    return sdk == "static" and bool(data.get("app_build_command"))


class Domain(NamedTuple):
    """A name of the owner's own under which a Space is served, and what the Hub says of it: READY, or not yet, or no longer."""

    name: str
    stage: str | None


class Space(NamedTuple):
    """A Space as the Hub describes it. What the Hub did not say is None; nothing is filled in by us."""

    id: str
    url: str
    head: str | None
    stage: str | None
    runtime_sha: str | None
    error_message: str | None
    sdk: str | None
    host: str | None
    visibility: str | None
    hardware: str | None
    requested_hardware: str | None
    sleep_time: int | None
    dev_mode: bool
    card: Mapping[str, Any] = MappingProxyType({})
    """The front matter of its README as the Hub read it; empty where that was not asked for."""
    private: bool | None = None
    """What every description has. Where it has no `visibility`, a private Space may be a protected one."""
    volumes: tuple[Volume, ...] = ()
    domains: tuple[Domain, ...] = ()
    """The custom ones."""
    region: str | None = None
    """Where it is stored; only described where that was asked for."""

    @property
    def reason(self) -> str:
        """The Hub's message on an error stage, on one line and of bounded length."""
        return beginning(" ".join((self.error_message or "").split()), _LONGEST_REASON) or "the Hub gives no reason"
