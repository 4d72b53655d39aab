"""A step as the commands see it: what was asked for, where it runs, and where its facts go."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action.deadline import Deadline
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.inputs.schema import Inputs
from hfspace_action.report.record import Record
from hfspace_action.workflow.ci.place import Place
from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source
from hfspace_action.workflow.runner import Runner

if TYPE_CHECKING:
    from hfspace_action.workflow.github_api.client import Access


class Step(NamedTuple):
    """One step, at some place. `proof` is the job that may prove who it is, if it may, whether that is needed or not. `hub` is a
    connection that deploys to several Spaces share."""

    inputs: Inputs
    workspace: Path
    place: Place
    source: Source
    proof: Job | None
    runner: Runner
    record: Record
    deadline: Deadline
    hub: Hub | None = None

    @property
    def job(self) -> Job | None:
        """Who deploys where there is no token in the inputs; None otherwise."""
        return None if self.inputs.hf_token else self.proof

    def connect(self) -> Hub:
        """Return the Hub with the token of the inputs; a trusted publisher gets one here. Raises `Failure`."""
        if self.hub:
            return self.hub
        inputs, retries = self.inputs, Retries(self.runner.info, deadline=self.deadline)
        token = inputs.hf_token
        if self.job:
            from hfspace_action.hub.identity import trusted_publisher  # not before: most steps bring a token

            token = trusted_publisher.exchange(self.job, inputs.endpoint, inputs.space, retries, mask=self.runner.mask)
        return Hub(inputs.endpoint, token, retries, mask=self.runner.mask)

    @property
    def github(self) -> "Access | None":
        """What GitHub's API is asked with; None outside a workflow, or without a token for it."""
        from hfspace_action.workflow.github_api.client import Access  # not before: few steps ask GitHub

        source, token = self.source, self.inputs.github_token
        return Access(source.api, source.repository, token) if token and source.api and source.repository else None

    def space_name(self, hub: Hub) -> str:
        """Return the Space as owner/name; without an owner it is the token's. Raises `Failure` if that owns nothing."""
        space = self.inputs.space
        if "/" in space:
            return space
        owner = hub.account()
        if owner.access == "app":
            raise Failure("input-space-owner")
        return f"{owner.name}/{space}"
