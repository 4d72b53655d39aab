"""The files of a plan on their way to main, with each step of it recorded at once: what comes after may fail."""

from typing import TYPE_CHECKING

from hfspace_action.commands.step import Step
from hfspace_action.hub.api import Hub
from hfspace_action.hub.git import Commit
from hfspace_action.plan.plan import Plan
from hfspace_action.publish import provision, publish
from hfspace_action.publish.publish import Published
from hfspace_action.publish.work import Terms
from hfspace_action.space import Space
from hfspace_action.workflow.run import Source

if TYPE_CHECKING:
    from hfspace_action.hub.commits import Origin


def publish_files(
    step: Step, hub: Hub, planned: Plan, before: Space, source: Source, origin: "Origin | None" = None
) -> Published:
    """Bring main of the Space, as it is `before`, to the wanted tree, and change the settings that the Hub takes only then. `origin`
    is the Space that has the files, where no checkout does. Raises `Failure`."""
    record, say = step.record, step.runner.info

    def moved(commit: Commit) -> None:
        record.add(commit_sha=commit.sha, commit_url=commit.url, changed=True)

    def unsettled(unsettled: bool) -> None:
        record.add(unsettled=unsettled)

    shown = source.shown_on(before, step.inputs.visibility)
    published = publish.publish(hub, planned, before, Terms(shown, say, moved, unsettled, origin))
    commit, did_move = published.commit, published.route != "nothing"
    record.add(commit_sha=commit.sha, commit_url=commit.url, changed=did_move)
    if did_move:
        say(f"Published: {commit.url}")
    else:
        say(f"Nothing to publish: main already holds exactly this, at {commit.url}")
    if published.route == "several commits":
        record.note("The Space takes no pull requests, so main moved several times and may have been built in between.")
    provision.finish(hub, step.inputs, planned, before, record)
    return published
