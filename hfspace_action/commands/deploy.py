"""The command `deploy`: read, plan, publish, watch, and where asked for roll back."""

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from hfspace_action import durations, text
from hfspace_action.card import card, front_matter
from hfspace_action.card.card import Card
from hfspace_action.checkout import walk
from hfspace_action.checkout.subject import subject
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure, Failures
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.hub.git import Commit
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan import plan, tree
from hfspace_action.plan.hold import Held
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.settings import hardware, rules
from hfspace_action.publish import provision
from hfspace_action.readers.files import Deployed
from hfspace_action.report.sentences import count
from hfspace_action.result import Result
from hfspace_action.space import Space, is_built
from hfspace_action.watch.app.page import LARGEST
from hfspace_action.watch.app.probe import Probe
from hfspace_action.watch.logs import Logs
from hfspace_action.watch.loop import Verdict
from hfspace_action.watch.state_machine import Watch
from hfspace_action.workflow.run import Source

from .cause import causes
from .parts import own_card, publishing, shown_plan, wanted_space, watching
from .parts.foreseen import foreseen
from .parts.guard import Guard
from .parts.recorded import recorded
from .step import Step


def deploy(step: Step) -> None:
    """Deploy, and leave in the step's record what there is to report, also when this raises a `Failure`."""
    if step.inputs.dry_run and step.inputs.comment:
        with recorded(step.record):
            guarded(step)
        _comment(step)
    else:
        guarded(step)


def guarded(step: Step, guard: Guard | None = None) -> None:
    """Deploy, and let `guard` stop it on the way."""
    for _ in in_parts(step, guard):
        pass


def in_parts(step: Step, guard: Guard | None = None) -> Iterator[Plan]:
    """Deploy, with a pause when the plan is made and another when it is published, at which others may be deployed. Both give
    the plan. What is held is left alone."""
    work = _Deploy(step, guard or Guard())
    try:
        yield from _all_parts(step, work)
    except Held as held:
        from .releases import hold  # not before: few Spaces are held

        hold.leave(step, work.hub, held.space)


def _all_parts(step: Step, work: "_Deploy") -> Iterator[Plan]:
    """Deploy, with the pauses. Raises `Held` where that is not to be."""
    wanted, planned = work.plan(work.read())
    yield planned
    if step.inputs.dry_run:
        step.record.add(result=Result.PLANNED, space_id=planned.space)
        return
    published = work.publish(wanted, planned)
    yield planned
    if not step.inputs.wait:
        step.record.seen(work.hub.describe(planned.space))
        step.record.add(result=Result.PUBLISHED)
        return
    ended = work.watch(wanted, published)
    if ended.result is Result.LIVE and published.moved:
        work.tag(wanted, published)
    if ended.failure:
        from .parts import rolled_back  # not before: most deploys go well

        failure = work.explain(wanted, published, ended, ended.failure)
        changed = bool(planned.settings)
        undone = rolled_back.Undone(published.commit, published.earlier, planned.existing, ended.space, changed)
        rolled_back.where_asked(step, work.hub, work.logs, ended, failure, undone)


def _comment(step: Step) -> None:
    """Show the plan on the pull request that the run is about."""
    from hfspace_action.workflow import pull_request  # not before: few deploys are about one

    from .previews.pages import Pages

    about = pull_request.read(step.source.payload)
    if about is None:
        step.record.note("The input `comment` has no effect: this run is about no pull request.")
        return
    step.record.add(run_url=step.source.run_url or None)
    Pages(step).show_plan(about.number)


class _Wanted(NamedTuple):
    """What was checked out, and the Space that it is to make."""

    checkout: Checkout
    card: Card
    files: Mapping[str, File]
    source: Source


class _Deployed(NamedTuple):
    """A Space with our commit on main. `before` is the Space just before that, `earlier` are the commits that main passed
    on the way, `app` is what is to answer, if it is asked.
    `restarted`: it is built anew, because nothing changed; `static_build` is what was built of a static Space before."""

    commit: Commit
    moved: bool
    restarting: bool
    restarted: bool
    before: Space
    app: Probe | None
    static_build: str | None = None
    earlier: Collection[str] = ()


class _Deploy:
    """The phases of one deploy. Each leaves its facts in the step's record; each may raise `Failure`."""

    hub: Hub
    logs: Logs

    def __init__(self, step: Step, guard: Guard) -> None:
        self.guard = guard
        self.step, self.record, self.runner = step, step.record, step.runner

    @property
    def inputs(self) -> Inputs:
        """What was asked for, with what was decided since."""
        return self.step.inputs

    def read(self) -> _Wanted:
        """Read the checkout, and complete the card."""
        inputs = self.inputs
        with self.record.phase("read"):
            found = walk.look(self.step.workspace, inputs.path, include=inputs.include, exclude=inputs.exclude)
            self._refuse_untrusted(found)
            self.guard.read(found)
            made = self._complete(found)
            sha = found.head or ""
            about = self.runner.redact(subject(self.step.workspace, sha)) if sha else ""
            source = self.step.source._replace(sha=sha, exact=found.commit is not None, subject=about)
            self.record.add(
                sdk=made.sdk,
                title=str(made.data.get("title", "")),
                source_sha=found.commit,
                source_url=source.commit_url if found.commit else None,
                remarks=found.remarks,
                source_files=source.files_url,
                source_line=source.forge.line,
                source_name=source.forge.name,
                source_subject=about or None,
            )
            self._introduce(found, made)
            self._foresee(found, made)
            return _Wanted(found, made, made.files, source)

    def plan(self, wanted: _Wanted) -> tuple[_Wanted, Plan]:
        """Compare the checkout and the inputs with the Space; what is wanted has then what the Space's own card keeps."""
        with self.record.phase("plan"):
            self.hub = self.step.connect()
            name = self.step.space_name(self.hub)
            self.step, existing = wanted_space.found(self.step, self.hub, name)
            made = own_card.kept(self.hub, existing, wanted.card, partial(self._complete, wanted.checkout))
            made = self.guard.card(made)
            wanted = wanted._replace(card=made, files=made.files)
            rules.check(self.inputs, made.sdk, existing)
            planned = plan.make(self.hub, self.inputs, name, existing, made.sdk, tree.build(wanted.files.values()))
            self.record.add(sdk=made.sdk, title=str(made.data.get("title", "")))
            shown_plan.show(self.step, planned)
            if self.inputs.dry_run:
                self.record.add(planned_price=self._planned_price(planned))
            rules.within_price(self.hub, self.inputs, made.sdk, existing)
            shown_plan.stop_at_hold(self.step, planned, "a deploy")
            self.guard.planned(planned)
            self.record.notes(*planned.notes, *filter(None, [own_card.lost(existing, made)]))
            self._bring_back(planned, wanted)
            # Before the README goes anywhere: it may hold one as well.
            if planned.difference.files:
                from hfspace_action.checkout.credentials import scan  # not before: nothing is sent without it

                scan.refuse(wanted.checkout, planned.difference.files, self.inputs.allow_credentials)
            if made.readme.path in {file.path for file in planned.difference.files}:
                for warning in made.judged_by(self.hub.validate_readme):
                    self.record.note(f"The Hub on README.md: {warning}", wanted.checkout.place("README.md"))
            return wanted, planned

    def publish(self, wanted: _Wanted, planned: Plan) -> _Deployed:
        """Create the Space or change its settings, and move main."""
        hub, record = self.hub, self.record
        with record.phase("publish"):
            before, restarting = provision.ready(hub, self.inputs, planned, record)
            if planned.existing is None:
                self.guard.created(before)
            self.logs = Logs(hub, self.runner, before.id, seen=causes.early(_deployed(wanted), self._say))
            app = self._app(wanted, planned) if self.inputs.wait else None
            build = (
                hub.static_build(before.id)
                if self.inputs.wait and is_built(wanted.card.sdk, wanted.card.data)
                else None
            )
            published = publishing.publish_files(self.step, hub, planned, before, self._recorded(wanted, planned))
            moved = published.route != "nothing"
            restarted = self.inputs.rebuild and not moved
            if restarted:
                before = self._rebuild(before)
            return _Deployed(published.commit, moved, restarting, restarted, before, app, build, published.earlier)

    def watch(self, wanted: _Wanted, published: _Deployed) -> Verdict:
        """Wait until it can be said whether the Space runs the commit."""
        watch = Watch(
            target=published.commit.sha,
            before=published.before,
            moved=published.moved,
            static=wanted.card.sdk == "static",
            resume=self.inputs.resume,
            began=time.monotonic(),
            built=is_built(wanted.card.sdk, wanted.card.data),
            visited=published.app is not None,
            startup=_startup(wanted.card),
            restarting=published.restarting,
            restarted=published.restarted,
            earlier=published.earlier,
        )
        ended = watching.watch(
            self.step, self.hub, self.logs, watch, published.app, static_build=published.static_build
        )
        watching.record_answers(self.step, published.app)
        if ended.space and ended.result is Result.LIVE:
            watching.record_domains(self.step, self.hub, ended.space)
        if ended.space:
            self._add_price(ended.space)
        self.record.add(result=ended.result)
        return ended

    def tag(self, wanted: _Wanted, published: _Deployed) -> None:
        """Give what went live a tag, unless it is a preview's or a rehearsal's."""
        if self.inputs.command == "deploy" and self.inputs.keep_releases:
            from .releases import tagging  # not before: nothing else has a tag

            tagging.tag(self.step, self.hub, published.before.id, published.commit.sha, wanted.source)

    def explain(self, wanted: _Wanted, published: _Deployed, ended: Verdict, failure: Failure) -> Failure:
        """Record why the Space does not run, as far as the Hub's message and the log have it, and the log's end."""
        space = ended.space
        name, tail = self.logs.tail(space.stage if space else None, over=ended.undoable)
        self.record.add(log_name=name, log_tail=tail)
        if not tail and self.logs.complaint:
            self.record.note(f"The {name} log could not be read: {self.logs.complaint}")
        if space:
            reached = published.app is not None and published.app.reached
            failure = causes.explained(failure, space, tail, _deployed(wanted), reached=reached)
        self.record.fail(failure)
        return failure

    # Parts of the phases

    def _add_price(self, space: Space) -> None:
        """Record what the hardware costs, where it costs something; a verdict stands without it."""
        if space.hardware in (None, hardware.FREE) or hardware.is_zero_gpu(space.hardware):
            return
        try:
            self.record.add(price=hardware.offer(self.hub, str(space.hardware))[1])
        except Failure as failure:
            self.runner.info(f"The price of {space.hardware} is not known: {failure.message}")

    def _planned_price(self, planned: Plan) -> float | None:
        """What the hardware costs an hour once the plan is done; None where it costs nothing, or that is not known."""
        for entry in planned.entries():
            if entry.what == "hardware":
                return entry.dollars_per_hour
        if planned.existing:
            self._add_price(planned.existing)
        return self.record.report().price

    def _complete(self, found: Checkout, of_space: str | None = None) -> Card:
        inputs = self.inputs
        return card.complete(
            found, space=inputs.space, sdk=inputs.sdk, front_matter=inputs.front_matter, of_space=of_space
        )

    def _refuse_untrusted(self, found: Checkout) -> None:
        """Raise `Failure` where the workflow has secrets and the checkout is that of a stranger."""
        if self.step.source.event_name == "pull_request_target":
            from .previews import trust  # not before: hardly any deploy is for that event

            trust.refuse_target(self.step.source, found.head)

    def _introduce(self, found: Checkout, made: Card) -> None:
        files = made.files
        size = text.size(sum(file.size for file in files.values()))
        self.runner.info(f"{count(len(files), 'file')}, {size}, sdk: {made.sdk}, from {made.origin}")
        if front_matter.find(found) is None:
            self.runner.info(f"{front_matter.PATH} is added: a Space needs one, and the checkout has none")
        if made.added:
            keys = ", ".join(f"{key}: {made.data[key]} ({origin})" for key, origin in made.added.items())
            self.runner.info(f"{front_matter.PATH} on the Space gets {keys}")
        for line in made.log:
            self.runner.info(line)
        for remark in found.remarks:
            self.runner.info(remark)
        self.record.notes(*found.notices, *made.notices)

    def _foresee(self, found: Checkout, made: Card) -> None:
        """Stop at what is certain to fail, all of it at once, and record what is likely to."""
        failures, notes = foreseen(self.inputs, found, made)
        failures += rules.against_sdk(self.inputs, made.sdk)
        self.record.notes(*notes)
        if failures:
            raise Failures(failures)

    def _bring_back(self, planned: Plan, wanted: _Wanted) -> None:
        """Bring what others have changed on the Space into the repository, where that is asked for."""
        if planned.existing and planned.by_hand and self.inputs.on_drift == "import":
            from .parts import edits  # not before: nobody has changed most Spaces

            edits.propose(self.step, self.hub, planned.existing, planned.by_hand, wanted.checkout)

    def _app(self, wanted: _Wanted, planned: Plan) -> Probe | None:
        """Return the app to ask, if it is to be asked. Of a static Space the page is known, how it was before, and what else is
        served that this deploy changes."""
        asked = watching.asked(self.inputs, wanted.card.data)
        if asked is None:
            return None
        page = _page(wanted, asked.path) if asked.visited else None
        if page and page.path in planned.stays.spared:  # somebody else has edited it, and that stays
            page = None
        known = page.read().decode("utf-8", "replace") if page and page.size <= LARGEST else None
        others = [each for each in planned.difference.files if each is not page] if asked.visited else []
        is_shown = wanted.card.sdk == "static" and not is_built(wanted.card.sdk, wanted.card.data)
        app = Probe(self.hub, asked._replace(page=known, files=others if is_shown else ()), say=self.logs.say)
        if planned.existing and known is not None and page in planned.difference.changed:
            app.remember(planned.existing)
        return app

    def _recorded(self, wanted: _Wanted, planned: Plan) -> Source:
        """Return the source with a record of what decided the tree, for the commits on the Space."""
        if not planned.difference:
            return wanted.source
        from hfspace_action.plan import recipe  # not before: a deploy without a change records nothing

        named = recipe.of_inputs(self.inputs, wanted.card.name)
        made = replace(named, own=wanted.card.own, spared=tuple(sorted(planned.stays.spared)))
        return wanted.source._replace(record=recipe.line(made, self.runner.redact))

    def _rebuild(self, before: Space) -> Space:
        """Build the unchanged tree anew, because what it is based on may have changed; the Space as it was asked to."""
        self.runner.info("Nothing changed, so it is built anew, without the Hub's cache.")
        return before._replace(stage=self.hub.restart(before.id, factory=True))

    def _say(self, words: str) -> None:
        """Print a line of ours between those of the logs."""
        self.logs.say(words)


def _deployed(wanted: _Wanted) -> causes.Deployed:
    made, found = wanted.card, wanted.checkout
    return causes.Deployed(Deployed(found.files), made.sdk, made.data, found.place)


def _page(wanted: _Wanted, path: str) -> File | None:
    """Return the file that a static Space serves at a path, where no build makes it."""
    made = wanted.card
    if made.sdk != "static" or is_built(made.sdk, made.data):
        return None
    return wanted.files.get(path.partition("?")[0].strip("/") or str(made.data.get("app_file", "index.html")))


def _startup(made: Card) -> float:
    """Return the seconds that the app may take to start: the front matter's, otherwise the Hub's default."""
    given = made.data.get("startup_duration_timeout")
    return (durations.parse(str(given)) if given else 0) or Watch.startup
