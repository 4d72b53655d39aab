"""What Python code says about itself, read and never run: whether Python takes it, and what it imports."""

import ast
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.readers.files import Files

# Syntax by the kind of its node -> the minor version of Python that brought it. Source: https://docs.python.org/3/whatsnew/
_SINCE = {
    "NamedExpr": (8, "`:=`"), "Match": (10, "`match`"), "TryStar": (11, "`except*`"), "TypeAlias": (12, "`type`"),
    "TemplateStr": (14, "a template string"),
}  # fmt: skip
NO_DOTS = "The file that is started is in no package: write `from name import …`, without the dots."
"""What is wrong with a relative import in an app file."""


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
    if "\0" in text:  # of which Python before 3.11.4 raises a ValueError
        raise SyntaxError("source code string cannot contain null bytes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text.removeprefix("\ufeff"))
        except MemoryError as error:  # what the parser says of brackets and names nested too deep for it
            raise RecursionError("the code is nested too deep") from error


def wrong(text: str) -> SyntaxError | None:
    """What keeps Python from running code at all, as far as this one knows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(parse(text), "<code>", "exec", dont_inherit=True)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError):
            return None  # such as nested without end: the Hub's Python has the last word
    return None


def newer(tree: ast.Module, minor: int) -> tuple[int, str] | None:
    """The first line with syntax that Python 3.`minor` does not have, and what it is."""
    found = [
        (node.lineno, f"{what} is of Python 3.{since}, and `python_version` asks for 3.{minor}")
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt | ast.expr)
        for since, what in [_SINCE.get(type(node).__name__, (0, ""))]
        if minor < since
    ]
    return min(found, default=None)


def python_files(files: Files) -> list[str]:
    """The Python files, the shallow ones first."""
    return sorted((path for path in files.paths if path.endswith(".py")), key=lambda path: (path.count("/"), path))


def constants(tree: ast.Module) -> dict[str, object]:
    """The values of the names that a file binds once, at its top level, to a literal."""
    found: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            found[name] = node.value.value if isinstance(node.value, ast.Constant) and name not in found else None
    return found


def without_comments(files: Files, path: str) -> str:
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
