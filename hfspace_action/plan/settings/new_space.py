"""A Space that is not there yet: whether it is to be created, where, and who may see it."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

from hfspace_action.errors import Failure, Note
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import Inputs
from hfspace_action.space import Space

_LONG = 10  # letters; in a name of so many, two slips of a finger still make a similar name
_NUMBER = re.compile(r"[0-9]+")
_SHORTEST = 4
_WITHOUT_REGIONS = frozenset({"free", "pro"})
"""Plans that don't let one choose. Source: the client's create_repo, "requires Team plan or above"."""


class Visibility(NamedTuple):
    """Who may see a new Space, and why. `wanted` is None where the Hub decides."""

    wanted: str | None
    reason: str

    def __str__(self) -> str:
        """Return the decision in a line."""
        return f"Visibility of the new Space: {self.wanted or 'the default of its owner on the Hub'} ({self.reason})"


def visibility(inputs: Inputs, repository: str | None) -> Visibility:
    """Decide who may see a new Space. `repository` is the source repository's own visibility, None where it is not known."""
    if inputs.visibility:
        return Visibility(inputs.visibility, "the input visibility")
    if repository in ("private", "internal"):
        return Visibility(
            "private", f"the source repository is {repository}; write `visibility: public` for a public one"
        )
    reason = "the source repository is public" if repository else "the visibility of the source repository is not known"
    return Visibility(None, f"{reason}; the input visibility is empty")


def decided(hub: Hub, inputs: Inputs, space: str, repository: str | None) -> tuple[Inputs, Visibility]:
    """Return the inputs with the visibility that a Space (owner/name) gets which is to be created. Raises `Failure` where it is not
    to be, or the token is a bad one: to the Hub's client what that asks for is missing too."""
    with ThreadPoolExecutor(1) as beside:
        others = beside.submit(hub.spaces_of, space.partition("/")[0]) if inputs.create is None else None
        hub.account()
    check(hub, inputs, space, others.result() if others else None)
    found = visibility(inputs, repository)
    return replace(inputs, visibility=found.wanted), found


def check(hub: Hub, inputs: Inputs, space: str, others: list[str] | None = None) -> None:
    """Raise `Failure` where a Space (owner/name) that is missing is not to be created: `create` forbids it, or, unless `create`
    is written out, its name looks like a slip of that of a Space which is there (of `others`, where these are known); or its owner
    may not choose a region."""
    if inputs.create is False:
        raise Failure("creation-forbidden", space=space)
    owner = space.partition("/")[0]
    if inputs.create is None and (meant := similar(space, hub.spaces_of(owner) if others is None else others)):
        raise Failure("space-similar", space=space, similar=meant)
    if inputs.region and (at := hub.account().namespace(owner)) and at.plan in _WITHOUT_REGIONS:
        raise Failure("region-plan", owner=owner)


def elsewhere(inputs: Inputs, space: Space) -> Iterator[Note]:
    """Yield what to know of a Space that is stored in another region than the inputs say: nothing moves it."""
    if inputs.region and space.region and space.region != inputs.region:
        yield Note(
            f"{space.id} is in the region {space.region}, and `region` says {inputs.region}. A Space can't be moved: `region` "
            "has an effect only where it is created. Leave it out, or delete the Space and deploy it anew."
        )


def similar(space: str, others: list[str]) -> str | None:
    """Return the one of the other Spaces whose name this one looks like a slip of the finger of. The Space itself, which another
    run may have created since, is none."""
    name = _plain(space)
    different = sorted(other for other in others if other != space)
    return next((other for other in different if _is_slip(name, _plain(other))), None)


def _plain(space: str) -> str:
    """Return a Space's name in the spelling in which only letters and digits differ."""
    return space.partition("/")[2].lower().replace("_", "-").replace(".", "-")


def _is_slip(name: str, other: str) -> bool:
    if _NUMBER.findall(name) != _NUMBER.findall(other):  # demo, demo2 and demo-3 are a series
        return False
    if min(len(name), len(other)) < _SHORTEST:
        return name == other
    return _slips(name, other) <= (2 if min(len(name), len(other)) >= _LONG else 1)


def _slips(one: str, other: str) -> int:
    """Return the least number of letters added, left out, changed or swapped with a neighbour that turns one name into the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, each in enumerate(other, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != each))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == each:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]
