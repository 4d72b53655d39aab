"""A Space beyond its repository: its settings, where it is in its life, its logs, and what the Hub says about it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from localhub.json_files import timestamp, write_json
from localhub.repos import card
from localhub.repos.hardware import FREE, ZEROGPU, ZEROGPU_ALIAS
from localhub.repos.repository import Meta, Repo
from localhub.variants import Switches
from localhub.variants.lives import STOPPED_WHEN_IDLE, ZEROGPU_NAME

from .logs import Log
from .workload import Workload

UP = frozenset({"RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
"""Stages in which an app answers."""
CHANGING = frozenset({"BUILDING", "APP_STARTING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
DOWN = frozenset({"NO_APP_FILE", "CONFIG_ERROR", "BUILD_ERROR", "RUNTIME_ERROR", "PAUSED", "STOPPED", "DELETING"})
"""Stages that a Space doesn't leave by itself: nothing more comes to its logs."""
FREE_SLEEP = 172800
"""Seconds without a visit after which a Space on free hardware sleeps; not configurable."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change in a Space's life.

    `app` is the commit whose app answers from now on (None: none does); `sha` is the commit that the API reports.
    """

    stage: str
    app: str | None = None
    sha: str | None = None
    error: str | None = None
    http_status: int = 200
    """What the app answers with."""
    host: str | None = None
    """The address that the API reports in place of the real one, for tests; None leaves it as it is."""


@dataclass
class Entry:
    """A secret or a variable."""

    value: str
    description: str | None = None
    updated: str = field(default_factory=timestamp)

    def public(self, *, value: bool) -> dict[str, str]:
        """As the API lists it; secrets without their value."""
        shown = {"value": self.value} if value else {}
        return shown | ({"description": self.description} if self.description else {}) | {"updatedAt": self.updated}


@dataclass
class Settings:
    """What was asked for, by the API or (the SDK) by the README."""

    sdk: str
    hardware: str = FREE
    sleep_seconds: int | None = None
    dev_mode: bool = False
    secrets: dict[str, Entry] = field(default_factory=dict)
    variables: dict[str, Entry] = field(default_factory=dict)
    volumes: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Settings":
        """From JSON."""
        secrets, variables = (
            {key: Entry(**entry) for key, entry in data[kind].items()} for kind in ("secrets", "variables")
        )
        return cls(**{**data, "secrets": secrets, "variables": variables})


class Space(Repo):
    """A repository whose files run. Its life is changed in the event loop's thread only."""

    def __init__(self, directory: Path, meta: Meta, record: Mapping[str, Any], variants: Switches) -> None:
        super().__init__("space", directory, meta)
        self._variants = variants
        self.settings = Settings.load(record["settings"])
        self.now = Step(**record.get("now", {"stage": "NO_APP_FILE"}))
        self.built: str | None = record.get("built")
        """The commit of the last build that succeeded."""
        self.host_told: str | None = record.get("host_told")
        self.domains: list[dict[str, Any]] = record.get("domains", [])
        """The custom ones, as the API reports them."""
        self.port: int = record.get("port", 0)
        """Of its address on this machine; 0 until it has one."""
        self.build_log = Log()
        self.run_log = Log()
        self.workload = Workload()

    @property
    def host(self) -> str:
        """The address of the app, as the API reports it."""
        return self.host_told or f"http://127.0.0.1:{self.port}"

    @property
    def subdomain(self) -> str:
        """The first part of the address that the Space would have on the Hub."""
        return re.sub(r"[^a-z0-9]+", "-", self.id.lower()).strip("-")

    @property
    def static(self) -> bool:
        """Whether there is nothing to run."""
        return self.settings.sdk == "static"

    def read_card(self, commit: str) -> None:
        """Follow what a new README says."""
        sdk = (self.front_matter(commit) or {}).get("sdk")
        if sdk in card.SDKS:
            self.settings.sdk = sdk

    def enter(self, step: Step) -> None:
        """Go on to the next stage."""
        self.now = step
        self.host_told = step.host or self.host_told
        if step.stage in DOWN:
            self.build_log.end()
            self.run_log.end()
        self.save_state()

    def save_state(self) -> None:
        """Write settings and stage to disk; logs are not kept."""
        kept = {"built": self.built, "host_told": self.host_told, "domains": self.domains, "port": self.port}
        write_json(self.dir / "space.json", {"settings": asdict(self.settings), "now": asdict(self.now), **kept})

    def runtime(self) -> dict[str, Any]:
        """The Hub's `runtime`, field for field as recorded from it (and so without a sha for a static Space)."""
        up, stage = self.now.stage in UP, self.now.stage
        if stage == "SLEEPING" and self._variants.on(STOPPED_WHEN_IDLE, self.id):
            stage = "STOPPED"
        error = {"errorMessage": self.now.error} if self.now.error else {}
        replicas = {"current": 1, "requested": 1} if up else {"requested": 1}
        if self.static:
            hardware = {"current": None, "requested": None}
            custom = {"domains": self.domains} if self.domains else {}
            return {"stage": stage, **error, "hardware": hardware, "storage": None, "replicas": replicas, **custom}
        requested = self.settings.hardware
        if requested == ZEROGPU and self._variants.on(ZEROGPU_NAME, self.id):
            requested = ZEROGPU_ALIAS
        runtime = {
            "stage": stage,
            **error,
            "hardware": {"current": requested if up else None, "requested": requested},
            "storage": None,
            "gcTimeout": FREE_SLEEP if requested == FREE else self.settings.sleep_seconds,
            "replicas": replicas,
            "devMode": self.settings.dev_mode,
            "domains": [{"domain": self.host.partition("://")[2], "stage": "READY"}, *self.domains],
        }
        if self.settings.volumes:
            runtime["volumes"] = self.settings.volumes
        if self.now.sha:
            runtime["sha"] = self.now.sha
        return runtime
