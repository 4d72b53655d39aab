"""A Space's settings as localhub keeps them, in words that can be compared with a plan; and what a step planned and sent."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huggingface_hub import HfApi
from jsonschema import Draft202012Validator

from tests.kit import ROOT
from tests.kit.local import LocalHub
from tests.kit.step.action import Step

SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/plan.schema.json").read_text("utf-8")))
# The app's one event may run on ZeroGPU, so that it starts on whatever hardware is chosen.
APP = "import spaces\nimport gradio\n\n\n@spaces.GPU\ndef answer(): ...\n"
FILES = {
    "docker": {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n"},
    "gradio": {"README.md": "---\nsdk: gradio\n---\n", "app.py": APP},
    "static": {"README.md": "---\nsdk: static\n---\n", "index.html": "<h1>Settings</h1>\n"},
}
LENGTHS = {None: "never", -1: "never", 600: "10m", 1800: "30m", 3600: "1h", 172800: "48h"}
"""The sleep times that are used in tests."""


@dataclass(frozen=True)
class State:
    """What is set. `secrets` has the values, which no route of the Hub shows."""

    exists: bool = False
    visibility: str | None = None
    hardware: str | None = None
    sleep_time: str | None = None
    sdk: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    """Of the secrets; new ones whenever this action sets one."""
    volumes: dict[str, str] = field(default_factory=dict)
    """What is mounted, by where."""


_QUESTION = re.compile(r"^/api/validate-yaml$|/paths-info/")


def state(hub: LocalHub, space: str) -> State:
    """A Space as it is now; one that isn't there is empty."""
    folder = hub.data / "spaces" / space
    if not folder.exists():
        return State()
    settings = json.loads((folder / "space.json").read_text("utf-8"))["settings"]
    meta = json.loads((folder / "repo.json").read_text("utf-8"))
    static = settings["sdk"] == "static"
    seconds = 172800 if settings["hardware"] == "cpu-basic" else settings["sleep_seconds"]
    return State(
        True,
        meta["visibility"],
        None if static else settings["hardware"],
        None if static else LENGTHS[seconds],
        settings["sdk"],
        _values(settings["variables"]),
        _values(settings["secrets"]),
        {key: secret["description"] for key, secret in settings["secrets"].items()},
        {volume["mountPath"]: volume["source"] for volume in settings["volumes"]},
    )


def changes(before: State, after: State) -> dict[tuple[str, str | None], tuple[str, str | None, str | None]]:
    """What differs, as a plan has it: the action, and what was and is, by kind and name. Secrets have no values.

    Of a new Space only what was asked for can be in a plan; what the Hub gives by default is left out by the caller.
    """
    found: dict[tuple[str, str | None], tuple[str, str | None, str | None]] = {}
    if not before.exists and after.exists:
        found["space", None] = ("create", None, after.sdk)
    elif before.sdk != after.sdk:
        found["sdk", None] = ("change", before.sdk, after.sdk)
    for what in ("visibility", "hardware", "sleep_time"):
        was, is_now = getattr(before, what), getattr(after, what)
        if what == "sleep_time" and after.hardware == "cpu-basic":
            continue  # always 48 hours: nobody's wish
        if what in ("hardware", "sleep_time") and after.sdk == "static":
            continue  # a page has none: they went with the change of the sdk
        if was != is_now:
            found[what.replace("_", "-"), None] = ("create" if was is None else "change", was, is_now)
    for what in ("variable", "secret"):
        had, has = getattr(before, f"{what}s"), getattr(after, f"{what}s")
        for key in had.keys() | has.keys():
            set_again = what == "secret" and before.descriptions.get(key) != after.descriptions.get(key)
            if had.get(key) != has.get(key) or set_again:
                action = "create" if key not in had else "change" if key in has else "delete"
                values = (None, None) if what == "secret" else (had.get(key), has.get(key))
                found[what, key] = (action, *values)
    return found


def planned(document: dict[str, Any]) -> dict[tuple[str, str | None], tuple[str, str | None, str | None]]:
    """The entries of a plan, for comparison with `changes`; those on files and restarts are left out."""
    return {
        (each["what"], None if each["what"] == "space" else each["name"]): (
            each["action"],
            each["before"],
            each["after"],
        )
        for each in document["changes"]
        if each["what"] not in ("files", "app")
    }


def _values(entries: dict[str, dict[str, str]]) -> dict[str, str]:
    return {key: entry["value"] for key, entry in entries.items()}


def asked_for(step: Step) -> dict[str, Any]:
    """The plan that a step has printed, which keeps to its schema."""
    document: dict[str, Any] = json.loads(step.outputs["plan"])
    SCHEMA.validate(document)
    return document


def writes(hub: LocalHub) -> list[str]:
    """The requests since the last `forget` that may have changed something. (Two questions are asked by POST.)"""
    return [
        f"{each['method']} {each['path']}"
        for each in hub.requests()
        if each["method"] != "GET" and not _QUESTION.search(each["path"])
    ]


def create(
    api: HfApi, space: str, sdk: str, *, variables: Mapping[str, str], secrets: Mapping[str, str], **more: Any
) -> None:
    """Create a Space with these settings, as somebody else does it."""
    api.create_repo(
        space,
        repo_type="space",
        space_sdk=sdk,
        space_variables=[{"key": key, "value": value} for key, value in variables.items()],
        space_secrets=[{"key": key, "value": value} for key, value in secrets.items()],
        **more,
    )
