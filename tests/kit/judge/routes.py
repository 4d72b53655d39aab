"""What pyhfapi knows of the Hub: its routes with their types, read from the source of its methods.

Each method of a resource ends in one call such as

    return self._post(
        f"/api/spaces/{namespace}/{repo}/preupload/{rev}",
        body=maybe_transform({"files": files, …}, space_check_preupload_params.SpaceCheckPreuploadParams),
        cast_to=SpaceCheckPreuploadResponse,
    )
"""

import ast
import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType, NoneType
from typing import Any, NamedTuple, get_type_hints

VERBS = {f"self._{verb}": verb.upper() for verb in ("get", "post", "put", "patch", "delete")}


class Known(NamedTuple):
    """A route. `params` is a TypedDict of what its path, query and body hold, `answer` the type of its answer; each None
    where pyhfapi has none."""

    method: str
    template: str
    query: frozenset[str]
    """Those of the parameters that stand in the query, by their names in Python."""
    params: Any
    answer: Any

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The parameters in the path of a request, if it is one to this route."""
        found = _pattern(self.template).fullmatch(path) if method == self.method else None
        return {name: value for name, value in found.groupdict().items() if value is not None} if found else None


@functools.cache
def known() -> tuple[Known, ...]:
    """All routes, those first whose templates have most that is fixed."""
    import pyhfapi.resources  # a second, which only the end of a run has to wait for

    modules = pkgutil.walk_packages(pyhfapi.resources.__path__, "pyhfapi.resources.")
    found = {route for name in modules for route in _of_module(importlib.import_module(name.name))}
    return tuple(sorted(found, key=lambda route: (route.template.count("{"), route.template)))


def find(method: str, path: str) -> tuple[Known, dict[str, str]] | None:
    """The route of a request, and the parameters in its path."""
    for route in known():
        if (parameters := route.match(method, path)) is not None:
            return route, parameters
    return None


@functools.cache
def aliases(params: Any) -> dict[str, str]:
    """What the fields of a TypedDict are called in Python → on the wire."""
    named = dict[str, str]()
    for name, hint in get_type_hints(params, include_extras=True).items():
        for about in _metadata(hint):
            named[name] = getattr(about, "alias", None) or named.get(name, name)
        named.setdefault(name, name)
    return named


def _metadata(hint: Any) -> Iterator[Any]:
    """The metadata of an annotation, also below Required[…]."""
    yield from getattr(hint, "__metadata__", ())
    for inner in getattr(hint, "__args__", ())[:1] if "Required" in str(getattr(hint, "__origin__", "")) else ():
        yield from _metadata(inner)


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    """A parameter is a segment; the path of a file is many, or none, with which pyhfapi asks for the root."""
    pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", template)
    return re.compile(pattern.replace("/(?P<path>[^/]+)", "(?:/(?P<path>.*))?"))


def _of_module(module: ModuleType) -> Iterator[Known]:
    """The routes that the methods of a module's resources ask."""
    for resource in ast.parse(inspect.getsource(module)).body:
        if isinstance(resource, ast.ClassDef) and not resource.name.startswith("Async"):
            for node in ast.walk(resource):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in VERBS:
                    yield _of_call(node, vars(module))


def _of_call(call: ast.Call, names: dict[str, Any]) -> Known:
    """The route of `self._post(template, …)`."""
    keywords = {each.arg: each.value for node in ast.walk(call) if isinstance(node, ast.Call) for each in node.keywords}
    query, body = (_transform(keywords.get(place)) for place in ("query", "body"))
    params, answer = (
        node and eval(compile(ast.Expression(node), "pyhfapi", "eval"), names)
        for node in ((query or body or (None, None))[1], keywords["cast_to"])
    )
    return Known(
        VERBS[ast.unparse(call.func)],
        ast.unparse(call.args[0]).removeprefix("f").strip("'\""),
        frozenset(query[0] if query else ()),
        params,
        None if answer is NoneType else answer,
    )


def _transform(node: ast.expr | None) -> tuple[list[str], ast.expr] | None:
    """The fields, and the TypedDict, of `maybe_transform({"files": files, …}, Params)`."""
    if not isinstance(node, ast.Call):
        return None
    fields, params = node.args
    named = [str(ast.literal_eval(key)) for key in fields.keys if key] if isinstance(fields, ast.Dict) else []
    return named, params
