"""The command `promote`: a Space gets the very files of another one, once that is live, and is judged as by a deploy."""

import time
from dataclasses import replace

from hfspace_action.checkout.git import objects
from hfspace_action.commands.parts import judging, publishing, shown_plan, wanted_space, watching
from hfspace_action.commands.parts.judging import Judged
from hfspace_action.commands.parts.recorded import recorded
from hfspace_action.commands.releases import listed
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.hub.commits import Origin
from hfspace_action.inputs import schema
from hfspace_action.plan import plan, recipe, tree
from hfspace_action.plan.foreign.drift import is_deploy
from hfspace_action.plan.hold import Held
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.settings import rules
from hfspace_action.publish import provision
from hfspace_action.publish.publish import Published
from hfspace_action.report.record import Record
from hfspace_action.result import Result
from hfspace_action.space import Space, is_built
from hfspace_action.watch.state_machine import Watch
from hfspace_action.workflow.run import Source

from . import identical, names
from .twin import must_be_live


def promote(step: Step) -> None:
    """Bring the files of the Space `from` to the Space of the step, wait, and record what came of it. Raises `Failure`; nothing is
    written where the other Space is not live."""
    step = step._replace(hub=step.connect())
    hub = step.connect()
    try:
        _promote(step, hub)
    except Held as held:
        from hfspace_action.commands.releases import hold  # not before: few Spaces are held

        hold.leave(step, hub, held.space)


def _promote(step: Step, hub: Hub) -> None:
    """Do it. Raises `Held` where nothing is to be written."""
    with step.record.phase("plan"):
        name = step.space_name(hub)
        twin = _twin(step, hub, name)
        origin = _origin(step, hub, twin)
        source = _source(step, hub, twin, origin.sha)
        step, existing = wanted_space.found(step, hub, name)
        planned = _planned(step, hub, name, (twin, origin), existing)
    inputs = step.inputs
    if inputs.dry_run:
        step.record.add(result=Result.PLANNED, space_id=planned.space)
        return
    if planned.difference or planned.settings:
        step.record.enter("twin")
        if said := names.compare(hub, inputs, twin, existing):
            step.record.note(said)
        _judge_twin(step, hub, (twin._replace(head=origin.sha), origin), planned.space)
    else:
        step.runner.info(f"{planned.space} holds this version already, so {twin.id} is not asked.")
    with step.record.phase("publish"):
        before, restarting = provision.ready(hub, inputs, planned, step.record)
        build = hub.static_build(before.id) if inputs.wait and is_built(twin.sdk, twin.card) else None
        published = publishing.publish_files(step, hub, planned, before, source, origin)
    if not inputs.wait:
        step.record.add(result=Result.PUBLISHED)
        return
    judged = judging.judge(step, hub, _watch(step, planned, before, published, restarting=restarting), build)
    _settle(step, hub, (planned, published, source), judged)


def _twin(step: Step, hub: Hub, space: str) -> Space:
    """Return the Space that has the files. Raises `Failure` where there is none."""
    twin = schema.twin_of(space, str(step.inputs.from_))
    if twin.lower() == space.lower():  # which the inputs alone do not show where they leave the owner out
        raise schema.is_itself(twin, "from")
    found = hub.space(twin)
    if found is None:
        if not step.job:  # which has no account
            hub.account()  # to the Hub's client, what a bad token asks for is missing too
        raise Failure("twin-missing", space=space, twin=twin)
    return found


def _origin(step: Step, hub: Hub, twin: Space) -> Origin:
    """Return the files at the head of the twin's main."""
    head = twin.head or hub.git.head(twin.id).sha
    return Origin(twin.id, head, identical.files(hub, (twin.id, head)), objects.blobs(step.workspace))


def _source(step: Step, hub: Hub, twin: Space, head: str) -> Source:
    """Record and return what the twin's files were deployed from, as its commits tell: they may have been edited since."""
    trail = listed.Trail()
    commits = listed.commits(hub, twin.id, head, trail.reached)
    deployed, edited = trail.end, not all(map(is_deploy, commits))
    source = (
        step.source.of_deploy(deployed.title, deployed.message, edited=edited)
        if deployed
        else step.source._replace(sha="")
    )
    step.record.add(
        sdk=twin.sdk,
        title=str(twin.card.get("title", "")),
        source_sha=source.sha if source.exact and source.sha else None,
        source_url=source.commit_url if source.exact and source.sha else None,
        source_subject=source.subject or None,
        source_name=source.forge.name,
        source_line=source.forge.line,
    )
    record = f"Promoted-From: {twin.id}@{head}"
    made = recipe.read(deployed.message) if deployed and not edited else None
    if made:
        record += f"\n{recipe.line(replace(made, keep=step.inputs.keep), step.runner.redact)}"
    step.runner.info(f"From {twin.id}@{head[:12]}: {source.title}{', edited since' if edited else ''}")
    return source._replace(record=record)


def _planned(step: Step, hub: Hub, name: str, taken: tuple[Space, Origin], existing: Space | None) -> Plan:
    """Return the plan for the Space `name`, which is recorded and shown; what it is to get is `taken` from the twin. Raises `Failure`,
    and `Held` where nothing is to be written."""
    twin, origin = taken
    inputs, sdk = step.inputs, twin.sdk or "docker"
    rules.check(inputs, sdk, existing)
    # The bytes stay on the Hub, which has said their ids; what would need them counts as different.
    files = [
        File(each.path, each.size, None if each.lfs_sha256 else each.oid, b"", each.lfs_sha256)
        for each in origin.files.values()
    ]
    wanted = tree.build(files, lambda file: origin.files[file.path].lfs_sha256 is not None)
    planned = plan.make(hub, inputs, name, existing, sdk, wanted)
    shown_plan.show(step, planned)
    rules.within_price(hub, inputs, sdk, existing)
    shown_plan.stop_at_hold(step, planned, "a promotion")
    step.record.notes(*planned.notes)
    return planned


def _judge_twin(step: Step, hub: Hub, taken: tuple[Space, Origin], space: str) -> None:
    """Wait until the twin runs the files that are taken from it, and ask its app. It is not started for that. Raises `Failures`."""
    twin, origin = taken
    step.runner.info(f"First {twin.id}; {space} waits for it.")
    record = Record()
    record.seen(twin)
    record.add(commit_sha=origin.sha, commit_url=hub.git.commit_page(twin.id, origin.sha).url)
    inputs = replace(step.inputs, space=twin.id, resume=False)
    watch = Watch(
        target=origin.sha,
        before=twin,
        moved=False,
        static=twin.sdk == "static",
        resume=False,
        began=time.monotonic(),
    )
    with recorded(record):
        judging.judge(step._replace(inputs=inputs, record=record), hub, watch, listed=origin.files)
    must_be_live(step, space, twin.id, record.report())


def _watch(step: Step, planned: Plan, before: Space, published: Published, *, restarting: bool) -> Watch:
    return Watch(
        target=published.commit.sha,
        before=before,
        moved=published.route != "nothing",
        static=planned.sdk == "static",
        resume=step.inputs.resume,
        began=time.monotonic(),
        restarting=restarting,
        earlier=published.earlier,
    )


def _settle(step: Step, hub: Hub, done: tuple[Plan, Published, Source], judged: Judged) -> None:
    """Tag what went live, or go back where that is asked for. Raises `Failure`."""
    planned, published, source = done
    inputs, space = step.inputs, planned.space
    result = judged.verdict.result
    if result is Result.LIVE and judged.verdict.space:
        watching.record_domains(step, hub, judged.verdict.space)
    if result is Result.LIVE and published.route != "nothing" and inputs.keep_releases:
        from hfspace_action.commands.releases import tagging

        tagging.tag(step, hub, space, published.commit.sha, source)
    if judged.failure:
        from hfspace_action.commands.parts import rolled_back  # not before: most promotions go well

        changed = bool(planned.settings)
        undone = rolled_back.Undone(
            published.commit, published.earlier, planned.existing, judged.verdict.space, changed
        )
        rolled_back.where_asked(step, hub, judged.logs, judged.verdict, judged.failure, undone)
