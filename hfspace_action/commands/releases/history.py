"""The command `history`: the releases of a Space, and which of them runs. It only reads."""

import json

from hfspace_action.commands.status import existing
from hfspace_action.commands.step import Step
from hfspace_action.result import Result

from . import listed
from .listed import History, Release


def history(step: Step) -> None:
    """Record the releases, the newest first. Raises `Failure`."""
    hub = step.connect()
    space = existing(step, hub)
    tags = hub.tags.listed(space.id)
    found = listed.read(hub, space.id, space.head or "main", tags)
    show(step, found)
    step.record.add(result=Result.SEEN)


def show(step: Step, found: History) -> None:
    """Print and record a row for each release, the output `releases`, and which of them main holds."""
    running = found.running
    step.record.add(release=running.name if running else None, releases=json.dumps(_documents(found)))
    if running and not running.tag:
        _row(step, running, "no release, and what main holds")
    for each in found.releases:
        _row(step, each, "live, and what main holds" if running and each.sha == running.sha else "live")


def _row(step: Step, release: Release, result: str) -> None:
    step.runner.info(str(step.record.row(release.name, True if release.tag else None, f"{release}: {result}")))


def _documents(found: History) -> list[dict[str, object]]:
    return [
        {
            "tag": each.tag,
            "commit": each.sha,
            "at": each.made.at if each.made else None,
            "source": each.source or None,
            "subject": each.subject or None,
            "actor": each.actor or None,
            "result": "live",
            "current": found.running is not None and found.running.sha == each.sha,
        }
        for each in found.releases
    ]
