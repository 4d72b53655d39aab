"""What the Hub's answers mean for a deploy: each is judged here alone, without a request, a clock or a wish of its own.

A judgement is a `Row`, or the `Failure` that a deploy would end with. Nothing is guessed: what can't be told is said to be so.
"""

from typing import Protocol

from hfspace_action.errors import Failure
from hfspace_action.hub.identity.account import Account, Namespace
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan.settings.hardware import is_zero_gpu, needs_plan
from hfspace_action.report.facts import Row
from hfspace_action.space import ERRORS, HALTED, KNOWN, Space

# Plans that let Gradio and Docker Spaces be created. Source: https://huggingface.co/docs/hub/spaces-overview.
PAID = frozenset({"pro", "team", "enterprise"})


class RateLimit(Protocol):
    """What is left of a rate limit, as the client reads it off an answer."""

    @property
    def remaining(self) -> int:
        """Requests."""

    @property
    def limit(self) -> int | None:
        """Requests in a whole window."""

    @property
    def reset_in_seconds(self) -> int:
        """The rest of the window."""


def token(account: Account) -> Row:
    """Whose token this is, and of which kind."""
    kind = {
        "read": "a classic one of role read",
        "write": "a classic one of role write",
        "fineGrained": "a fine-grained one",
        "app": "an application's",
    }.get(account.access or "", "of a kind that the Hub does not name")
    named = f" '{account.token_name}'" if account.token_name else ""
    return Row(True, f"valid: {account.name}'s token{named}, {kind}")


def state(space: Space, inputs: Inputs) -> Row | Failure:
    """What the Space does now, and whether a deploy can go on from there."""
    if space.stage == "DELETING":
        return Failure("stage-deleting", space=space.id)
    if space.stage in HALTED and inputs.wait and not inputs.resume:
        return Failure("paused", space=space.id, stage=space.stage, said=space.reason)
    known = [space.stage or "without a stage", _running(space), space.hardware, space.visibility]
    detail = ", ".join(part for part in known if part)
    if space.stage in ERRORS:
        return Row(None, f"{detail}; a deploy may mend it ({space.reason})", warns=True)
    if space.stage in HALTED:
        restart = "; a deploy restarts it" if inputs.wait else "; a deploy with `wait` restarts it"
        return Row(None, detail + restart, warns=True)
    return Row(True if space.stage in KNOWN else None, detail)


def _running(space: Space) -> str:
    head = (space.head or "unknown")[:7]
    if space.runtime_sha is None:
        return f"head {head}"
    return f"runs its head {head}" if space.runtime_sha == space.head else f"runs {space.runtime_sha[:7]}, head {head}"


def writing(account: Account, space: str) -> Row:
    """In which role an account writes to a Space (owner/name), once the Hub has said that it may."""
    owner = space.partition("/")[0]
    at = account.namespace(owner)
    return Row(True, f"the token may write to {space}" + (f" ({_role(account, at)})" if at else ""))


def creating(account: Account, space: str) -> Row | Failure:
    """Whether an account may create a Space (owner/name)."""
    owner = space.partition("/")[0]
    at, may = account.namespace(owner), account.may_create(owner)
    if at is None or may is False:
        why = account.why_no_write(space)._asdict()
        return Failure("no-write-access", space=space, **why, said="as the Hub describes the account")
    if may is None:
        return Row(None, f"whether the token may create {space} is not told")
    return Row(True, f"the token may create {space} ({_role(account, at)})")


def _role(account: Account, at: Namespace) -> str:
    own = at.name.lower() == account.name.lower()
    return "its owner's own namespace" if own else f"{account.name} is {at.role or 'a member'} in {at.name}"


def plan(owner: str, at: Namespace | None, sdk: str, hardware: str | None, space: str) -> Row | Failure:
    """Whether a Space (owner/name) of this SDK may be created with the plan of its owner, which `at` describes."""
    if sdk == "static":
        return Row(True, "static Spaces are free for everybody")
    if not needs_plan(hardware):
        return Row(at.can_pay if at and at.can_pay else None, f"{hardware} is paid by the hour and needs none")
    if at is None or at.plan is None:
        return Row(None, f"the plan of {owner} is not told; a {sdk} Space needs PRO, Team or Enterprise", warns=True)
    if at.plan in PAID:
        return Row(True, f"{at.name} has the plan {at.plan}, with which a {sdk} Space can be created")
    if at.plan != "free":
        return Row(
            None, f"whether the plan {at.plan} of {at.name} is enough to create a {sdk} Space is not known", warns=True
        )
    if sdk == "gradio" and is_zero_gpu(hardware):
        return Row(None, f"{at.name} has no paid plan; free accounts in good standing may have two ZeroGPU Spaces")
    said = f"{at.name} has none, and a {sdk} Space needs PRO, Team or Enterprise"
    return Failure("plan-needed", doing=f"create {space}", space=space, said=said)


def hardware(wanted: str, price: float | None, owner: str, at: Namespace | None, space: str) -> Row | Failure:
    """Whether a Space can get hardware that the Hub offers at this price, in dollars an hour."""
    if not price:
        return Row(True, f"{wanted} is offered, " + ("free" if price == 0 else "without a price by the hour"))
    offer = f"{wanted} is offered for ${price:.2f} an hour"
    if at is None or at.can_pay is None:
        return Row(None, f"{offer}; whether {owner} has a payment method is not told", warns=True)
    if not at.can_pay:
        doing = f"run {space} on {wanted}"
        return Failure("payment-needed", doing=doing, space=space, said=f"{offer}, and {at.name} has no payment method")
    return Row(True, f"{offer}, and {at.name} has a payment method")


def rate(limit: RateLimit | None) -> Row:
    """What is left of the rate limit of the API."""
    if limit is None:
        return Row(None, "the Hub does not say")
    of = "" if limit.limit is None else f" of {limit.limit:,}"
    left = f"{limit.remaining:,}{of} requests left for the next {limit.reset_in_seconds} s"
    return (
        Row(True, left)
        if limit.remaining
        else Row(None, f"{left}; a deploy would wait for the next window", warns=True)
    )
