"""The app of a Space, asked from outside."""

import time
from collections.abc import Callable, Iterator

from hfspace_action import durations
from hfspace_action.commands.parts import watching
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import Inputs
from hfspace_action.space import SERVING, Space
from hfspace_action.watch.app.probe import Probe

from .findings import Finding

_TRIES = 3
"""Times that an app is asked, a second apart, before a bad answer counts: one alone may be chance."""


def answers(hub: Hub, space: Space, inputs: Inputs, say: Callable[[str], None]) -> Iterator[Finding]:
    """What the app answers, where it runs; one that sleeps is not woken."""
    asked = watching.asked(inputs, space.card)
    if asked is None or space.stage not in SERVING - {"SLEEPING"}:
        return
    if not space.host:
        yield Finding("app", None, "not asked: the Hub names no address for it")
        return
    app = Probe(hub, asked, say=say)
    app.know(space)
    began = time.monotonic()
    for _ in range(_TRIES):
        outcome = app.answers(space)
        if outcome.good or outcome.final or not hub.pause():
            break
    failure = app.failure(durations.words(time.monotonic() - began))
    for row in app.rows:
        if row.good is not False:
            yield Finding(row.name, row.good, row.words)
        else:
            yield _bad(row.name, row.words, failure, space)
            failure = None


def _bad(name: str, words: str, failure: Failure | None, space: Space) -> Finding:
    """The first bad answer names the failure; the others are told in it, or have the same cause."""
    short = "the app does not answer as it should"
    return Finding(name, False, words, failure, short, None if space.sdk == "static" else "restart")
