"""The command `watch`: look at each Space, keep an issue about what needs attention, and mend what may be mended."""

from hfspace_action import text
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.report.facts import Line
from hfspace_action.result import Result

from . import heal, page
from .examine import examine
from .findings import Seen
from .heal import Healed
from .issues import Issues
from .targets import Target, targets

_FOR_ALL = frozenset({
    "token-refused", "hub-unreachable", "hub-elsewhere", "not-a-hub", "identity-not-issued", "hub-silent", "out-of-time", "rate-limited",
})  # fmt: skip
"""Failures that the next Space would end with as well."""


def watch(step: Step) -> None:
    """Look at all Spaces of the inputs, and record what was found. Raises `Failure` where that can't be told of any."""
    work = _Watch(step)
    if step.inputs.space and not step.inputs.spaces:
        work.look_at(step)
    else:
        for each in targets(step):
            work.list_one(step, each)
    step.record.add(result=work.result())


class _Watch:
    """The Spaces as they are looked at, one by one."""

    def __init__(self, step: Step) -> None:
        self._step, self._record = step, step.record
        self._issues = Issues(step)
        self._hub: Hub | None = None
        self._lines: list[Line] = []
        self._wrong = self._unknown = self._healed = 0

    def result(self) -> Result:
        """Return how the step ends: as badly as the worst of the Spaces."""
        if self._wrong:
            return Result.SEEN if self._step.inputs.fail_on == "never" else Result.BROKEN
        if self._unknown:
            return Result.ERROR
        return Result.HEALED if self._healed else Result.SEEN

    def look_at(self, step: Step) -> None:
        """Look at the only Space, and record all that was found of it."""
        seen, healed = self._settled(step)
        record, space = self._record, seen.space
        record.add(space_id=seen.name, price=seen.price)
        if space:
            record.seen(space)
            record.add(sdk=space.sdk, commit_sha=space.head)
            if space.head:
                record.add(commit_url=self._connected(step).git.commit_page(space.id, space.head).url)
        for each in seen.findings:
            advice = each.failure.advice if each.failure and step.inputs.fail_on == "never" else ""
            record.row(each.name, each.ok, each.detail, advice=advice)
        if healed:
            record.row("cure", not seen.wrong, f"this run has {healed.words}")
            record.notes(*healed.notes)
        if step.inputs.fail_on != "never":
            record.fail(*(each.failure for each in seen.wrong if each.failure))

    def list_one(self, step: Step, target: Target) -> None:
        """Look at one of several Spaces, and record it in a line. That one can't be looked at keeps none of the others."""
        name, step = target.inputs.space, step._replace(inputs=target.inputs)
        try:
            if target.failures:
                first, *others = target.failures
                self._record.fail(*others)
                raise first
            seen, healed = self._settled(step)
        except Failure as failure:
            if failure.id in _FOR_ALL:
                raise
            self._unknown += 1
            self._record.fail(failure)
            self._add(Line(None, name, "", "", "", "", "", "", f"not known: {failure.message}", ""))
            return
        kept = self._issues.about(seen.name)
        shown = page.line(seen, kept.url if kept and kept.is_open else "")
        self._add(shown._replace(found=f"{shown.found}; this run has {healed.words}") if healed else shown)
        if healed:
            self._record.notes(*healed.notes)
        if seen.wrong and step.inputs.fail_on != "never":
            found = "; ".join(f"{each.name}: {each.detail}" for each in seen.wrong)
            advice = " ".join(dict.fromkeys(each.failure.advice for each in seen.wrong if each.failure))
            self._record.fail(Failure("needs-attention", space=seen.name, found=text.cut(found, 400), advice=advice))

    def _settled(self, step: Step) -> tuple[Seen, Healed | None]:
        """Look at a Space, mend it where that is to be tried, and bring its issue up to date."""
        hub = self._connected(step)
        seen = examine(step, hub)
        for each in seen.findings:
            step.runner.info(f"{seen.name}: {each}")
        kept = self._issues.about(seen.name)
        tried = page.tried(kept.body) if kept else 0
        chosen = heal.cure(seen, step.inputs.heal)
        healed = None
        if seen.under_way:
            return seen, None
        if chosen and step.inputs.dry_run:
            step.runner.info(f"{seen.name}: a run without `dry-run` would have {heal.words(chosen)}")
        elif chosen and tried >= heal.MOST:
            self._record.note(f"{seen.name}: {tried} cures in a row have not helped, so none is tried any more.")
        elif chosen:
            tried += 1
            self._issues.report(seen, tried)
            healed = heal.heal(step, seen, chosen)
            seen = examine(step, hub)
        self._issues.report(seen, tried if seen.wrong or healed else 0, healed=healed.words if healed else "")
        self._wrong += bool(seen.wrong)
        self._healed += bool(healed and not seen.wrong)
        return seen, healed

    def _connected(self, step: Step) -> Hub:
        """Return the Hub; a trusted publisher's token is good for one Space only."""
        if self._hub is None or step.job:
            self._hub = step.connect()
        return self._hub

    def _add(self, line: Line) -> None:
        self._lines.append(line)
        self._record.row(line.space, line.ok, line.found)
        self._record.add(inventory=tuple(self._lines))
