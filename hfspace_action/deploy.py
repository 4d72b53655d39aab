"""The story of a deploy, from top to bottom: read, plan, publish, watch. What happens is noted in the `Report`."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from . import card, checkout, plan, publish, rollback, settings, tokens, watch
from .checkout import Checkout
from .errors import Failure, Place
from .files import File
from .hub import Hub, Space
from .inputs import Inputs, seconds
from .logs import Logs
from .plan import Plan
from .probe import Probe
from .record import Record
from .report import Changes
from .runner import Runner
from .source import Source


def deploy(inputs: Inputs, workspace: Path, source: Source, runner: Runner, record: Record) -> None:
    """Deploy, and leave in `record` what there is to tell, also when this raises a `Failure`."""
    with record.phase("read"):
        found = checkout.read(workspace, inputs.path, include=inputs.include, exclude=inputs.exclude)
        made = card.complete(found, space=inputs.space, sdk=inputs.sdk, front_matter=inputs.front_matter)
        files = {**found.files, made.readme.path: made.readme}
        source = replace(source, sha=found.commit or source.sha)
        record.tell(
            sdk=made.sdk, title=str(made.data.get("title", "")), source_sha=source.sha, source_url=source.commit_url
        )
        _introduce(runner, record, found, made)

    with record.phase("plan"):
        hub = Hub(inputs.endpoint, inputs.hf_token, say=runner.info)
        name = inputs.space if "/" in inputs.space else f"{hub.owner()}/{inputs.space}"
        existing = hub.space(name)
        if existing:
            _tell(record, existing)
            hub.check_write_access(existing.id)
        planned = plan.make(hub, inputs, name, existing, made.sdk, list(files.values()))
        if made.readme.path in {file.path for file in planned.difference.files}:
            for warning in hub.validate_readme(made.readme.read().decode()):
                record.note(f"The Hub on README.md: {warning}", found.place("README.md"))
        record.tell(changes=_changes(planned), settings=[str(change) for change in planned.settings])
        with runner.group(f"Plan for {planned.space}"):
            for line in planned.lines():
                runner.info(line)
    if inputs.dry_run:
        record.tell(result="planned", space_id=planned.space)
        return

    with record.phase("publish"):
        tokens.refuse_tokens(found, planned.difference.files)
        before = _prepare(hub, inputs, planned, record)
        published = publish.publish(hub, planned, before, inputs.keep, source, runner.info)
        record.tell(
            commit_sha=published.commit.sha, commit_url=published.commit.url, changed=published.route != "nothing"
        )
        _say_published(runner, record, published)
    if not inputs.wait:
        _tell(record, hub.describe(before.id))
        record.tell(result="published")
        return

    moved = published.route != "nothing"
    logs = Logs(hub, runner, before.id)
    watching = watch.Watch(published.commit.sha, before, moved, inputs.resume, time.monotonic(), _startup(made))
    probe = _probe(hub, inputs, logs, made, files)
    verdict = _follow(hub, inputs, watching, probe, logs, record)
    record.tell(result=verdict.result)
    if verdict.failure:
        record.fail(verdict.failure)
        _keep_log(logs, verdict, record)
        if inputs.on_failure == "rollback" and verdict.result in ("failed", "unreachable"):
            _roll_back(hub, inputs, before, published, source, logs, record)


def _follow(
    hub: Hub, inputs: Inputs, watching: watch.Watch, probe: Probe | None, logs: Logs, record: Record
) -> watch.Verdict:
    """Watch until there is a verdict, and note what was seen last."""

    def entered(stage: str) -> None:
        record.enter(stage)
        logs.entered(stage)

    try:
        verdict = watch.follow(
            hub, watching, probe, timeout=inputs.timeout, say=logs.say, entered=entered, wait=logs.wait
        )
    finally:
        logs.close()
    if verdict.space:
        _tell(record, verdict.space)
        _tell_address(hub, probe, verdict.space, record)
    return verdict


def _roll_back(
    hub: Hub,
    inputs: Inputs,
    before: Space,
    published: publish.Published,
    source: Source,
    logs: Logs,
    record: Record,
) -> None:
    """Bring back what ran before and see it run; the step fails all the same."""
    to = rollback.target(before)
    if to is None or to == published.commit.sha:
        record.fail(Failure("rollback-impossible", space=before.id, reason="nothing else is known to have run there"))
        return
    with record.phase("roll back"):
        commit = rollback.roll_back(hub, before.id, to, published.commit.sha, source)
    logs.say(f"Rolled back to the files of {to[:12]}: {commit.url}")
    now = hub.observe(before.id) or before
    watching = watch.Watch(commit.sha, replace(now, head=published.commit.sha), True, inputs.resume, time.monotonic())
    probe = Probe(hub, inputs.hf_token, inputs.probe, page=None, say=logs.say) if inputs.probe else None
    verdict = _follow(hub, inputs, watching, probe, logs, record)
    if verdict.failure:
        record.fail(verdict.failure)
        return
    record.tell(result="rolled-back")
    record.note(f"Rolled back: the Space runs the files of {to[:12]} again, as commit {commit.sha[:12]}.")


def _prepare(hub: Hub, inputs: Inputs, planned: Plan, record: Record) -> Space:
    """Create the Space if it is missing, change its settings if they differ; the Space as it is before publishing."""
    if planned.existing:
        record.tell(created=False)
        settings.apply(hub, planned.space, planned.settings)
        return planned.existing
    hub.create(
        planned.space,
        sdk=planned.sdk,
        visibility=inputs.visibility,
        hardware=inputs.hardware,
        sleep_time=inputs.sleep_time,
        secrets=inputs.secrets,
        variables=inputs.variables,
    )
    created = hub.space(planned.space)
    if created is None:
        raise Failure("not-created", space=planned.space)
    record.tell(created=True)
    _tell(record, created)
    return created


def _startup(made: card.Card) -> float:
    """Seconds that the app may take to start: the front matter's startup_duration_timeout, the Hub's default otherwise."""
    given = made.data.get("startup_duration_timeout")
    return seconds(str(given)) or watch.Watch.startup if given else watch.Watch.startup


def _probe(hub: Hub, inputs: Inputs, logs: Logs, made: card.Card, files: Mapping[str, File]) -> Probe | None:
    if inputs.probe is None:
        return None
    page = None
    if made.sdk == "static" and inputs.probe == "/" and "app_build_command" not in made.data:
        shown = files.get(str(made.data.get("app_file", "index.html")))
        page = shown.read().decode("utf-8", "replace") if shown else None
    return Probe(hub, inputs.hf_token, inputs.probe, page=page, say=logs.say)


def _tell(record: Record, space: Space) -> None:
    """Note what the Hub says of the Space; what it does not say now stays as it was said before."""
    said = {
        "stage": space.stage,
        "app_url": space.host,
        "hardware": space.hardware,
        "visibility": space.visibility,
    }
    record.tell(
        space_id=space.id,
        space_url=space.url,
        error_message=space.error_message,
        **{name: value for name, value in said.items() if value},
    )


def _tell_address(hub: Hub, probe: Probe | None, space: Space, record: Record) -> None:
    """Note the app's address as the Hub gives it; a verdict stands without it."""
    try:
        described = probe.space if probe and probe.space else hub.describe(space.id)
        record.tell(app_url=described.host)
    except Failure as failure:
        record.note(f"The app's address could not be read: {failure.message}")


def _introduce(runner: Runner, record: Record, found: Checkout, made: card.Card) -> None:
    size = sum(file.size for file in found.files.values())
    runner.info(f"{len(found.files):,} files, {size / 1e6:.1f} MB, sdk: {made.sdk}")
    for key, origin in made.added.items():
        runner.info(f"README.md on the Space gets {key}: {made.data[key]} ({origin})")
    for notice in (*found.notices, *made.notices):
        record.note(notice.message, Place(notice.path) if notice.path else None)


def _changes(planned: Plan) -> Changes:
    difference = planned.difference
    return Changes(
        added=[file.path for file in difference.added],
        changed=[file.path for file in difference.changed],
        removed=difference.removed,
        unchanged=difference.unchanged,
        bytes=sum(file.size for file in difference.files),
    )


def _say_published(runner: Runner, record: Record, published: publish.Published) -> None:
    if published.route == "nothing":
        runner.info(f"Nothing to publish: main already holds exactly this, at {published.commit.url}")
        return
    runner.info(f"Published: {published.commit.url}")
    if published.route == "several commits":
        record.note("The Space takes no pull requests, so main moved several times and may have been built in between.")


def _keep_log(logs: Logs, verdict: watch.Verdict, record: Record) -> None:
    """Note the end of the log that speaks of the last stage."""
    try:
        name, tail = logs.tail(verdict.space.stage if verdict.space else None)
        record.tell(log_name=name, log_tail=tail)
    except Failure as failure:
        record.note(f"The log could not be read: {failure.message}")
