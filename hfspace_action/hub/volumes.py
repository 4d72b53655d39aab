"""Volumes as the official client has them, and as the rest of the program has them."""

from collections.abc import Iterable
from typing import Any

from huggingface_hub import SpaceRuntime
from huggingface_hub import Volume as HubVolume

from hfspace_action.volume import Volume


def read(runtime: SpaceRuntime | None) -> tuple[Volume, ...]:
    """Return the volumes that the Hub reports of a Space."""
    found = (runtime.volumes if runtime else None) or ()
    return tuple(
        Volume(each.type, each.source or "", each.mount_path, each.revision, each.read_only, each.path or "")
        for each in found
    )


def written(volumes: Iterable[Volume]) -> list[HubVolume]:
    """Return volumes as the client sends them."""
    return [HubVolume(**_fields(volume)) for volume in volumes]


def _fields(volume: Volume) -> dict[str, Any]:
    return {**volume._asdict(), "path": volume.path or None}
