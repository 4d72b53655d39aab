"""What the Hub's answers must have, by route. Sources: the official client's own reading of them, the Hub's OpenAPI description."""

import re
from typing import Any

from .shape import Shape, among, count, problem, text

_SHA = text(r"[0-9a-f]{40}", "a commit id")
_SHA256 = text(r"[0-9a-f]{64}", "a sha256")
_ANY: dict[str, Shape] = {}
_RUNTIME: Shape = {
    "stage": str,
    "sha?": str,
    "errorMessage?": str,
    "hardware?": (str, {"current?": str, "requested?": str}),
    "gcTimeout?": int,
    "devMode?": bool,
    "replicas?": dict,
    "domains?": list,
    "volumes?": [
        {"type?": str, "source": (str, None), "mountPath": str, "revision?": str, "readOnly?": bool, "path?": str}
    ],
}
_LFS: Shape = {"oid": _SHA256, "size": count, "pointerSize": count}
_SPACE: Shape = {
    "id": str,
    "sha?": _SHA,
    "private?": bool,
    "visibility?": str,
    "sdk?": str,
    "host?": str,
    "region?": str,
    "cardData?": dict,
    "runtime?": _RUNTIME,
    "siblings?": [{"rfilename": str}],
}
_ENTRY: Shape = {
    "type": str,
    "path": text(r"(?s).{1,4096}", "a path"),
    "oid": _SHA,
    "size?": count,
    "lfs?": _LFS,
    "lastCommit?": {"id": str, "title": str, "date": str},
}
_PULL: Shape = {
    "num": count,
    "title": str,
    "status": str,
    "isPullRequest": bool,
    "createdAt": str,
    "repo": {"name": str},
}
_ACCOUNT: Shape = {
    "name": str,
    "type?": str,
    "isPro?": bool,
    "canPay?": bool,
    "orgs?": [{"name": str, "roleInOrg?": str, "plan?": str, "isEnterprise?": bool, "canPay?": bool}],
    "auth?": {"accessToken?": {"displayName?": str, "role?": str, "fineGrained?": {"scoped?": [{"entity?": dict, "permissions?": [str]}]}}},
    "scope?": {"entities?": [str], "role?": str},
}  # fmt: skip
_SPACES = r"/api/spaces/[^/]+/[^/]+"

_ROUTES: list[tuple[str, str, Shape]] = [
    ("GET", r"/api/whoami-v2", _ACCOUNT),
    ("POST", r"/api/repos/create", {"url": str}),
    ("POST", r"/api/validate-yaml", {"errors?": [{"message": str}], "warnings?": [{"message": str}]}),
    ("GET", r"/api/spaces", [{"id": str}]),
    ("GET", r"/api/spaces/hardware", [{"name": str}]),
    ("GET", rf"{_SPACES}(?:/revision/[^/]+)?", _SPACE),
    ("GET", rf"{_SPACES}/runtime", _RUNTIME),
    ("POST", rf"{_SPACES}/(?:restart|hardware|sleeptime|pause)", _RUNTIME),
    ("GET", rf"{_SPACES}/tree/.+", [_ENTRY]),
    ("POST", rf"{_SPACES}/paths-info/.+", [_ENTRY]),
    ("GET", rf"{_SPACES}/commits/.+", [{"id": _SHA, "title": str, "date": str}]),
    ("GET", rf"{_SPACES}/refs", {"branches": [{"name": str, "ref": str, "targetCommit": str}], "converts": list, "tags": list}),
    ("POST", rf"{_SPACES}/preupload/.+", {"files": [{"path": str, "uploadMode": among("lfs", "regular"), "shouldIgnore": among(False)}]}),
    ("POST", rf"{_SPACES}/commit/.+", {"commitOid": _SHA, "commitUrl": str}),
    ("GET", rf"{_SPACES}/discussions", {"discussions": [_PULL], "count": count, "start": count}),
    ("POST", rf"{_SPACES}/discussions", {"num": count}),
    ("GET", rf"{_SPACES}/discussions/\d+", _PULL),
    ("POST", rf"{_SPACES}/discussions/\d+/(?:status|comment)", _ANY),
    ("GET", rf"{_SPACES}/variables", {str: {"value": str}}),
    ("POST", rf"{_SPACES}/variables", {str: {"value": str}}),
    ("DELETE", rf"{_SPACES}/variables", {str: {"value": str}}),
    ("GET", rf"{_SPACES}/secrets", {str: {"description?": str, "updatedAt?": str}}),
    ("PUT", rf"{_SPACES}/settings", _ANY),
    ("GET", rf"{_SPACES}/jwt", _ANY),
]  # fmt: skip


def shape_of(method: str, path: str) -> Shape | None:
    """Return the shape of the answers to a request below the Hub's address; None where nothing is read of them."""
    return next((shape for verb, route, shape in _ROUTES if verb == method and re.fullmatch(route, path)), None)


def wrong(value: Any, shape: Shape) -> str | None:
    """Return what is wrong with an answer, in words."""
    return problem(value, shape)
