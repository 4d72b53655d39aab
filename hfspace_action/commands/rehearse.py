"""The command `rehearse`: the verdict that a deploy would give, without a token and without the Hub.

It is a deploy, told by the same code, to a Hub that lives in the runner for as long as it takes (rehearsal/hub.py).
"""

from dataclasses import replace

from hfspace_action.card import card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure, Failures
from hfspace_action.result import Result

from .deploy import guarded
from .parts.recorded import recorded
from .rehearsal import hub as rehearsals
from .step import Step

_OWNER = "rehearsal"


def rehearse(step: Step) -> None:
    """Build and run the checkout in the runner, and record what a deploy would. Raises `Failure`."""
    record, inputs = step.record, step.inputs
    space = inputs.space if "/" in inputs.space else f"{_OWNER}/{inputs.space}"
    with recorded(record):
        engine, sdk = None, _sdk(step)
        if sdk == "docker":
            engine = rehearsals.engine()
            if engine is None:
                record.add(result=Result.SKIPPED, space_id=space, why=_NO_ENGINE)
                return
        port = int(inputs.endpoint.rpartition(":")[2]) if _is_at_home(step) else rehearsals.free_port()
        owner = space.partition("/")[0]
        with rehearsals.running(owner, port, engine=engine, say=step.runner.debug) as hub:
            step.runner.mask(hub.token)
            if hub.warning:
                record.note(hub.warning)
            if inputs.volumes:
                places = ", ".join(volume.place for volume in inputs.volumes)
                record.note(f"A rehearsal mounts no volumes: the app finds nothing at {places}.")
            there = replace(
                inputs,
                space=space,
                hf_token=hub.token,
                endpoint=f"http://127.0.0.1:{port}",
                create=True,
                dry_run=False,
                wait=True,
                on_failure="fail",
                max_price=None,
                region=None,
                resource_group=None,
                healthy=1 if sdk == "static" else inputs.healthy,  # files that are served once are served again
            )
            guarded(step._replace(inputs=there, proof=None))
    if record.report().result.has_app:
        record.add(result=Result.REHEARSED)
    # What was there is gone with its Hub, and nothing of it was ever on another.
    record.add(
        space_id=space, space_url=None, app_url=None, commit_sha=None, commit_url=None, changed=None, created=None
    )


_NO_ENGINE = (
    "a Docker Space is built by Docker, and this job has no engine, or keeps its socket to itself; run it on a runner that "
    "has one, such as ubuntu-latest"
)


def _is_at_home(step: Step) -> bool:
    """Whether the client was told before its import where the rehearsal's Hub will be (main.py)."""
    return step.inputs.command == "rehearse"


def _sdk(step: Step) -> str:
    """Return the SDK of what was checked out; nothing where the deploy will say what is wrong with that."""
    inputs = step.inputs
    try:
        found = walk.look(step.workspace, inputs.path, include=inputs.include, exclude=inputs.exclude)
        return card.complete(found, space=inputs.space, sdk=inputs.sdk, front_matter=inputs.front_matter).sdk
    except (Failure, Failures):
        return ""
