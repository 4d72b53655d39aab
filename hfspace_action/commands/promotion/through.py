"""A deploy that goes to a twin first, and to the Space only where the twin is live with the very same files."""

from dataclasses import replace

from hfspace_action.card.card import Card
from hfspace_action.commands import deploy as deploys
from hfspace_action.commands.parts.guard import Guard
from hfspace_action.commands.parts.recorded import recorded
from hfspace_action.commands.step import Step
from hfspace_action.hub.api import Hub
from hfspace_action.inputs import schema
from hfspace_action.plan.plan import Plan
from hfspace_action.report.facts import Report
from hfspace_action.report.record import Record
from hfspace_action.result import Result

from . import identical, names
from .twin import must_be_live


def deploy(step: Step) -> None:
    """Deploy to both, the twin first, and record what became of the Space. Raises `Failure`; the Space is untouched where the twin is
    not live."""
    if step.inputs.dry_run:
        deploys.deploy(step)
        return
    # One connection where one token is good for both: a trusted publisher has one for each Space.
    shared = step._replace(hub=step.connect()) if step.inputs.hf_token else step
    first = _First(shared)
    deploys.guarded(shared, first)
    first.prove()


class _First(Guard):
    """Deploys to the twin before anything is done to the Space."""

    def __init__(self, step: Step) -> None:
        self.step, self.inputs = step, step.inputs
        self.twin: Report | None = None

    def card(self, made: Card) -> Card:
        """Keep the README for the twin, which gets the same."""
        self.made = made
        return made

    def planned(self, planned: Plan) -> None:
        """Deploy to the twin. Raises `Failure` where it is not live then."""
        say, twin = self.step.runner.info, schema.twin_of(planned.space, str(self.inputs.through))
        if twin.lower() == planned.space.lower():  # which the inputs alone do not show where they leave the owner out
            raise schema.is_itself(twin)
        if not planned.difference and not planned.settings:
            say(f"{planned.space} holds this version already, so {twin} is not asked.")
            return
        self.step.record.enter("twin")
        hub = self.step.connect()
        self._compare_names(hub, twin, planned)
        say(f"First to {twin}; {planned.space} waits for it.")
        record = Record()
        with recorded(record):
            deploys.guarded(self._at(twin, record), _Same(self.made))
        self.twin = record.report()
        must_be_live(self.step, planned.space, twin, self.twin)

    def prove(self) -> None:
        """Compare both Spaces once more, where both were deployed to. Raises `Failure` tree-differs."""
        report = self.step.record.report()
        if self.twin and self.twin.commit_sha and report.commit_sha and report.ok:
            there = self.twin.space_id or "", self.twin.commit_sha
            here = report.space_id or "", report.commit_sha
            self.step.record.add(result=Result.ERROR)  # until it is shown
            number = identical.paths(self.step.connect(), there, here, self.inputs.keep)
            self.step.record.add(result=report.result)
            self.step.runner.info(
                f"Equal ids: {here[0]}@{here[1][:12]} and {there[0]}@{there[1][:12]}, {number} files."
            )

    def _at(self, twin: str, record: Record) -> Step:
        """Return the step that deploys to the twin: with all inputs, but for those that are about what is left to do after."""
        inputs = replace(self.inputs, space=twin, through=None, comment=False, wait=True, on_failure="fail")
        return self.step._replace(inputs=inputs, record=record)

    def _compare_names(self, hub: Hub, twin: str, planned: Plan) -> None:
        if existing := hub.space(twin):
            said = names.compare(hub, self.inputs, existing, planned.existing)
            self.step.record.note(said) if said else None


class _Same(Guard):
    """Lets the twin have the Space's README."""

    def __init__(self, made: Card) -> None:
        self.made = made

    def card(self, made: Card) -> Card:
        """Return the Space's README in place of the twin's own."""
        return self.made if self.made.files else made
