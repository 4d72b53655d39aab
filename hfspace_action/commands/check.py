"""The story of a check: look at all that a deploy with these inputs needs, change nothing, and tell each finding in a row.

A row fails (✗) with the very `Failure` that a deploy would end with, raised by the same function. What can't be told, or is
not needed, is a row with – and no failure.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hfspace_action.card import card
from hfspace_action.card.card import Card
from hfspace_action.checkout import walk
from hfspace_action.checkout.credentials import scan
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure, Failures
from hfspace_action.hub.api import Hub
from hfspace_action.hub.identity.account import Account, Namespace
from hfspace_action.inputs.schema import BadInputs
from hfspace_action.plan import plan, tree
from hfspace_action.plan.settings import differences, hardware, new_space, rules
from hfspace_action.report.facts import Row
from hfspace_action.result import Result
from hfspace_action.space import ERRORS, HALTED, Space
from hfspace_action.workflow.github_api import repository as github_repository
from hfspace_action.workflow.github_api.client import Access, NoAnswer

from .parts import judgements, own_card
from .parts.foreseen import foreseen
from .step import Step

# Failures that are told in a row of their own, whatever was asked.
_ROWS = {"hub-unreachable": "Hub", "hub-unwell": "Hub", "not-a-hub": "Hub", "identity-not-issued": "Id token"}
_NOT_ASKED = Row(None, "not asked, because of what failed before")


def check(step: Step) -> None:
    """Check everything, and leave a row for each thing in the record, with the result: healthy, or unhealthy if a deploy with
    these inputs would fail as far as that can be known."""
    looking = _Check(step)
    looking.connect()
    looking.look("Hub", looking.answer)
    looking.look("Token", looking.token)
    looking.look("Checkout", looking.checkout)
    looking.look("Likely build errors", looking.foresight)
    for name, question in (
        ("Space", looking.state),
        ("Write access", looking.write_access),
        ("Account plan", looking.plan),
        ("Hardware", looking.hardware),
        ("Settings", looking.settings),
        ("Front matter", looking.front_matter),
        ("Files", looking.files),
        ("Rate limit", looking.rate_limit),
    ):
        looking.look(name, question if looking.connected else lambda: _NOT_ASKED)
    looking.look("Id token", looking.id_token)
    looking.look("GitHub", looking.github)
    step.record.add(result=Result.UNHEALTHY if step.record.report().failures else Result.HEALTHY)
    step.record.add(idle=looking.unchanged == {"Settings", "Files"} and not looking.restarts)


class _Check:
    """What is known so far, and a question for each row. A question returns what it found, or raises `Failure`."""

    hub: Hub
    name: str  # owner/name
    existing: Space | None
    account: Account | None = None  # None for a trusted publisher
    authenticated = False  # whether hub and account are known
    connected = False  # whether the name and the Space are, too
    found: Checkout | None = None
    made: Card | None = None
    may_write = False

    def __init__(self, step: Step) -> None:
        self.step, self.inputs, self.job, self.record = step, step.inputs, step.job, step.record
        self.failed: dict[str, Failure] = {}  # rows that failed before they were looked at
        self.unchanged: set[str] = set()  # rows of what a deploy would leave as it is
        self.restarts = False  # whether it would start the app again, whatever else it changes

    def look(self, name: str, question: Callable[[], Row | Failure]) -> None:
        """Ask one question, and note the answer."""
        try:
            self.note(name, self.failed.get(name) or question())
        except Failures as known:
            self.note(name, *known.failures)
        except Failure as failure:
            self.note(name, failure)

    def note(self, name: str, *answers: Row | Failure) -> None:
        """Note one thing; each of several failures has a row."""
        for answer in answers:
            if isinstance(answer, Failure):
                self.record.fail(answer)
                row = self.record.row(name, False, answer.message, advice=answer.advice)
            else:
                row = self.record.keep(answer._replace(name=name))
            self.step.runner.info(str(row))

    # The questions that the others need the answers of

    def connect(self) -> None:
        """Get to the Hub and to the Space, as far as it goes: one request may answer for several rows."""
        try:
            self.authenticate()
        except Failure as failure:
            self.failed[_ROWS.get(failure.id, "Token")] = failure
            return
        self.authenticated = True
        try:
            self.find()
        except Failure as failure:
            self.failed[_ROWS.get(failure.id, "Space")] = failure
            return
        self.connected = True

    def authenticate(self) -> None:
        """Show the token, or get one for this job."""
        self.hub = self.step.connect()
        if not self.job:
            self.account = self.hub.account()

    def find(self) -> None:
        """Look for the Space."""
        self.name = self.step.space_name(self.hub)
        found = self.hub.space(self.name, region=self.inputs.region is not None)
        self.existing = self.hub.describe(found.id) if found else None  # only this tells public from protected
        if found:
            self.record.notes(*new_space.elsewhere(self.inputs, found))

    def answer(self) -> Row:
        """Whether the Hub answers, and how fast."""
        if "Id token" in self.failed:
            return _NOT_ASKED
        took = self.hub.answers.seconds if self.authenticated or not self.job else None
        return Row(True, f"{self.inputs.endpoint} answers{_in_milliseconds(took)}")

    def token(self) -> Row:
        """Whose token it is."""
        if not self.authenticated:
            return _NOT_ASKED
        if self.account:
            return judgements.token(self.account)
        return Row(True, f"valid: this job is a trusted publisher of {self.inputs.space}")

    def state(self) -> Row | Failure:
        """What the Space does now."""
        self.record.add(space_id=self.name)
        if self.existing:
            self.record.seen(self.existing)
            judged = judgements.state(self.existing, self.inputs)
            self.restarts = self.existing.stage in ERRORS | HALTED
            if self.existing.stage == "PAUSED" and self.inputs.wait and self.inputs.resume:
                plan.may_restart(self.hub, self.existing)
            return judged
        if self.account:
            new_space.check(self.hub, self.inputs, self.name)
        decided = new_space.visibility(self.inputs, self.step.source.visibility)
        return Row(None, f"is not there, or hidden from this token; a deploy creates it. {decided}")

    # The rest

    @property
    def owner(self) -> str:
        """The namespace that the Space is in, or would be."""
        return self.name.partition("/")[0]

    @property
    def at(self) -> Namespace | None:
        """What the account is there, if it is anything."""
        return self.account.namespace(self.owner) if self.account else None

    def checkout(self) -> Row:
        """What there is to deploy, and as what kind of Space."""
        inputs = self.inputs
        self.found = walk.look(self.step.workspace, inputs.path, include=inputs.include, exclude=inputs.exclude)
        complete = partial(
            card.complete, self.found, space=inputs.space, sdk=inputs.sdk, front_matter=inputs.front_matter
        )
        self.made = complete()
        if self.connected:
            self.made = own_card.kept(self.hub, self.existing, self.made, lambda text: complete(of_space=text))
            self.record.notes(*filter(None, [own_card.lost(self.existing, self.made)]))
        self.record.add(remarks=self.found.remarks)
        self.record.notes(*self.found.notices, *self.made.notices)
        count = len(self.found.files)
        return Row(
            True,
            f"{count:,} file{'s' if count > 1 else ''}, for a Space of the SDK {self.made.sdk} (from {self.made.origin})",
        )

    def foresight(self) -> Row:
        """What the files alone show of how the Space will be built and started."""
        if self.found is None or self.made is None:
            return Row(None, "there are no files to judge by")
        failures, notes = foreseen(self.inputs, self.found, self.made)
        self.record.notes(*notes)
        if failures:
            raise Failures(failures)
        return Row(True, "the files show nothing that has to fail")

    def write_access(self) -> Row | Failure:
        """Whether the Space can be written to, or created."""
        if self.existing:
            known = self.hub.check_write_access(self.existing.id)
            self.may_write = True
            if not known:
                return Row(None, f"the Hub does not tell this token whether it may write to {self.existing.id}")
            if self.account:
                return judgements.writing(self.account, self.existing.id)
            return Row(True, f"a trusted publisher may write to {self.existing.id}")
        if self.account is None:
            return Failure("publisher-creates-nothing", space=self.name)
        return judgements.creating(self.account, self.name)

    def plan(self) -> Row | Failure:
        """Whether a Space of this SDK can be created."""
        if self.existing:
            return Row(None, "not needed: the Space exists")
        if self.made is None:
            return Row(None, "the SDK is not known")
        return judgements.plan(self.owner, self.at, self.made.sdk, self.inputs.hardware, self.name)

    def hardware(self) -> Row | Failure:
        """Whether the wanted hardware is offered, and can be paid."""
        wanted = self.inputs.hardware
        if wanted is None:
            return Row(None, "none is asked for")
        if self.made and (failures := list(rules.hardware_against_sdk(self.inputs, self.made.sdk))):
            raise Failures(failures)
        if self.made and self.made.sdk == "static":
            return Row(None, "a static Space runs on none")
        if self.existing and self._has_hardware():
            return Row(True, f"{self.existing.id} has {wanted} already")
        name, price = hardware.offer(self.hub, wanted)
        if self.existing:
            differences.refuse_publisher(self.hub, self.existing.id, f"change the hardware of {self.existing.id}")
        return judgements.hardware(name, price, self.owner, self.at, self.name)

    def _has_hardware(self) -> bool:
        """Whether the Space has the hardware that is wanted, if any is."""
        wanted = self.inputs.hardware
        return wanted is None or (self.existing is not None and hardware.same(self.existing.requested_hardware, wanted))

    def settings(self) -> Row:
        """Whether the settings go together, and with those that the Space has."""
        if self.made is None:
            return Row(None, "the SDK is not known")
        told = {each.message for each in rules.hardware_against_sdk(self.inputs, self.made.sdk)}
        found = rules.failures(self.inputs, self.made.sdk, self.existing)
        if others := [each for each in found if each.message not in told]:
            raise BadInputs(others)
        if self.existing and not self.may_write:
            return Row(None, "they go together; those of the Space are not for this token to see")
        declared = replace(self.inputs, hardware=None)  # which has a row of its own
        changes = differences.wanted(self.hub, declared, self.name, self.existing, self.made.sdk)
        hardware_stays = self.existing and self._has_hardware()
        self.unchanged |= {"Settings"} if hardware_stays and not changes else set()
        differing = ", ".join(f"{change.name} {change.key}".strip() for change in changes)
        return Row(True, f"a deploy would change: {differing}" if changes else "a deploy would change none")

    def front_matter(self) -> Row:
        """Whether the Hub takes the README as a deploy would write it."""
        if self.found is None or self.made is None:
            return Row(None, "there is none to ask about")
        scan.refuse(self.found, [self.made.readme], self.inputs.allow_credentials)
        for warning in self.made.judged_by(self.hub.validate_readme):
            self.record.note(f"The Hub on README.md: {warning}", self.found.place("README.md"))
        return Row(True, "the Hub accepts it")

    def files(self) -> Row:
        """What would be published, and whether it may be."""
        if self.found is None or self.made is None:
            return Row(None, "there are none to compare")
        files = self.made.files
        wanted = tree.build(files.values())
        difference = tree.Difference(added=tuple(wanted))
        if self.existing:
            head = self.existing.head or "main"
            compared = plan.compare(self.hub, self.inputs, self.existing.id, head, wanted)
            difference = compared.difference
            self.record.notes(*compared.notes)
        scan.refuse(self.found, difference.files, self.inputs.allow_credentials)
        self.unchanged |= set() if difference else {"Files"}
        return Row(True, f"to publish: {plan.describe(difference) or 'nothing, the Space has them all'}")

    def rate_limit(self) -> Row:
        """How often the Hub may still be asked."""
        return judgements.rate(self.hub.answers.limit)

    def id_token(self) -> Row:
        """Whether the job can prove to others who it is."""
        what = self.step.place.proof
        if self.job:
            return Row(True, f"the job has {what}, and deploys by it")
        if self.step.proof:
            return Row(True, f"the job has {what}; with `hf-token` it needs none")
        return Row(None, f"the job has no {what.removeprefix('an ')}; with `hf-token` it needs none")

    def github(self) -> Row:
        """Whether GitHub's API answers, and what it shows of the token. No deploy needs it, so this never fails one."""
        token, source = self.inputs.github_token, self.step.source
        if not (token and source.api and source.repository):
            return Row(None, "not asked: there is no `github-token`, or this is no workflow")
        try:
            seen = github_repository.look(Access(source.api, source.repository, token))
        except NoAnswer as silent:
            return Row(None, f"{source.api}: {silent}; a deploy does not need it")
        parts = [f"{source.api} answers{_in_milliseconds(seen.seconds)} and shows {seen.name}"]
        for what, names in (("permissions", seen.permissions), ("scopes", seen.scopes)):
            if names is not None:
                parts.append(f"{what} of the token: {', '.join(names) or 'none'}")
        return Row(True, "; ".join(parts))


def _in_milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else f" in {seconds * 1000:.0f} ms"
