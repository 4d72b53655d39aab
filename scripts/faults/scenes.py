"""The commands, each with what was there before it, what it is asked for, and what must be there where it is green."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from huggingface_hub import Volume

from hfspace_action.commands.previews import names
from tests.kit.step.action import REPOSITORY

from .credentials import JOB, SECRET, TOKEN

PULL = 7
"""The number of the pull request."""
MARK = "tides-of-the-seventh-sea"
"""Words of a file that is published. They are no secret, but nobody else's either."""
README = "---\ntitle: Tides\nemoji: 🌊\ncolorFrom: blue\ncolorTo: green\nsdk: {sdk}\n{more}---\n\n# Tides\n"
DOCKER = {
    "README.md": README.format(sdk="docker", more="app_port: 7860\n"),
    "Dockerfile": "FROM scratch\nEXPOSE 7860\n",
    "old.txt": "old\n",
    "pkg/a.txt": "a\n",
    "pkg/b.txt": "b\n",
}
CHANGED = {
    "README.md": README.format(sdk="docker", more="app_port: 7860\npinned: true\n"),
    "pkg/a.txt": f"{MARK}\n",
    "pkg/new.txt": "new\n",
}
LARGE = {f"part-{number}.txt": f"{number} {MARK}\n" * 340_000 for number in range(3)}
"""Three files of 9 MB, which are more than a commit takes."""
BINARY = {"model.bin": bytes(range(256)) * 8 * 1024}
BREAKS: list[dict[str, Any]] = [
    {"stage": "RUNNING_BUILDING"},
    {"after": 0.1, "stage": "BUILD_ERROR", "errorMessage": "exit code: 1"},
]
OLD_SETTINGS: dict[str, Any] = {
    "variables": [{"key": "GREETING", "value": "Hi"}, {"key": "OLD", "value": "1"}],
    "secrets": [{"key": "OLD_KEY", "value": "of-before"}],
    "volumes": [Volume(type="model", source="org/model", mount_path="/model")],
}


@dataclass(frozen=True)
class Scene:
    """One command. `inputs` may hold `{space}`, and `{head}` for the commit that is checked out."""

    inputs: Mapping[str, str]
    there: bool = True
    """Whether the Space is there before, with the files of `DOCKER`."""
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    """What the checkout has beside or in place of these; a text may hold `{space}`."""
    removed: tuple[str, ...] = ()
    later: Mapping[str, str] = field(default_factory=dict)
    """What was deployed to the Space after the commit that is checked out; without any, that was no deploy's."""
    twin: Literal["", "there", "ahead"] = ""
    """Whether there is a Space for staging, with the files that the Space has, or ahead of it with those of the checkout."""
    held: bool = False
    """Whether no deploy is to write to the Space."""
    results: tuple[str, ...] = ("live",)
    """How it ends where nothing goes wrong."""
    publishes: bool = True
    breaks: bool = False
    """Whether the build of what is published fails."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What the Space has where the command is green, by the fields of `tests.kit.space.settings.State`."""
    publisher: bool = False
    pull: Literal["", "opened", "closed", "swept"] = ""
    """What happened to the pull request of which the Space is the preview; or it is closed, and the run is about no pull request."""
    quick: bool = True
    """Whether it is short enough for the sample of `make test`."""

    def about(self, space: str) -> str:
        """Return the Space that is looked at: the one that is named, or its preview."""
        return names.preview(space, PULL) if self.pull else space

    @property
    def deletes(self) -> bool:
        """Whether the Space is gone where the command is green."""
        return self.results in (("deleted",), ("swept",))

    def asked(self, space: str, head: str = "") -> dict[str, str]:
        """Return the inputs."""
        given = {name: value.replace("{space}", space).replace("{head}", head) for name, value in self.inputs.items()}
        if self.pull:
            given["github-token"] = JOB
        return {"space": space, "hf-token": "" if self.publisher else TOKEN, "timeout": "6s", **given}


def mark(number: int) -> list[dict[str, str]]:
    """Return the variable by which a Space is known as the preview of a pull request."""
    return [{"key": names.MARK, "value": str(names.Mark(REPOSITORY, number))}]


_SETTINGS = {"secrets": f"KEY={SECRET}", "variables": "GREETING=Hello"}
SCENES: Mapping[str, Scene] = {
    "first": Scene(
        {"visibility": "private", **_SETTINGS},
        there=False,
        settings={"visibility": "private", "variables": {"GREETING": "Hello"}, "secrets": {"KEY": SECRET}},
    ),
    "redeploy": Scene({}, files=CHANGED, removed=("old.txt",)),
    "unchanged": Scene({}, publishes=False),
    "large": Scene({"wait": "false"}, files=LARGE, results=("published",), quick=False),
    "binary": Scene({"wait": "false"}, files=BINARY, results=("published",), quick=False),
    "settings": Scene(
        {
            "wait": "false",
            "visibility": "private",
            "hardware": "cpu-upgrade",
            "sleep-time": "1h",
            "prune-settings": "true",
            **_SETTINGS,
        },
        results=("published",),
        publishes=False,
        settings={
            "visibility": "private",
            "hardware": "cpu-upgrade",
            "sleep_time": "1h",
            "variables": {"GREETING": "Hello"},
            "secrets": {"KEY": SECRET},
        },
    ),
    "volumes": Scene(
        {"wait": "false", "volumes": "hf://buckets/alice/store:/store\nhf://datasets/org/data:/data"},
        results=("published",),
        publishes=False,
        settings={"volumes": {"/data": "org/data", "/model": "org/model", "/store": "alice/store"}},
        quick=False,
    ),
    "rollback": Scene({"on-failure": "rollback"}, files=CHANGED, results=("rolled-back",), breaks=True, quick=False),
    "back": Scene({"command": "rollback", "to": "{head}"}, later=CHANGED, quick=False),
    "back and hold": Scene(
        {"command": "rollback", "hold": "true", "wait": "false"}, later=CHANGED, results=("published",), quick=False
    ),
    "history": Scene({"command": "history"}, later=CHANGED, results=("seen",), publishes=False),
    "held": Scene({}, files=CHANGED, held=True, results=("held",), publishes=False),
    "release": Scene({"command": "release"}, held=True, results=("released",)),
    "through": Scene({"through": "{space}-staging"}, files=CHANGED, removed=("old.txt",), twin="there", quick=False),
    "promote": Scene(
        {"command": "promote", "from": "{space}-staging"},
        files={**CHANGED, **BINARY},
        removed=("old.txt",),
        twin="ahead",
        quick=False,
    ),
    "many": Scene(
        {"space": ""},
        files={**CHANGED, "spaces.yaml": "spaces:\n  - space: {space}\n"},
        removed=("old.txt",),
        quick=False,
    ),
    "verify": Scene({"command": "verify"}, results=("verified",), publishes=False),
    "publisher": Scene({"wait": "false"}, files=CHANGED, results=("published",), publisher=True),
    "dry-run": Scene({"dry-run": "true", **_SETTINGS}, files=CHANGED, results=("planned",), publishes=False),
    "check": Scene({"command": "check", **_SETTINGS}, files=CHANGED, results=("healthy",), publishes=False),
    "status": Scene({"command": "status"}, results=("seen",), publishes=False),
    "watch": Scene({"command": "watch", **_SETTINGS}, results=("seen", "broken"), publishes=False, quick=False),
    "preview": Scene({"command": "preview"}, there=False, pull="opened", quick=False),
    "preview closed": Scene({"command": "preview"}, pull="closed", results=("deleted",), publishes=False),
    "sweep": Scene({"command": "sweep"}, pull="swept", results=("swept",), publishes=False),
    "restart": Scene({"command": "restart"}, publishes=False),
    "delete": Scene({"command": "delete", "confirm": "{space}"}, results=("deleted",), publishes=False),
    "selftest": Scene({"command": "selftest"}, there=False, results=("passed",), publishes=False, quick=False),
}
