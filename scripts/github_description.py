"""Cuts out of GitHub's own OpenAPI description what the action asks of GitHub: the judge of the tests' stand-in.

    npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
    python -m scripts.github_description package/generated/api.github.com.json

writes tests/kit/github/description.json. The whole of it has 13 MB; texts and examples are left out too.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "tests/kit/github/description.json"
_REPOSITORY = "/repos/{owner}/{repo}"
ASKED = {
    _REPOSITORY: ("get",),
    f"{_REPOSITORY}/activity": ("get",),
    f"{_REPOSITORY}/collaborators/{{username}}/permission": ("get",),
    f"{_REPOSITORY}/deployments": ("get", "post"),
    f"{_REPOSITORY}/deployments/{{deployment_id}}": ("delete",),
    f"{_REPOSITORY}/deployments/{{deployment_id}}/statuses": ("post",),
    f"{_REPOSITORY}/git/blobs": ("post",),
    f"{_REPOSITORY}/git/commits": ("post",),
    f"{_REPOSITORY}/git/commits/{{commit_sha}}": ("get",),
    f"{_REPOSITORY}/git/ref/{{ref}}": ("get",),
    f"{_REPOSITORY}/git/refs": ("post",),
    f"{_REPOSITORY}/git/refs/{{ref}}": ("patch",),
    f"{_REPOSITORY}/git/trees": ("post",),
    f"{_REPOSITORY}/git/trees/{{tree_sha}}": ("get",),
    f"{_REPOSITORY}/issues": ("get", "post"),
    f"{_REPOSITORY}/issues/comments/{{comment_id}}": ("patch", "delete"),
    f"{_REPOSITORY}/issues/{{issue_number}}": ("patch",),
    f"{_REPOSITORY}/issues/{{issue_number}}/comments": ("get", "post"),
    f"{_REPOSITORY}/issues/{{issue_number}}/events": ("get",),
    f"{_REPOSITORY}/issues/{{issue_number}}/labels/{{name}}": ("delete",),
    f"{_REPOSITORY}/pulls": ("get", "post"),
    f"{_REPOSITORY}/pulls/{{pull_number}}": ("get", "patch"),
}
"""The requests that the action makes, by path and method."""
_TEXTS = frozenset({"description", "summary", "example", "examples", "externalDocs", "tags", "operationId", "title"})


def main(source: str) -> None:
    """Write what is needed of the description in a file."""
    whole = json.loads(Path(source).read_text("utf-8"))
    paths = {
        path: {method: _bare(whole["paths"][path][method]) for method in methods} for path, methods in ASKED.items()
    }
    components: dict[str, dict[str, Any]] = {}
    waiting = list(_references(paths))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _bare(whole["components"][kind][name])
            waiting += _references(components[kind][name])
    cut = {"openapi": whole["openapi"], "info": {"title": "GitHub v3 REST API", "license": whole["info"]["license"]}}
    TARGET.write_text(json.dumps(cut | {"paths": paths, "components": components}, sort_keys=True) + "\n", "utf-8")


def _bare(value: Any, *, named: bool = False) -> Any:
    """Return a part of the description without texts; `named`: its keys are names of properties, not words of OpenAPI."""
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: each for key, each in value.items() if named or (key not in _TEXTS and not key.startswith("x-"))}
    return {
        key: _bare(each, named=key in ("properties", "patternProperties") and not named) for key, each in kept.items()
    }


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from _references(each)


if __name__ == "__main__":
    main(*sys.argv[1:])
