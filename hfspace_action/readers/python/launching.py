"""What Python code starts, read and never run: the page of a Gradio app, and the server that shows it."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.readers.files import Files

from . import code

_MOST = 200  # files that are read for one answer
# What makes the page of a Gradio app.
_PAGES = frozenset({"Blocks", "Interface", "ChatInterface", "TabbedInterface", "Series", "Parallel", "Workflow"})
_PAGES_OF_GRADIO = frozenset({"load"})  # words that other libraries have, too
_GUARD = re.compile(r"__name__ == '([^']*)'")
# Words by which code may start a server, or hand over to something that does.
_STARTS = re.compile(
    r"\blaunch|\bserve|uvicorn|gunicorn|hypercorn|\brun\w*\(|\bexec\w*\(|subprocess|os\.system|import_module|runpy|\bcli\b"
)


class Page(NamedTuple):
    """A Gradio page: the name that it is bound to, and its line."""

    name: str
    line: int


def page(files: Files, path: str) -> Page | None:
    """The first Gradio page that a file makes at its top level."""
    tree = code.parsed(files, path)
    for node in tree.body if tree else ():
        if isinstance(node, ast.With):
            for item in node.items:
                if _makes_page(item.context_expr) and isinstance(item.optional_vars, ast.Name):
                    return Page(item.optional_vars.id, node.lineno)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _makes_page(node.value):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            return Page(target.id if isinstance(target, ast.Name) else "demo", node.lineno)
        if isinstance(node, ast.Expr) and _makes_page(node.value):
            return Page("demo", node.lineno)
    return None


def _makes_page(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    made = value.func
    if isinstance(made, ast.Attribute):
        of_gradio = isinstance(made.value, ast.Name) and made.value.id in ("gr", "gradio")
        return made.attr in _PAGES or (made.attr in _PAGES_OF_GRADIO and of_gradio)
    return isinstance(made, ast.Name) and made.id in _PAGES


def may_start_server(files: Files) -> bool:
    """Whether any Python file has a word by which a server may be started."""
    return any(_STARTS.search(code.without_comments(files, path)) for path in code.python_files(files)[:_MOST])


def starts_server(files: Files, path: str) -> bool:
    """Whether code that is run when this file is started has such a word: strings, functions that nobody names, and what another
    `__name__` guards are none of it. True where that can't be told."""
    trees = {one: code.parsed(files, one) for one in _reached(files, path)}
    known = [tree for tree in trees.values() if tree]
    if len(known) < len(trees):
        return True
    named = {name for tree in known for name in _named(tree)}
    return any(
        _STARTS.search(ast.unparse(_Run(named, started=one == path).visit(tree))) for one, tree in trees.items() if tree
    )


class _Run(ast.NodeTransformer):
    """Leaves of a file what may be run: `named` are the functions that somebody names, `started`: it is the program itself."""

    def __init__(self, named: set[str], *, started: bool) -> None:
        self._named, self._started = named, started

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        keep = node.name in self._named or node.decorator_list or node.name.startswith("__")
        return self.generic_visit(node) if keep else ast.Pass()

    def visit_If(self, node: ast.If) -> ast.AST:
        if guard := _GUARD.fullmatch(ast.unparse(node.test)):
            node.body = node.body if guard[1] == "__main__" and self._started else [ast.Pass()]
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return ast.Pass() if isinstance(node.value, ast.Attribute | ast.Name) else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.copy_location(ast.Constant(""), node) if isinstance(node.value, str) else node


def _named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name


def _reached(files: Files, path: str) -> list[str]:
    """The file, and all of the repository that it may import, whenever and however."""
    waiting, known = [path], dict[str, None]()
    while waiting and len(known) < _MOST:
        one = waiting.pop(0)
        known[one] = None
        tree = code.parsed(files, one)
        words = (
            {part for node in ast.walk(tree) if tree for name in _imported(node) for part in name.split(".")}
            if tree
            else set()
        )
        waiting += [
            other
            for other in code.python_files(files)
            if other not in known
            and other not in waiting
            and {other.rpartition("/")[2].removesuffix(".py"), *other.split("/")[:-1]} & words
        ]
    return list(known)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    return [node.module or "", *(one.name for one in node.names)] if isinstance(node, ast.ImportFrom) else []
