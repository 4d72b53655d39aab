"""What GitHub shows of a preview: one comment on its pull request, and a deployment. Neither ever fails a deploy."""

from collections.abc import Callable
from typing import TypeVar

from hfspace_action.commands.step import Step
from hfspace_action.report import comment
from hfspace_action.report.facts import Report
from hfspace_action.result import Result
from hfspace_action.workflow.github_api import comments, deployments
from hfspace_action.workflow.github_api.client import Access, NoAnswer, NotAllowed

T = TypeVar("T")
_NOT_TRIED = (Result.SKIPPED, Result.CANCELLED)


class Pages:
    """Writes to the pull requests of this repository about the Space of the inputs, as they name it. What GitHub refuses is a
    warning, once for each permission."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._access = step.github
        self._warned: set[str] = set()
        self._begun: deployments.Begun | None = None

    # The comment

    def show(self, number: int, report: Report) -> None:
        """Bring the comment up to date with how the run ended."""
        self._comment(number, comment.of_preview(report, self._step.runner.redact))

    def show_plan(self, number: int) -> None:
        """Bring the comment on what a deploy would change up to date."""
        self._comment(number, comment.of_plan(self._step.record.report(), self._step.runner.redact), kind="plan")

    def say(self, number: int, words: str, *, create: bool = True) -> None:
        """Make the comment say one thing."""
        self._comment(number, comment.of_words(words, self._step.runner.redact), create=create)

    def _comment(self, number: int, body: str, *, kind: str = "preview", create: bool = True) -> None:
        marker = comment.marker(kind, self._step.inputs.space)
        self._try(
            "pull-requests: write",
            "the comment on the pull request was not written",
            lambda access: comments.keep(access, number, marker, body, create=create),
        )

    # The deployment

    def begin(self, commit: str, environment: str) -> None:
        """Say that a commit is being deployed to an environment."""
        log = self._step.source.run_url
        self._begun = self._deployment(lambda access: deployments.begin(access, commit, environment, log=log))

    def end(self, report: Report) -> None:
        """Say how that ended."""
        begun = self._begun
        if begun is None:
            return
        state: deployments.State = "success" if report.result.has_app else "failure"
        if report.result in _NOT_TRIED:
            state = "inactive"
        log, app = self._step.source.run_url, report.app_url or ""
        self._deployment(lambda access: deployments.end(access, begun, state, log=log, app=app))

    def remove(self, environment: str) -> None:
        """Remove the deployments to an environment that is gone."""
        self._deployment(lambda access: deployments.remove(access, environment))

    def _deployment(self, ask: Callable[[Access], T]) -> T | None:
        return self._try("deployments: write", "GitHub does not show the preview as a deployment", ask)

    def _try(self, permission: str, lost: str, ask: Callable[[Access], T]) -> T | None:
        """Ask GitHub; None and a warning where it does not do it."""
        if self._access is None:
            self._warn("github-token", f"There is no `github-token`, so {lost}.")
            return None
        if permission in self._warned:
            return None
        try:
            return ask(self._access)
        except NotAllowed as refused:
            self._warn(permission, f"The job lacks the permission `{permission}` ({refused}), so {lost}.")
        except NoAnswer as silent:
            self._warn(permission, f"GitHub's API: {silent}, so {lost}.")
        return None

    def _warn(self, about: str, words: str) -> None:
        if about not in self._warned:
            self._warned.add(about)
            self._step.record.note(words)
