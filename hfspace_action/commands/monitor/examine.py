"""One look at one Space: at most seven requests to the Hub and to the app where all is well."""

from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.plan.foreign import since as foreign
from hfspace_action.space import Space
from hfspace_action.workflow import run

from . import app, declared, state
from .findings import Cure, Finding, Seen


def examine(step: Step, hub: Hub) -> Seen:
    """Look at the Space of the inputs. Raises `Failure` where the Hub does not say how it stands."""
    inputs = step.inputs
    name = step.space_name(hub)
    space = hub.found(name) or _looked_again(step, hub, name)
    if space is None:
        return _missing(step, name)
    since = foreign.last_deploy(hub, space.id, space.head or "main")
    doing = state.stage(hub, space, inputs, since.newest)
    cost = declared.price(hub, space, inputs.max_price)
    findings = (
        doing,
        state.commit(space),
        *app.answers(hub, space, inputs, step.runner.debug),
        declared.edits(hub, space, inputs, since),
        *declared.of_settings(hub, space, inputs),
        *filter(None, [cost.finding]),
    )
    return Seen(
        name,
        space,
        findings,
        price=cost.dollars,
        deployed=run.deployed_commit(since.deploy.title) if since.deploy else "",
        under_way=doing.ok is None and not any(each.failure for each in findings),
    )


def _looked_again(step: Step, hub: Hub, name: str) -> Space | None:
    """A Space that was not there, once more: one wrong answer is no reason for an alarm, nor is a token that nobody knows, for which
    the Hub says the same."""
    if not step.job:
        hub.account()
    hub.pause()
    return hub.found(name)


def _missing(step: Step, name: str) -> Seen:
    """A Space that is not there."""
    gone = Failure("space-missing", space=name)
    cure: Cure | None = "redeploy" if step.inputs.create else None
    finding = Finding("Space", False, "is not there, or hidden from this token", gone, "deleted or hidden", cure)
    return Seen(name, None, (finding,))
