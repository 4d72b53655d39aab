"""The issues about Spaces: opened, written anew, closed. Where GitHub does not do it, that is a warning, and the look goes on."""

from collections.abc import Callable
from typing import Literal, TypeVar

from hfspace_action.commands.step import Step
from hfspace_action.report.markdown import sentences
from hfspace_action.workflow.github_api import issues
from hfspace_action.workflow.github_api.client import Access, NoAnswer, NotAllowed
from hfspace_action.workflow.github_api.issues import Kept

from . import page
from .findings import Seen

T = TypeVar("T")


class Issues:
    """The issues of this repository about Spaces, listed once for all of them."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._access = None if step.inputs.dry_run else step.github
        self._silent = False
        self._listed: list[Kept] | None = None

    def about(self, name: str) -> Kept | None:
        """Return the issue about a Space; None where there is none, or GitHub does not say."""
        found = self._of(name)
        return found[0] if found else None

    def report(self, seen: Seen, cures: int = 0, *, healed: str = "") -> Kept | None:
        """Bring the issue about a Space up to date: open it where something is wrong, close it where nothing is any more. `cures` have
        been tried in a row, and `healed` says what was done now."""
        found = self._of(seen.name)
        if found is None:
            if seen.wrong and self._access is None and not self._step.inputs.dry_run:
                self._step.runner.info(f"{seen.name}: no issue is kept about it, because there is no `github-token`")
            return None
        now = page.page(self._step, seen, cures, healed=healed)
        if not found:
            return self._open(now) if seen.wrong else None
        kept, *others = found
        for each in others:
            if each.is_open:
                self._say(each, f"#{kept.number} is about the same Space.")
                self._write(each, page.Page(each.title, each.body), "closed")
        return self._bring(kept, now, seen, healed)

    def _bring(self, kept: Kept, now: page.Page, seen: Seen, healed: str) -> Kept | None:
        if seen.wrong and kept.muted:
            return self._write(kept, now, None)  # which keeps the count of cures
        if not seen.wrong and not kept.is_open:
            return self._write(kept, now, None) if page.tried(kept.body) else kept
        news = not kept.is_open or not seen.wrong or now.title != kept.title
        after = self._write(kept, now, "open" if seen.wrong else "closed")
        if after and news:
            cured = f"This run has {healed}: " if healed else ""
            self._say(after, f"{cured}{seen.name} {'needs attention' if seen.wrong else 'is as it should be'}"
                             f"{f': {seen.in_short}' if seen.wrong else ''}.")  # fmt: skip
        return after

    def _open(self, now: page.Page) -> Kept | None:
        made = self._ask(lambda access: issues.create(access, now.title, now.body))
        if made and not made.labelled:
            self._step.record.note(
                f"GitHub has not put the label `{issues.LABEL}` on #{made.number}, so the next run will not find it: put it on."
            )
        self._listed = [*([made] if made else []), *(self._listed or [])]
        return made

    def _write(self, kept: Kept, now: page.Page, state: Literal["open", "closed"] | None) -> Kept | None:
        after = self._ask(lambda access: issues.write(access, kept, now.title, now.body, state=state))
        if after and self._listed is not None:
            self._listed = [after if each.number == after.number else each for each in self._listed]
        return after

    def _say(self, kept: Kept, words: str) -> None:
        shown = self._step.runner.redact(words)
        self._ask(lambda access: issues.comment(access, kept, sentences(shown)))

    def _of(self, name: str) -> list[Kept] | None:
        """Return the issues about a Space; None where GitHub does not say."""
        if self._listed is None:
            self._listed = self._ask(issues.listed)
        return None if self._listed is None else issues.of(self._listed, page.marker(name))

    def _ask(self, ask: Callable[[Access], T]) -> T | None:
        """Ask GitHub; None where it does not do it, with a warning the first time. It is not asked again then."""
        if self._access is None or self._silent:
            return None
        try:
            return ask(self._access)
        except NotAllowed as refused:
            self._lost(f"The job lacks the permission `issues: write` ({refused}), so there is no issue about it.")
        except NoAnswer as silent:
            self._lost(f"GitHub's API: {silent}, so the issue about it was not brought up to date.")
        return None

    def _lost(self, words: str) -> None:
        self._silent = True
        self._step.record.note(words)
