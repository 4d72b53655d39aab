"""Volumes that are declared against those that a Space has. Others mount some too, and theirs stay."""

from collections.abc import Iterator, Sequence

from hfspace_action.errors import Failure
from hfspace_action.volume import Volume

from .change import Change


def differences(declared: Sequence[Volume], present: Sequence[Volume], *, late: bool = False) -> Iterator[Change]:
    """Yield a change for each declared volume that is not mounted as it is declared. `late`: the Hub takes it only once the files
    are published."""
    there = {volume.place: volume for volume in present}
    for volume in declared:
        was = there.get(volume.place)
        if was is None or not was.same(volume):
            shown = None if was is None else str(was)
            yield Change("volume", volume.place, was=shown, becomes=str(volume), volume=volume, late=late)


def all_known(now: Sequence[Volume], before: Sequence[Volume]) -> tuple[Volume, ...]:
    """Return what is mounted now, and what was a moment ago and is not named any more: an answer may leave something out, and to
    mount again what somebody has unmounted in that moment does less harm than to lose it."""
    there = {volume.place for volume in now}
    return (*now, *(volume for volume in before if volume.place not in there))


def merged(space: str, declared: Sequence[Volume], present: Sequence[Volume]) -> tuple[Volume, ...]:
    """Return all volumes that a Space is to have: the declared ones, each at its path, and what others have mounted elsewhere.

    The Hub takes only all of them at once. Raises `Failure` where it masks one that has to stay: sent back so, it would be lost.
    """
    wanted = {volume.place: volume for volume in declared}
    others = [volume for volume in present if volume.place not in wanted]
    if hidden := [volume.place for volume in others if volume.hidden]:
        raise Failure("volumes-hidden", space=space, paths=", ".join(hidden))
    kept = [wanted.pop(volume.place, volume) for volume in present]
    return (*kept, *wanted.values())
