"""One way in which the live Hub may answer otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """A switch. `what` says what changes while it is on, `evidence` why the Hub may answer so."""

    name: str
    what: str
    evidence: str
