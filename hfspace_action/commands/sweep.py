"""The command `sweep`: delete the previews that nobody needs any more, and nothing else."""

from datetime import UTC, datetime, timedelta

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.plan.plan import Entry
from hfspace_action.result import Result
from hfspace_action.workflow.github_api import pulls
from hfspace_action.workflow.github_api.client import Access, NoAnswer

from .delete import remove
from .previews import found, names
from .previews.found import Preview
from .previews.names import Mark
from .previews.pages import Pages
from .step import Step


def sweep(step: Step) -> None:
    """Delete each preview of this repository whose pull request is closed, or that was not deployed to for `max-age`. Raises
    `Failure` where GitHub or the Hub can't be asked at all; one preview that can't be deleted keeps none of the others."""
    if step.job:
        raise Failure("publisher-not-enough", doing="delete previews")
    access, record = step.github, step.record
    if access is None:
        raise Failure("github-needed", command="sweep", said="there is no `github-token`")
    hub = step.connect()
    base = step.space_name(hub)
    record.add(space_id=base)
    work = _Sweep(step, hub, base, access)
    listed = hub.listed(base.partition("/")[0])
    for each in sorted(found.previews(hub, listed, base, access.repository), key=lambda each: each.mark.number):
        work.judge(each)
    if step.inputs.dry_run:
        record.add(result=Result.PLANNED, plan=work.planned)
    elif not record.report().failures:
        record.add(result=Result.SWEPT, changed=work.deleted > 0)


class _Sweep:
    """The previews as they are looked at, one by one."""

    def __init__(self, step: Step, hub: Hub, base: str, access: Access) -> None:
        self._step, self._hub, self._base, self._access = step, hub, base, access
        self._pages = Pages(step)
        self._now = datetime.now(UTC)
        self.deleted = 0
        self.planned: list[str] = []

    def judge(self, preview: Preview) -> None:
        """Delete one preview if it is of no use any more, and leave a row for it."""
        name, number = preview.space.id, preview.mark.number
        try:
            is_open = pulls.is_open(self._access, number)
        except NoAnswer as silent:
            self._row(name, None, f"kept: whether #{number} is open is not known ({silent})")
            return
        age = self._age(preview)
        if is_open and age <= timedelta(seconds=self._step.inputs.max_age):
            self._row(name, None, f"kept: #{number} is open, and the latest commit is {_words(age)} old")
            return
        reason = f"the latest commit is {_words(age)} old" if is_open else f"#{number} is closed"
        if self._step.inputs.dry_run:
            self.planned.append(str(Entry("delete", "space", name)))
            self._row(name, None, f"would be deleted: {reason}")
            return
        try:
            self._delete(preview)
        except Failure as failure:
            self._step.record.fail(failure)
            self._row(name, False, failure.message)
            return
        self._row(name, True, f"deleted: {reason}")
        self._pages.remove(name)
        words = f"{reason.removeprefix('the ').capitalize()}, so it was deleted. The next commit makes it again."
        self._pages.say(
            number,
            f"The preview {name} is gone. {words}"
            if is_open
            else "This pull request is closed, and its preview is gone.",
            create=False,
        )

    def _delete(self, preview: Preview) -> None:
        """Delete it, if it still is what it was in the list: somebody may have taken its place since."""
        name, wanted = preview.space.id, Mark(self._access.repository, preview.mark.number)
        reason = names.why_foreign(name, found.read_mark(self._hub, name), wanted, self._base)
        if reason:
            raise Failure("preview-foreign", space=name, pull=wanted, reason=reason)
        self.deleted += remove(self._hub, name)

    def _age(self, preview: Preview) -> timedelta:
        """How long it was not deployed to; no time where the Hub does not say."""
        return self._now - preview.latest if preview.latest else timedelta()

    def _row(self, name: str, ok: bool | None, detail: str) -> None:
        self._step.runner.info(str(self._step.record.row(name, ok, detail)))


def _words(age: timedelta) -> str:
    return durations.words(age.total_seconds())
