"""A watch as a step makes it: with the Space's log shown, its stages recorded, and what its app is asked."""

import time
from collections.abc import Mapping

from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.key_values import Refused
from hfspace_action.inputs.schema import Inputs
from hfspace_action.report.facts import Row
from hfspace_action.space import Space
from hfspace_action.watch import loop
from hfspace_action.watch.app.probe import Asked, Probe
from hfspace_action.watch.logs import Logs
from hfspace_action.watch.loop import Verdict
from hfspace_action.watch.state_machine import Watch


def watch(
    step: Step, hub: Hub, logs: Logs, watched: Watch, app: Probe | None, *, static_build: str | None = None
) -> Verdict:
    """Watch until there is a verdict, and record what was seen last. Raises `Failure`."""
    inputs, record = step.inputs, step.record

    def entered(space: Space) -> None:
        stage = space.stage or "unknown"
        record.enter(stage)
        record.add(stage=stage, error_message=space.error_message)
        logs.entered(stage)

    def wait(seconds: float) -> None:
        step.deadline.allow(seconds)  # beyond it waits only who sees the app stand
        logs.wait(seconds)

    terms = loop.Terms(
        max(0.0, time.monotonic() + step.deadline.left - watched.began),
        logs.say,
        entered,
        wait,
        build_log=logs.build_lines,
        healthy=inputs.healthy,
        soak=inputs.soak,
        static_build=static_build,
    )
    try:
        ended = loop.reach(hub, watched, app, terms)
    finally:
        logs.close()
    if ended.space:
        record.seen(ended.space)
        _add_address(step, hub, app, ended.space)
    return ended


def record_answers(step: Step, app: Probe | None) -> None:
    """Add a row for each thing that the app was asked."""
    for shown in app.rows if app else ():
        step.record.row(shown.name, shown.good, shown.words)


def record_domains(step: Step, hub: Hub, space: Space) -> None:
    """Ask the custom domains of a Space that is live, and add a row for each. One that does not lead to it is a warning: the deploy
    went well."""
    if not space.domains or step.inputs.probe is None:
        return
    from hfspace_action.watch.app import domains  # not before: few Spaces have one

    for each in domains.ask(hub, space):
        name = f"domain {each.name}"
        row = Row(None if each.advice else True, each.words, name, each.advice, warns=bool(each.advice))
        step.runner.info(str(step.record.keep(row)))
        if each.advice:
            step.record.note(f"Visitors may not reach {space.id} at {each.name}: {each.words}. {each.advice}")


def asked(inputs: Inputs, data: Mapping[str, object], *, page: str | None = None) -> Asked | None:
    """Return what the app of a Space with this front matter is asked; None where it is asked nothing."""
    if inputs.probe is None and not inputs.checks:
        return None
    return Asked(
        inputs.probe or default_path(data),
        visited=inputs.probe is not None,
        lenient=inputs.probe == "",
        page=page,
        checks=inputs.checks,
    )


def default_path(data: Mapping[str, object]) -> str:
    """Return the path that the Hub shows first: the front matter's `base_path`, otherwise the root."""
    written = data.get("base_path")
    if not written or data.get("sdk") == "static":
        return "/"
    from hfspace_action.inputs import checks  # not before: hardly any front matter names a path

    try:
        return checks.path(written)
    except Refused:
        return "/"


def _add_address(step: Step, hub: Hub, app: Probe | None, space: Space) -> None:
    """Record the app's address as the Hub gives it; a verdict stands without it."""
    try:
        described = app.space if app and app.space else hub.observe(space.id, address=True)
    except Failure as failure:
        step.record.note(f"The app's address could not be read: {failure.message}")
    else:
        if described:  # a poll knows only private or not
            step.record.add(app_url=described.host, visibility=described.visibility)
