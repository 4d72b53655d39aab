"""What Python code says about itself, read and never run: what it imports, what it builds, what starts a server."""

import ast
import re
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from .files import Files

_MOST = 200  # files that are read for one answer
# What makes the page of a Gradio app.
_PAGES = frozenset(
    {"Blocks", "Interface", "ChatInterface", "TabbedInterface", "Series", "Parallel", "load", "Workflow"}
)
# Words by which code may start a server, or hand over to something that does.
_STARTS = re.compile(
    r"\blaunch|\bserve|uvicorn|gunicorn|hypercorn|\brun\w*\(|\bexec\w*\(|subprocess|os\.system|import_module|runpy|\bcli\b"
)


class Page(NamedTuple):
    """A Gradio page: the name that it is bound to, and its line."""

    name: str
    line: int


class Import(NamedTuple):
    """An import that is made whenever the file is: the module, its line, how many dots stand before it, and the names that
    are taken from it, each of which may be a module of its own."""

    module: str
    line: int
    level: int = 0
    names: tuple[str, ...] = ()

    @property
    def modules(self) -> list[str]:
        """The modules that may be imported by it."""
        return [self.module, *(f"{self.module}.{name}" for name in self.names)]


def parsed(files: Files, path: str) -> ast.Module | None:
    """The syntax tree of a file; None where there is none that this Python can read."""
    try:
        return parse(files.text(path) or "")
    except (SyntaxError, ValueError, RecursionError):
        return None


def parse(text: str) -> ast.Module:
    """Parse code as Python does a file, without a word on what it merely frowns at. Raises `SyntaxError` and others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text.removeprefix("\ufeff"))


def python_files(files: Files) -> list[str]:
    """The Python files, the shallow ones first."""
    return sorted((path for path in files.paths if path.endswith(".py")), key=lambda path: (path.count("/"), path))


def page(files: Files, path: str) -> Page | None:
    """The first Gradio page that a file makes at its top level."""
    tree = parsed(files, path)
    for node in tree.body if tree else ():
        if isinstance(node, ast.With):
            for item in node.items:
                if _makes_page(item.context_expr) and isinstance(item.optional_vars, ast.Name):
                    return Page(item.optional_vars.id, node.lineno)
        if isinstance(node, ast.Assign) and _makes_page(node.value) and isinstance(node.targets[0], ast.Name):
            return Page(node.targets[0].id, node.lineno)
    return None


def _makes_page(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    made = value.func
    name = made.attr if isinstance(made, ast.Attribute) else made.id if isinstance(made, ast.Name) else ""
    return name in _PAGES


def may_start_server(files: Files) -> bool:
    """Whether any Python file has a word by which a server may be started."""
    return any(_STARTS.search(_without_strings(files, path)) for path in python_files(files)[:_MOST])


def _without_strings(files: Files, path: str) -> str:
    """The code without its comments, so that one which speaks of a launch does not count as one."""
    return "\n".join(line.partition("#")[0] for line in (files.text(path) or "").splitlines())


def imports(tree: ast.Module) -> Iterator[Import]:
    """The imports at the top level of a file: those that are sure to be made, none that an `if` or a `try` decides."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield Import(node.module or "", node.lineno, node.level, tuple(alias.name for alias in node.names))


def module_file(files: Files, module: str, folder: str = "") -> str | None:
    """The file of the repository that an import finds in `folder`, where its program is started from."""
    base = f"{folder}/" * bool(folder) + module.replace(".", "/")
    return next((path for path in (f"{base}.py", f"{base}/__init__.py") if path in files.paths), None)
