"""The command `deploy`: read, plan, publish, watch, and where asked for roll back."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hfspace_action import durations, text
from hfspace_action.card import card
from hfspace_action.card.card import Card
from hfspace_action.checkout import leaked_tokens, walk
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.hub.git import Commit
from hfspace_action.plan import new_space, plan, setting_rules, settings
from hfspace_action.plan.plan import Plan
from hfspace_action.publish import provision, publish, rollback
from hfspace_action.publish.publish import Published
from hfspace_action.report.facts import Changes
from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.watch import loop
from hfspace_action.watch.logs import Logs
from hfspace_action.watch.loop import Verdict
from hfspace_action.watch.probe import LARGEST_PAGE, Probe
from hfspace_action.watch.state_machine import Watch
from hfspace_action.workflow.run import Source

from .step import Step

# Results of a Space that does not run what was published, of which the log may know the cause.
_EXPLAINED = frozenset({Result.FAILED, Result.UNREACHABLE, Result.TIMEOUT, Result.PAUSED})
_UNDOABLE = frozenset({Result.FAILED, Result.UNREACHABLE})


def deploy(step: Step) -> None:
    """Deploy, and leave in the step's record what there is to report, also when this raises a `Failure`."""
    work = _Deploy(step)
    wanted = work.read()
    planned = work.plan(wanted)
    if step.inputs.dry_run:
        step.record.add(result=Result.PLANNED, space_id=planned.space)
        return
    published = work.publish(wanted, planned)
    if not step.inputs.wait:
        step.record.seen(work.hub.describe(planned.space))
        step.record.add(result=Result.PUBLISHED)
        return
    ended = work.watch(wanted, published)
    if ended.failure:
        work.explain(wanted, ended, ended.failure)
        if step.inputs.on_failure == "rollback" and work.can_be_undone(ended):
            work.roll_back(planned, published, ended)


@dataclass(frozen=True)
class _Wanted:
    """What was checked out, and the Space that it is to make."""

    checkout: Checkout
    card: Card
    files: Mapping[str, File]
    source: Source


@dataclass(frozen=True)
class _Deployed:
    """A Space with our commit on main. `before` is the Space just before that, `app` what is to answer, if it is asked."""

    commit: Commit
    moved: bool
    restarting: bool
    before: Space
    app: Probe | None


class _Deploy:
    """The phases of one deploy. Each leaves its facts in the step's record; each may raise `Failure`."""

    hub: Hub
    logs: Logs

    def __init__(self, step: Step) -> None:
        self.step, self.inputs, self.record, self.runner = step, step.inputs, step.record, step.runner

    def read(self) -> _Wanted:
        """Read the checkout, and complete the card."""
        inputs = self.inputs
        with self.record.phase("read"):
            found = walk.read(self.step.workspace, inputs.path, include=inputs.include, exclude=inputs.exclude)
            made = card.complete(found, space=inputs.space, sdk=inputs.sdk, front_matter=inputs.front_matter)
            source = replace(self.step.source, sha=found.commit or self.step.source.sha)
            self.record.add(
                sdk=made.sdk,
                title=str(made.data.get("title", "")),
                source_sha=source.sha,
                source_url=source.commit_url,
            )
            self._introduce(found, made)
            return _Wanted(found, made, {**found.files, made.readme.path: made.readme}, source)

    def plan(self, wanted: _Wanted) -> Plan:
        """Compare the checkout and the inputs with the Space."""
        made = wanted.card
        with self.record.phase("plan"):
            self.hub = self.step.connect()
            name = self.step.space_name(self.hub)
            existing = self._existing(name)
            setting_rules.check(self.inputs, made.sdk, existing)
            planned = plan.make(self.hub, self.inputs, name, existing, made.sdk, list(wanted.files.values()))
            if made.readme.path in {file.path for file in planned.difference.files}:
                for warning in self.hub.validate_readme(made.readme.read().decode()):
                    self.record.note(f"The Hub on README.md: {warning}", wanted.checkout.place("README.md"))
            document = planned.document(self.runner.redact)
            self.record.add(changes=_changes(planned), plan=list(planned.lines()), plan_document=json.dumps(document))
            with self.runner.group(f"Plan for {planned.space}"):
                for line in planned.lines():
                    self.runner.info(line)
            return planned

    def publish(self, wanted: _Wanted, planned: Plan) -> _Deployed:
        """Create the Space or change its settings, and move main."""
        hub, record = self.hub, self.record
        with record.phase("publish"):
            leaked_tokens.refuse_tokens(wanted.checkout, planned.difference.files)
            before, restarting = provision.ready(hub, self.inputs, planned, record)
            self.logs = Logs(hub, self.runner, before.id)
            app = self._app(wanted, planned) if self.inputs.wait else None
            published = publish.publish(hub, planned, before, self.inputs.keep, wanted.source, self.runner.info)
            moved = published.route != "nothing"
            record.add(commit_sha=published.commit.sha, commit_url=published.commit.url, changed=moved)
            self._say_published(published)
            did = provision.noting(record, planned)
            did("files")
            settings.apply(
                hub, before.id, planned.settings, done=lambda change: did(change.name, change.key), late=True
            )
            return _Deployed(published.commit, moved, restarting, before, app)

    def watch(self, wanted: _Wanted, published: _Deployed) -> Verdict:
        """Wait until it can be said whether the Space runs the commit."""
        watch = Watch(
            target=published.commit.sha,
            before=published.before,
            moved=published.moved,
            static=wanted.card.sdk == "static",
            resume=self.inputs.resume,
            began=time.monotonic(),
            startup=_startup(wanted.card),
            restarting=published.restarting,
        )
        ended = self._watch(watch, published.app)
        self.record.add(result=ended.result)
        return ended

    def explain(self, wanted: _Wanted, ended: Verdict, failure: Failure) -> None:
        """Record why the Space does not run, as far as the Hub's message and the log have it, and the log's end."""
        space = ended.space
        name, tail = self.logs.tail(space.stage if space else None, over=ended.result in _UNDOABLE)
        self.record.add(log_name=name, log_tail=tail)
        if not tail and self.logs.complaint:
            self.record.note(f"The {name} log could not be read: {self.logs.complaint}")
        if space and ended.result in _EXPLAINED:
            from hfspace_action import explain  # not before: a deploy that goes well need not load all its rules

            files = explain.Deployed(wanted.checkout.files)
            cause = explain.explain(
                space.stage, space.error_message, tail, files, sdk=wanted.card.sdk, data=wanted.card.data
            )
            if cause:
                failure = cause.failure
                failure.place = wanted.checkout.place(*cause.place) if cause.place else failure.place
        self.record.fail(failure)

    def can_be_undone(self, ended: Verdict) -> bool:
        """Whether a rollback may help: the Space is there, and does not run what was published."""
        gone = ended.failure is not None and ended.failure.id in ("space-gone", "stage-deleting")
        return ended.result in _UNDOABLE and not gone

    def roll_back(self, planned: Plan, published: _Deployed, failed: Verdict) -> None:
        """Bring back what ran before and wait until it runs; the step fails all the same."""
        deployed = published.commit.sha
        before, to = rollback.target(planned.existing, deployed)
        with self.record.phase("roll back"):
            commit = rollback.roll_back(self.hub, before.id, to, deployed, self.step.source)
        self.logs.say(f"Rolled back to the files of {text.short(to)}: {commit.url}")
        watch = Watch(
            target=commit.sha,
            before=replace(failed.space or before, head=deployed),
            moved=True,
            static=before.sdk == "static",
            resume=self.inputs.resume,
            began=time.monotonic(),
        )
        app = Probe(self.hub, self.inputs.probe, page=None, say=self.logs.say) if self.inputs.probe else None
        ended = self._watch(watch, app)
        if ended.failure:
            self.record.fail(ended.failure)
            return
        self.record.add(result=Result.ROLLED_BACK)
        self.record.note(
            f"Rolled back: the Space runs the files of {text.short(to)} again, as commit {text.short(commit.sha)}."
        )

    # Parts of the phases

    def _existing(self, name: str) -> Space | None:
        """Return the Space, or None where this deploy is to create it."""
        existing = self.hub.space(name)
        if existing:
            self.record.seen(existing)
            if not self.inputs.dry_run:  # to look needs no right to write
                self.hub.check_write_access(existing.id)
        elif self.step.job:
            raise Failure("publisher-creates-nothing", space=name)
        else:
            self.hub.account()  # a bad token can't see the Space either, and to the Hub's client that looks like a missing one
            new_space.check(self.hub, self.inputs, name)
            decided = new_space.visibility(self.inputs, self.step.source.visibility)
            self.runner.info(str(decided))
            self.inputs = new_space.with_visibility(self.inputs, decided)
        return existing

    def _introduce(self, found: Checkout, made: Card) -> None:
        size = sum(file.size for file in found.files.values())
        self.runner.info(f"{len(found.files):,} files, {text.size(size)}, sdk: {made.sdk}")
        for key, origin in made.added.items():
            self.runner.info(f"README.md on the Space gets {key}: {made.data[key]} ({origin})")
        self.record.notes(*found.notices, *made.notices)

    def _app(self, wanted: _Wanted, planned: Plan) -> Probe | None:
        """Return the app to ask, if it is to be asked. Of a static Space the page is known, and how it was before."""
        path = self.inputs.probe
        if path is None:
            return None
        page = _page(wanted, path)
        known = page.read().decode("utf-8", "replace") if page and page.size <= LARGEST_PAGE else None
        app = Probe(self.hub, path, page=known, say=self.logs.say)
        if planned.existing and known is not None and page in planned.difference.changed:
            app.remember(planned.existing)
        return app

    def _say_published(self, published: Published) -> None:
        if published.route == "nothing":
            self.runner.info(f"Nothing to publish: main already holds exactly this, at {published.commit.url}")
            return
        self.runner.info(f"Published: {published.commit.url}")
        if published.route == "several commits":
            self.record.note(
                "The Space takes no pull requests, so main moved several times and may have been built in between."
            )

    def _watch(self, watch: Watch, app: Probe | None) -> Verdict:
        """Watch until there is a verdict, and record what was seen last."""

        def entered(space: Space) -> None:
            stage = space.stage or "unknown"
            self.record.enter(stage)
            self.record.add(stage=stage, error_message=space.error_message)
            self.logs.entered(stage)

        terms = loop.Terms(self.inputs.timeout, self.logs.say, entered, self.logs.wait)
        try:
            ended = loop.reach(self.hub, watch, app, terms)
        finally:
            self.logs.close()
        if ended.space:
            self.record.seen(ended.space)
            self._add_address(app, ended.space)
        return ended

    def _add_address(self, app: Probe | None, space: Space) -> None:
        """Record the app's address as the Hub gives it; a verdict stands without it."""
        try:
            described = app.space if app and app.space else self.hub.observe(space.id, address=True)
        except Failure as failure:
            self.record.note(f"The app's address could not be read: {failure.message}")
        else:
            if described:  # a poll knows only private or not
                self.record.add(app_url=described.host, visibility=described.visibility)


def _page(wanted: _Wanted, path: str) -> File | None:
    """Return the file that a static Space serves at a path, where no build makes it."""
    made = wanted.card
    if made.sdk != "static" or "app_build_command" in made.data:
        return None
    return wanted.files.get(path.partition("?")[0].strip("/") or str(made.data.get("app_file", "index.html")))


def _startup(made: Card) -> float:
    """Return the seconds that the app may take to start: the front matter's, otherwise the Hub's default."""
    given = made.data.get("startup_duration_timeout")
    return (durations.parse(str(given)) if given else 0) or Watch.startup


def _changes(planned: Plan) -> Changes:
    difference = planned.difference
    return Changes(
        added=[file.path for file in difference.added],
        changed=[file.path for file in difference.changed],
        removed=difference.removed,
        unchanged=difference.unchanged,
        bytes=sum(file.size for file in difference.files),
    )
