"""The story of a deploy, from top to bottom: read, plan, publish, watch. What happens is noted in the `Report`."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hfspace_action.card import card
from hfspace_action.checkout import leaked_tokens, walk
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure, Place
from hfspace_action.file import File
from hfspace_action.hub.api import Hub, Space
from hfspace_action.inputs.schema import Inputs, seconds
from hfspace_action.plan import plan, setting_rules, settings
from hfspace_action.plan.plan import Plan
from hfspace_action.publish import provision, publish, rollback
from hfspace_action.report.record import Record
from hfspace_action.report.report import Changes
from hfspace_action.watch import loop, probe
from hfspace_action.watch.logs import Logs
from hfspace_action.watch.state_machine import Watch
from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source
from hfspace_action.workflow.runner import Runner

from .step import connect, full_name, tell


def deploy(inputs: Inputs, workspace: Path, source: Source, job: Job | None, runner: Runner, record: Record) -> None:
    """Deploy, and leave in `record` what there is to tell, also when this raises a `Failure`.

    `job` is who deploys where there is no token in the inputs.
    """
    with record.phase("read"):
        found = walk.read(workspace, inputs.path, include=inputs.include, exclude=inputs.exclude)
        made = card.complete(found, space=inputs.space, sdk=inputs.sdk, front_matter=inputs.front_matter)
        files = {**found.files, made.readme.path: made.readme}
        source = replace(source, sha=found.commit or source.sha)
        record.tell(
            sdk=made.sdk, title=str(made.data.get("title", "")), source_sha=source.sha, source_url=source.commit_url
        )
        _introduce(runner, record, found, made)

    key = inputs.hf_token  # of the fingerprints of secrets; a trusted publisher has none that lasts
    with record.phase("plan"):
        hub, inputs = connect(inputs, job, runner)
        name = full_name(hub, inputs)
        existing = hub.space(name)
        if existing:
            tell(record, existing)
            if not inputs.dry_run:  # to look needs no right to write
                hub.check_write_access(existing.id)
        elif job:
            raise Failure("publisher-creates-nothing", space=name)
        else:
            hub.account()  # a bad token can't see the Space either, and to the Hub's client that looks like a missing one
        setting_rules.check(inputs, made.sdk, existing)
        planned = plan.make(hub, inputs, name, existing, made.sdk, list(files.values()), key)
        if made.readme.path in {file.path for file in planned.difference.files}:
            for warning in hub.validate_readme(made.readme.read().decode()):
                record.note(f"The Hub on README.md: {warning}", found.place("README.md"))
        record.tell(
            changes=_changes(planned),
            plan=list(planned.lines()),
            plan_document=json.dumps(planned.document(runner.redact)),
        )
        with runner.group(f"Plan for {planned.space}"):
            for line in planned.lines():
                runner.info(line)
    if inputs.dry_run:
        record.tell(result="planned", space_id=planned.space)
        return

    with record.phase("publish"):
        leaked_tokens.refuse_tokens(found, planned.difference.files)
        before, restarting = provision.ready(hub, inputs, planned, key, record)
        logs = Logs(hub, runner, before.id)
        app = _app(hub, inputs, logs, made, files, planned) if inputs.wait else None
        published = publish.publish(hub, planned, before, inputs.keep, source, runner.info)
        record.tell(
            commit_sha=published.commit.sha, commit_url=published.commit.url, changed=published.route != "nothing"
        )
        _say_published(runner, record, published)
        did = provision.noting(record, planned)
        did("files")
        settings.apply(hub, before.id, planned.settings, done=lambda change: did(change.name, change.key), late=True)
    if not inputs.wait:
        tell(record, hub.describe(before.id))
        record.tell(result="published")
        return

    moved = published.route != "nothing"
    watching = Watch(
        published.commit.sha,
        before,
        moved,
        made.sdk == "static",
        inputs.resume,
        time.monotonic(),
        _startup(made),
        restarting,
    )
    ended = _watch(hub, inputs, watching, app, logs, record)
    record.tell(result=ended.result)
    if ended.failure:
        tail = _keep_log(logs, ended, record)
        record.fail(_explained(ended, ended.failure, tail, found, made))
        gone = ended.failure.id in ("space-gone", "stage-deleting")
        if inputs.on_failure == "rollback" and ended.result in ("failed", "unreachable") and not gone:
            _roll_back(hub, inputs, planned.existing, published, ended, source, logs, record)


def _watch(
    hub: Hub, inputs: Inputs, watching: Watch, app: probe.Probe | None, logs: Logs, record: Record
) -> loop.Verdict:
    """Watch until there is a verdict, and note what was seen last."""

    def entered(space: Space) -> None:
        stage = space.stage or "unknown"
        record.enter(stage)
        record.tell(stage=stage, error_message=space.error_message)
        logs.entered(stage)

    try:
        ended = loop.reach(hub, watching, app, timeout=inputs.timeout, say=logs.say, entered=entered, wait=logs.wait)
    finally:
        logs.close()
    if ended.space:
        tell(record, ended.space)
        _tell_address(hub, app, ended.space, record)
    return ended


def _roll_back(
    hub: Hub,
    inputs: Inputs,
    before: Space | None,
    published: publish.Published,
    failed: loop.Verdict,
    source: Source,
    logs: Logs,
    record: Record,
) -> None:
    """Bring back what ran before and see it run; the step fails all the same. Raises `Failure`."""
    deployed = published.commit.sha
    to = rollback.target(before, deployed)
    assert before is not None  # noqa: S101 - there is a target
    with record.phase("roll back"):
        commit = rollback.roll_back(hub, before.id, to, deployed, source)
    logs.say(f"Rolled back to the files of {to[:12]}: {commit.url}")
    now = replace(failed.space or before, head=deployed)
    watching = Watch(commit.sha, now, True, before.sdk == "static", inputs.resume, time.monotonic())
    app = probe.Probe(hub, inputs.hf_token, inputs.probe, page=None, say=logs.say) if inputs.probe else None
    ended = _watch(hub, inputs, watching, app, logs, record)
    if ended.failure:
        record.fail(ended.failure)
        return
    record.tell(result="rolled-back")
    record.note(f"Rolled back: the Space runs the files of {to[:12]} again, as commit {commit.sha[:12]}.")


def _startup(made: card.Card) -> float:
    """Seconds that the app may take to start: the front matter's startup_duration_timeout, the Hub's default otherwise."""
    given = made.data.get("startup_duration_timeout")
    return seconds(str(given)) or Watch.startup if given else Watch.startup


def _app(
    hub: Hub, inputs: Inputs, logs: Logs, made: card.Card, files: Mapping[str, File], planned: Plan
) -> probe.Probe | None:
    """The app to ask, if it is to be asked. Of a static Space the page is known, and how it was before where it changes."""
    if inputs.probe is None:
        return None
    page = None
    if made.sdk == "static" and "app_build_command" not in made.data:
        path = inputs.probe.partition("?")[0].strip("/") or str(made.data.get("app_file", "index.html"))
        page = files.get(path)
    known = page.read().decode("utf-8", "replace") if page and page.size <= probe.LARGEST_PAGE else None
    app = probe.Probe(hub, inputs.hf_token, inputs.probe, page=known, say=logs.say)
    if planned.existing and known is not None and page in planned.difference.changed:
        app.remember(planned.existing)
    return app


def _tell_address(hub: Hub, app: probe.Probe | None, space: Space, record: Record) -> None:
    """Note the app's address as the Hub gives it; a verdict stands without it."""
    try:
        described = app.space if app and app.space else hub.observe(space.id, address=True)
    except Failure as failure:
        record.note(f"The app's address could not be read: {failure.message}")
    else:
        if described:  # a poll knows only private or not
            record.tell(app_url=described.host, visibility=described.visibility)


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


def _explained(ended: loop.Verdict, failure: Failure, tail: Sequence[str], found: Checkout, made: card.Card) -> Failure:
    """Why the Space does not run, as far as the Hub's message and the log tell; otherwise the failure as it is."""
    space = ended.space
    if space is None or ended.result not in ("failed", "unreachable", "timeout", "paused"):
        return failure
    from hfspace_action import explain  # not before: a deploy that goes well need not load all its rules

    cause = explain.explain(
        space.stage, space.error_message, tail, explain.Deployed(found.files), sdk=made.sdk, data=made.data
    )
    if cause is None:
        return failure
    if cause.place:
        cause.failure.place = found.place(*cause.place)
    return cause.failure


def _keep_log(logs: Logs, ended: loop.Verdict, record: Record) -> Sequence[str]:
    """Note the end of the log that speaks of the last stage, and return it."""
    stage = ended.space.stage if ended.space else None
    name, tail = logs.tail(stage, over=ended.result in ("failed", "unreachable"))
    record.tell(log_name=name, log_tail=tail)
    if not tail and logs.complaint:
        record.note(f"The {name} log could not be read: {logs.complaint}")
    return tail
