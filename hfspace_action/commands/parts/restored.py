"""The commit of the repository that a Space runs again after a rollback, as that deploy's own commit names it."""

from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.workflow import run


def record(step: Step, hub: Hub, space: str, sha: str) -> None:
    """Record what the commit `sha` of the Space was deployed from, where that was a commit of this very repository."""
    try:
        found = hub.history.until(space, sha, lambda _: True, 1)
    except Failure as failure:
        step.runner.info(f"What commit {sha[:7]} was deployed from is not known: {failure.message}")
        return
    for made in found:
        source = step.source._replace(sha=run.deployed_commit(made.title), exact=True)
        if source.sha and made.title == source.title:  # which names the repository too
            subject = run.line_of(made.message, "Subject")
            step.record.add(
                restored_sha=source.sha,
                restored_url=source.commit_url or None,
                restored_subject=step.runner.redact(subject) if subject else None,
            )
