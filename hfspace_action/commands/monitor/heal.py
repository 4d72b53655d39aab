"""The cure of what was found, within the limits that the input `heal` sets: by the command `restart`, or `deploy`."""

from dataclasses import replace
from typing import NamedTuple

from hfspace_action.commands.parts.guard import Guard
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure, Failures, Note
from hfspace_action.plan import plan
from hfspace_action.plan.plan import Plan
from hfspace_action.report.record import Record
from hfspace_action.result import Result

from .declared import widens
from .findings import Cure, Seen

MOST = 3
"""Cures tried in a row without success, each run one; then a person has to look."""


class Healed(NamedTuple):
    """What was done to a Space, in words, and why it did not help, if it did not."""

    words: str
    failures: tuple[Failure, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """Why it did not help, as warnings."""
        return tuple(
            Note(f"This run has {self.words}, which did not help: {each.message} {each.advice} [{each.id}]")
            for each in self.failures
        )


def cure(seen: Seen, heal: str) -> Cure | None:
    """Return what may mend what is wrong, as far as `heal` allows it; None where nothing does."""
    known = {each.cure for each in seen.wrong} - ({"redeploy"} if heal == "restart" else set())
    if heal == "none":
        return None
    order: tuple[Cure, ...] = ("redeploy", "rebuild", "restart")
    return next((each for each in order if each in known), None)


def words(chosen: Cure) -> str:
    """Return a cure in words."""
    return {
        "restart": "started it again",
        "rebuild": "had it built anew",
        "redeploy": "deployed this checkout again",
    }[chosen]


def heal(step: Step, seen: Seen, chosen: Cure) -> Healed:
    """Try a cure, and wait for what comes of it."""
    inputs = replace(step.inputs, space=seen.name, spaces=(), wait=True, on_failure="fail")
    trial = step._replace(record=Record(), inputs=inputs)
    try:
        if chosen == "redeploy":
            _redeploy(trial, seen)
        else:
            from hfspace_action.commands import restart  # not before: most Spaces are well

            rebuild = chosen == "rebuild"
            restart.restart(trial._replace(inputs=replace(inputs, command="restart", rebuild=rebuild)))
    except Failures as known:
        return Healed(words(chosen), tuple(known.failures))
    except Failure as failure:
        return Healed(words(chosen), (failure,))
    return Healed(words(chosen), tuple(trial.record.report().failures))


def _redeploy(trial: Step, seen: Seen) -> None:
    """Deploy what was deployed last. What others have edited stays, nothing is created that is not to be, and nothing is shown to
    more people than now. Raises `Failure`."""
    from hfspace_action.commands import deploy  # not before: most Spaces are well

    inputs = trial.inputs
    inputs = replace(
        inputs,
        command="deploy",
        create=inputs.create is True,
        on_drift="keep" if seen.edited else inputs.on_drift,
        visibility=None if seen.space and widens(seen.space.visibility, inputs.visibility) else inputs.visibility,
    )
    deploy.guarded(trial._replace(inputs=inputs), _SameFiles(seen))
    if trial.record.report().result is Result.HELD:
        raise Failure("heal-held", space=seen.name)


class _SameFiles(Guard):
    """Stops a deploy that would change files of a Space that is there: that is no cure, but a release."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def planned(self, planned: Plan) -> None:
        if planned.existing and planned.difference:
            deployed = self._seen.deployed or "a commit that its title does not name"
            files = plan.describe(planned.difference)
            raise Failure("heal-other-files", space=self._seen.name, files=files, deployed=deployed)
