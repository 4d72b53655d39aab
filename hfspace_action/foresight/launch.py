"""A Gradio app that starts no server, starts it where the Hub does not ask, or never uses the ZeroGPU that it runs on."""

import ast
import re
from collections.abc import Iterator

from hfspace_action.errors import Place
from hfspace_action.readers.python import code, launching

from .tree import DEFAULT_PORT, Finding, Tree, certain, likely

ZERO_GPU = "zero-a10g"
_LOOPBACK = ("127.0.0.1", "localhost")


def ended(tree: Tree) -> Iterator[Finding]:
    """A page that is made, and nothing that serves it."""
    page = launching.page(tree.files, tree.app_file)
    if page is None:
        return
    place, server = Place(tree.app_file, page.line), f"it with `{page.name}.launch()` at the end of {tree.app_file}"
    if not launching.may_start_server(tree.files):
        yield certain("app-ended", place, server=server)
    elif not launching.starts_server(tree.files, tree.app_file):
        yield likely("app-ended", place, server=server)


def zero_gpu(tree: Tree) -> Iterator[Finding]:
    """ZeroGPU for an app without a function for it."""
    if tree.hardware != ZERO_GPU:
        return
    texts = [code.without_comments(tree.files, path) for path in code.python_files(tree.files)]
    if not any("spaces" in text for text in texts):
        yield certain("zero-gpu-unused", Place(tree.app_file, 1), said="as the files show")
    elif not any(re.search(r"\bGPU\b", text) for text in texts):
        yield likely("zero-gpu-unused", Place(tree.app_file, 1), said="as the files show")


def elsewhere(tree: Tree) -> Iterator[Finding]:
    """The port and the address that a Gradio app gives to `launch`."""
    syntax = code.parsed(tree.files, tree.app_file)
    calls = [node for node in ast.walk(syntax) if _launches(node)] if syntax else []
    if syntax is None or len(calls) != 1:
        return
    call = calls[0]
    assert isinstance(call, ast.Call)  # noqa: S101 - `_launches` says so
    known = code.constants(syntax)
    given = {word.arg: _value(word.value, known) for word in call.keywords}
    place = Place(tree.app_file, call.lineno)
    port = given.get("server_port")
    if isinstance(port, int) and port != DEFAULT_PORT:
        yield likely("wrong-port", place, port=port, expected=DEFAULT_PORT)
    elif given.get("server_name") in _LOOPBACK:
        yield likely("loopback-only", place, port=DEFAULT_PORT)


def _launches(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "launch"


def _value(node: ast.expr, known: dict[str, object]) -> object:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    return node.value if isinstance(node, ast.Constant) else None


RULES = (ended, zero_gpu, elsewhere)
