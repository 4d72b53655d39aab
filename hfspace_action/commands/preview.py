"""The command `preview`: a Space of its own for a pull request, deployed like any other, shown on its page, gone when it is closed."""

from collections.abc import Sequence
from dataclasses import replace

from hfspace_action import text
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure, Note
from hfspace_action.hub.api import Hub
from hfspace_action.hub.errors import refuses_creation
from hfspace_action.plan.plan import Entry, Plan
from hfspace_action.report.cleanup import Duty
from hfspace_action.report.facts import Report
from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.workflow import pull_request
from hfspace_action.workflow.pull_request import PullRequest

from .delete import remove
from .deploy import guarded
from .parts.guard import Guard
from .parts.recorded import recorded
from .previews import found, names, rehearsal, trust
from .previews.found import Preview
from .previews.names import Mark
from .previews.pages import Pages
from .previews.room import LATER, Room
from .previews.trust import NotMade
from .step import Step

_UNSHOWN = "GitHub did not answer in time, so the pull request does not show how this run ended."


def preview(step: Step) -> None:
    """Make, renew or delete the preview of the pull request that the run is about, and say so there. Raises `Failure`."""
    about: PullRequest | None = None
    try:
        about = _about(step)
        _refuse_without_secrets(step, about)
    except NotMade as reason:
        step.record.add(result=Result.SKIPPED, why=str(reason))
        if reason.pull and step.source.event_name == "workflow_run":
            Pages(step).say(reason.pull, f"No preview of this commit: {reason}.", create=reason.is_news)
        return
    if step.job:
        raise Failure("publisher-not-enough", doing="create and delete previews")
    hub = step.connect()
    work = _Preview(step, hub, step.space_name(hub), about)
    if about.is_closed:
        work.close()
    else:
        work.renew()


def _about(step: Step) -> PullRequest:
    """Return the pull request that the run is about. Raises `NotMade`, or `Failure` where it is about none."""
    source, payload = step.source, step.source.payload
    if source.event_name == "workflow_run":
        from hfspace_action.workflow.github_api.client import NoAnswer

        if step.github is None:
            raise Failure("github-needed", command="preview", said="there is no `github-token`")
        try:
            run = pull_request.finished_run(payload)
            return trust.approved(step.github, run, step.inputs.label, step.runner.info)
        except NoAnswer as silent:
            raise Failure("github-needed", command="preview", said=str(silent)) from silent
    found_pull = pull_request.read(payload)
    if found_pull is None:
        raise Failure("preview-event", event=source.event_name or "none")
    return found_pull


def _refuse_without_secrets(step: Step, about: PullRequest) -> None:
    """Raise `NotMade` where GitHub gives the run no secrets, or would give them to a stranger's code."""
    source = step.source
    if source.event_name == "workflow_run":
        return
    if source.event_name == "pull_request_target" and not about.is_closed:
        raise Failure("preview-target")
    if about.is_fork and source.event_name != "pull_request_target":
        origin = f"the fork {about.head}" if about.head else "a fork that is gone"
        raise NotMade(
            f"GitHub gives no secrets to a pull request from {origin}; {rehearsal.named(step.workspace)}. Somebody with "
            f"write access can have it previewed by the label `{step.inputs.label}`",
            about.number,
        )
    if not step.inputs.hf_token and not step.job:
        raise NotMade(
            f"GitHub gives this run of Dependabot no secrets but its own; {rehearsal.named(step.workspace)}",
            about.number,
        )


class _Preview(Guard):
    """The preview of one pull request."""

    def __init__(self, step: Step, hub: Hub, base: str, pull: PullRequest) -> None:
        self.step, self.hub, self.base, self.pull = step, hub, base, pull
        self.name = names.preview(base, pull.number)
        self.mark = Mark(step.source.repository or pull.base, pull.number)
        self.pages = Pages(step)
        self.room = Room(hub, base, self.mark.repository, step.inputs.max_previews)

    # Open

    def renew(self) -> None:
        """Deploy the pull request, and show on its page what came of it."""
        step, record = self.step, self.step.record
        inputs = step.inputs
        wanted = replace(
            inputs,
            space=self.name,
            variables={**inputs.variables, names.MARK: str(self.mark)},
            visibility=inputs.visibility or "private",
            create=inputs.create is not False,
        )
        record.add(space_id=self.name, run_url=step.source.run_url or None)
        with recorded(record):
            try:
                guarded(step._replace(inputs=wanted), self)
            except NotMade as reason:
                record.add(result=Result.SKIPPED, why=str(reason))
            except Failure as failure:
                if failure.id == "plan-needed":
                    self._rehearse(failure)
                elif failure.id == "rate-limited" and refuses_creation(failure):
                    record.add(result=Result.SKIPPED, why=f"{failure.message.rstrip('.')}; {LATER}")
                else:
                    raise
        if inputs.dry_run and not inputs.comment:
            return
        record.duty = None
        self._show(record.report())

    def _show(self, ended: Report) -> Sequence[Note]:
        """Show on GitHub how it ended, and return what GitHub did not do; also where the step is told to end."""
        self.pages.end(ended)
        self.pages.show(self.pull.number, ended)
        return self.step.record.report().notes[len(ended.notes) :]

    def _rehearse(self, refused: Failure) -> None:
        """Rehearse, because the Hub makes no such Space on a free account. Raises `Failure`."""
        from .rehearse import rehearse  # not before: few previews end so

        self.step.record.note(
            f"{refused.message} So the pull request was rehearsed in the runner instead, and there is no preview."
        )
        rehearse(self.step)

    def read(self, found: Checkout) -> None:
        """Refuse any commit but the one that was approved."""
        if self.step.source.event_name == "workflow_run" and found.commit != self.pull.sha:
            held = (
                f"{text.short(found.head)}{'' if found.commit else ' with changes'}" if found.head else "no git commit"
            )
            raise Failure("preview-other-commit", found=held, wanted=text.short(self.pull.sha))

    def planned(self, planned: Plan) -> None:
        """Refuse a Space that is not ours, and make room for a new one."""
        if planned.existing:
            self._refuse_foreign(planned.existing)
        if self.step.inputs.dry_run:
            return
        self.room.make(self.name, planned.existing, self._paused)
        self.step.record.duty = Duty(self._show, Note(_UNSHOWN))
        self.pages.begin(self.pull.sha, self.name)

    def created(self, space: Space) -> None:
        """Take the new Space back where other runs made as many at the same time."""
        self._refuse_foreign(space)
        try:
            self.room.refuse_too_many(self.name)
        except NotMade:
            remove(self.hub, self.name)
            self.step.record.add(created=False, space_url=None, app_url=None)
            raise

    def _paused(self, other: Preview) -> None:
        """Say that another preview was paused for this one: here, and on its own pull request."""
        number = self.mark.number
        self.step.record.note(
            f"{other.space.id} was paused, because only {self.step.inputs.max_previews} may run at once."
        )
        words = f"The preview {other.space.id} was paused to make room for #{number}. The next commit starts it again."
        self.pages.say(other.mark.number, words, create=False)

    # Closed

    def close(self) -> None:
        """Delete the preview, and say so. Where there is none, nothing happens."""
        record = self.step.record
        record.add(space_id=self.name, run_url=self.step.source.run_url or None)
        there = self.hub.space(self.name)
        if there:
            record.seen(there)
            self._refuse_foreign(there)
        if self.step.inputs.dry_run:
            record.add(result=Result.PLANNED, plan=[str(Entry("delete", "space", there.id))] if there else [])
            return
        removed = remove(self.hub, there.id) if there else False
        record.add(result=Result.DELETED, changed=removed, space_url=None, app_url=None)
        self.pages.remove(self.name)
        how = "merged" if self.pull.is_merged else "closed"
        self.pages.say(self.pull.number, f"This pull request is {how}, and its preview is gone.", create=removed)

    def _refuse_foreign(self, space: Space) -> None:
        reason = names.why_foreign(space.id, found.read_mark(self.hub, space.id), self.mark, self.base)
        if reason:
            raise Failure("preview-foreign", space=space.id, pull=self.mark, reason=reason)
