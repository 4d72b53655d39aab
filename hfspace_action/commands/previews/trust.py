"""Whose code a run with secrets may take: never that of a fork, unless somebody who may write here has looked at that very commit."""

from collections.abc import Callable
from typing import NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.workflow.github_api import pulls
from hfspace_action.workflow.github_api.client import Access, NoAnswer
from hfspace_action.workflow.github_api.pulls import Label, Pull
from hfspace_action.workflow.pull_request import PullRequest, Run
from hfspace_action.workflow.run import Source


class NotMade(Exception):
    """There is to be no preview, and nothing is wrong; the text says why. `pull` is the number of the pull request, if it is
    known; `is_news`: whoever looks at that has to hear of it."""

    def __init__(self, reason: str, pull: int | None = None, *, is_news: bool = False) -> None:
        super().__init__(reason)
        self.pull, self.is_news = pull, is_news


class Evidence(NamedTuple):
    """What GitHub says of a pull request whose commit `sha` a run is to preview: `put` is its label, by somebody who `may_write`
    or not; `pushed` is the commit that its branch was moved to last, and when. None where GitHub does not say."""

    pull: Pull
    sha: str
    put: Label | None
    may_write: bool
    pushed: tuple[str, object] | None


def why_not(seen: Evidence, label: str) -> str | None:
    """Return why a commit of a fork is not trusted; None where it is. Only GitHub's own records count: a commit's dates are
    whatever its author wrote, and so is the workflow that a fork's pull request runs."""
    short = seen.sha[:7]
    if label.lower() not in seen.pull.labels or seen.put is None:
        return f"it has no label `{label}`, which somebody with write access puts on it after a look at its code"
    if not seen.may_write:
        return f"{seen.put.actor}, who put the label `{label}` on it, may not write to this repository"
    if seen.pull.sha != seen.sha:
        return f"this run is about {short}, and the pull request stands at {seen.pull.sha[:7]} by now"
    if seen.pushed is None or seen.pushed[0] != seen.sha:
        return f"GitHub does not say when {short} was pushed, so the label may be older than it"
    if not is_before(seen.pushed[1], seen.put.at):
        return f"{short} is not older than the label `{label}`: somebody has to look again, and put the label on again"
    return None


def is_before(one: object, other: object) -> bool:
    """Whether a moment is before another one; those of one second are not, because GitHub names no parts of it."""
    return one < other  # type: ignore[operator,no-any-return]  # both are datetimes with a time zone


def approved(access: Access, run: Run | None, label: str, say: Callable[[str], None]) -> PullRequest:
    """Return the pull request whose commit a finished run was about, if that commit is trusted. Raises `NotMade`, and
    `NoAnswer` where GitHub can't be asked. A label that is no longer about the commit is taken off."""
    if run is None or not run.event.startswith("pull_request"):
        raise NotMade("the run that started this one was about no pull request")
    found = pulls.of_branch(access, run.head, run.branch)
    if not found:
        raise NotMade(f"no open pull request comes from {run.head}, branch {run.branch}")
    pull = next((each for each in found if label.lower() in each.labels), found[0])
    put = pulls.label(access, pull.number, label)
    seen = Evidence(
        pull,
        run.sha,
        put,
        put is not None and pulls.may_write(access, put.actor),
        pulls.last_push(access, pull.repository, pull.branch),
    )
    reason = why_not(seen, label)
    if reason is None:
        return PullRequest(pull.number, pull.sha, pull.repository, access.repository, url=pull.url)
    outdated = label.lower() in pull.labels and is_outdated(seen)
    if outdated:
        say(f"Taking the label {label} off #{pull.number}, because {reason}.")
        try:
            pulls.take_label(access, pull.number, label)
        except NoAnswer as silent:  # what it is about is not trusted all the same
            say(f"GitHub did not take it off: {silent}. The job may lack the permission `pull-requests: write`.")
    raise NotMade(reason, pull.number, is_news=outdated)


def is_outdated(seen: Evidence) -> bool:
    """Whether the label is about a commit that the pull request stood at before, so that it misleads whoever sees it. A run that
    is late says nothing of that."""
    return seen.put is not None and seen.pushed is not None and not is_before(seen.pushed[1], seen.put.at)


def refuse_target(source: Source, checked_out: str | None) -> None:
    """Raise `Failure` where a workflow on `pull_request_target`, which has the secrets, has checked out anything but a commit of
    this repository's own branch. `checked_out` is None where there is no git to tell."""
    if source.event_name == "pull_request_target" and checked_out != source.sha:
        raise Failure("target-checkout", commit=checked_out[:12] if checked_out else "files without a git commit")
