"""Volumes as requests list them and `runtime` reports them. Nothing is mounted.

Source: the Hub's OpenAPI description, `PUT /api/spaces/{namespace}/{repo}/volumes`. Repositories are always read-only. That two at one path
are refused is assumed, and so are the words.
"""

from typing import Any

from localhub.refusal import Refusal

TYPES = ("bucket", "model", "dataset", "space")
_TEXTS = ("revision", "path")


def parse(values: Any, *, static: bool) -> list[dict[str, Any]]:
    """Return the volumes of a request as the Hub reports them. Raises `Refusal`."""
    if not values:
        return []
    if static:
        raise Refusal(400, "Static Spaces don't have volumes")
    if not isinstance(values, list):
        raise Refusal(400, '"volumes" must be an array')
    found = [_volume(value, f"volumes[{number}]") for number, value in enumerate(values)]
    paths = [volume["mountPath"] for volume in found]
    if double := next((path for path in paths if paths.count(path) > 1), None):
        raise Refusal(400, f'"volumes" has two at the mount path {double}')
    return found


def _volume(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.get("type") not in TYPES:
        raise Refusal(400, f'"{where}.type" must be one of [{", ".join(TYPES)}]')
    for key in ("source", "mountPath"):
        if not isinstance(value.get(key), str):
            raise Refusal(400, f'"{where}.{key}" is required')
    if not value["mountPath"].startswith("/"):
        raise Refusal(
            400, f'"{where}.mountPath" with value "{value["mountPath"]}" fails to match the required pattern: /^\\/.*/'
        )
    read_only = value["type"] != "bucket" or bool(value.get("readOnly"))
    given = {key: value[key] for key in _TEXTS if value.get(key)}
    return {
        "type": value["type"],
        "source": value["source"],
        "mountPath": value["mountPath"],
        "readOnly": read_only,
        **given,
    }
