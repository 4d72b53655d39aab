"""One of many Spaces that are deployed in one run: a deploy of its own, with a record of its own, done part by part."""

import traceback
from collections.abc import Iterator
from dataclasses import replace

from hfspace_action.commands.deploy import in_parts
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.inputs.schema import Inputs
from hfspace_action.inputs.spaces.file import Declared
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.settings import new_space
from hfspace_action.report.record import Record
from hfspace_action.result import Result
from hfspace_action.space import Space

_OF_THE_FOLDER = ("path-missing", "path-outside", "checkout-empty")
"""Failures that what the file says of a Space is to blame for."""


def inputs(declared: Declared) -> Inputs:
    """Return the inputs of a deploy to a Space. Its name is no slip of that of another one which stands beside it in the file."""
    given = declared.inputs
    is_meant = given.create is None and new_space.similar(declared.name, list(declared.others))
    return replace(given, create=True) if is_meant else given


def shared(step: Step) -> Step:
    """Return the step with one connection for all Spaces, so that the token's account is asked for once; a trusted publisher has a
    token for each."""
    return step if step.job else step._replace(hub=step.connect())


class Member:
    """A Space that is declared, and how far its deploy has got. What fails ends this deploy and no other."""

    def __init__(self, step: Step, declared: Declared) -> None:
        self.name, self.place = declared.name, declared.place
        self.record = Record()
        self.record.add(space_id=declared.name, errors_page=step.record.report().errors_page)
        self._step = step._replace(inputs=inputs(declared), record=self.record)
        self._parts: Iterator[Plan] = in_parts(self._step)
        self._failures = declared.failures
        self.ended = False

    def go_on(self) -> Plan | None:
        """Do the next part: plan, publish, judge. Return the plan, or None where the deploy has come to its end."""
        planned = None
        if not self.ended:
            try:
                self._refuse()
                planned = next(self._parts, None)
            except Exception as error:  # noqa: BLE001 - as that of a step with one Space
                self._end(error)
        self.ended = planned is None
        return planned

    def leave(self, planned: Plan) -> None:
        """End the deploy of a Space for which there is nothing to do, and record how it stands."""
        space = planned.existing
        self.ended = True
        if space is None:
            return
        result = Result.ASLEEP if space.stage == "SLEEPING" else Result.SEEN
        page = f"{space.url}/commit/{space.head}"
        self.record.add(result=result, changed=False, created=False, commit_sha=space.head, commit_url=page)

    def is_due(self, planned: Plan) -> bool:
        """Whether there is something to do: a change, a build that is asked for, or a Space that does not run its head."""
        return any(True for _ in planned.entries()) or self._step.inputs.rebuild or not _runs(planned.existing)

    def _refuse(self) -> None:
        if self._failures:
            failures, self._failures = self._failures, ()
            self.record.fail(*failures[1:])
            raise failures[0]

    def _end(self, error: Exception) -> None:
        if isinstance(error, Failure) and error.id in _OF_THE_FOLDER and error.place is None:
            error.place = self.place
        if self.record.end(error):
            self._step.runner.debug("".join(traceback.format_exception(error)))


def _runs(space: Space | None) -> bool:
    """Whether the Hub says that a Space runs the head of its main, or holds it and sleeps. Of a static one it names no commit."""
    if space is None or space.head is None:
        return False
    if space.stage == "RUNNING":
        return space.runtime_sha == space.head or (space.sdk == "static" and space.runtime_sha is None)
    return space.stage == "SLEEPING" and space.runtime_sha in (None, space.head)
