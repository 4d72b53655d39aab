"""What a folder's Python files do, as far as their syntax shows it: nothing is imported or run."""

import ast
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from hfspace_action.file import is_locked
from hfspace_action.readers import decode
from hfspace_action.readers.files import Deployed

from . import code

_MOST = 500  # sources
_DEEPEST = 4  # folders
_NOT_APPS = frozenset((
    *("test", "tests", "testing", "docs", "doc", "venv", ".venv", "env", "node_modules", "site-packages", "build", "dist"),
    *("notebooks", "benchmarks", "third_party", "vendor", "extern", "__pycache__", "migrations"),
))  # fmt: skip
_NOT_APP = re.compile(r"(?:test_.*|.*_test|tests?|conftest|setup|noxfile|__init__|manage|versioneer)\.py")
# Whose call makes an application that a server is to run, and by what name it goes.
_FACTORIES = {
    "FastAPI": "fastapi",
    "Starlette": "starlette",
    "Litestar": "litestar",
    "Quart": "quart",
    "Flask": "flask",
    "Dash": "dash",
    "Bottle": "bottle",
    "Sanic": "sanic",
}
_SERVERS = frozenset(
    ("uvicorn", "app", "server", "socketio", "application", "web", "tornado.web", "waitress", "bottle")
)
_SERVING = frozenset(("run", "run_app", "listen", "serve_forever", "run_forever"))  # fmt: skip
_BROWSERS = ("chromium", "firefox", "webkit", "puppeteer", "browser_type")
_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([\w.]+)", re.MULTILINE)
_LAUNCH = re.compile(r"\.launch\(")


class Source(NamedTuple):
    """One Python file. `imports` are the dotted names that it imports (of its own folder's: with a dot before, counted from the top), `launches` is the line of a call of `.launch()`,
    `serves` whether it starts a server by itself (uvicorn.run, app.run), `apps` are (name, framework) of what it makes at its
    top level, `factories` the functions that return one, `pages` the HTML files that it names. `calls` are (name, function) of its
    assignments, `relative` whether it imports as a part of a package, which no program is that Python starts by its path.
    `unreadable` is why Python can't read it."""

    path: str
    imports: frozenset[str] = frozenset()
    launches: int | None = None
    serves: bool = False
    apps: tuple[tuple[str, str], ...] = ()
    factories: tuple[tuple[str, str], ...] = ()
    main_guard: bool = False
    port: int | None = None
    pages: frozenset[str] = frozenset()
    calls: tuple[tuple[str, str], ...] = ()
    relative: bool = False
    unreadable: str | None = None

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return posixpath.basename(self.path).removesuffix(".py")

    @property
    def depth(self) -> int:
        """How many folders it lies in."""
        return self.path.count("/")

    @property
    def packages(self) -> frozenset[str]:
        """The top-level packages that it imports."""
        return frozenset(name.partition(".")[0] for name in self.imports if not name.startswith("."))


@dataclass(frozen=True)
class Sources:
    """The Python files of a folder that may be an app or a part of one, by path."""

    by_path: Mapping[str, Source] = field(default_factory=dict)

    @cached_property
    def local(self) -> Mapping[str, frozenset[str]]:
        """For each file the files of the folder that it imports."""
        return {path: frozenset(self._resolved(source)) for path, source in self.by_path.items()}

    @cached_property
    def imported(self) -> frozenset[str]:
        """The files that another one imports."""
        return frozenset(path for importer, found in self.local.items() for path in found if path != importer)

    def way_to(self, path: str, package: str) -> str | None:
        """Return the file by way of which `path` imports a package: itself, or one that it imports; None if it does not."""
        return next((each for each in self.reached(path) if package in self.by_path[each].packages), None)

    def reached(self, path: str) -> Iterator[str]:
        """Yield a file and those that it imports, the near ones first."""
        waiting, seen = [path], set[str]()
        while waiting:
            current = waiting.pop(0)
            if current not in seen and current in self.by_path:
                seen.add(current)
                yield current
                waiting += sorted(self.local[current])

    def with_imported_app(self, source: Source) -> Source:
        """Return a source with the application that it imports, or makes with a function that it imports."""
        if source.apps or source.name == "__init__":
            return source
        taken = {name.rpartition(".")[2] for name in source.imports}
        found = [
            (name, framework)
            for path in sorted(self.local[source.path])
            for name, framework in (
                *((name, framework) for name, framework in self.by_path[path].apps if name in taken),
                *((target, framework) for target, called in source.calls
                  for name, framework in self.by_path[path].factories if called == name),
            )
        ]  # fmt: skip
        return source._replace(apps=tuple(found))

    def _resolved(self, source: Source) -> Iterator[str]:
        for name in source.imports:
            parts = name.removeprefix(".").split(".")
            for start in {""} if name.startswith(".") else {"", "src", posixpath.dirname(source.path)}:
                for end in range(len(parts), 0, -1):
                    stem = posixpath.join(start, *parts[:end])
                    yield from (path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in self.by_path)


def read(files: Deployed) -> Sources:
    """Look at the Python files, those at the top first."""
    wanted = [path for path in files.paths if path.endswith(".py") and _may_matter(path)]
    wanted.sort(key=lambda path: (path.count("/"), path))
    found = Sources({path: source(path, files.content(path)) for path in wanted[:_MOST]})
    return Sources({path: found.with_imported_app(each) for path, each in found.by_path.items()})


def may_be_app(path: str) -> bool:
    """Whether a file may be what starts the app: no test, no part of the packaging."""
    return not _NOT_APP.fullmatch(posixpath.basename(path))


def source(path: str, content: bytes) -> Source:
    """Look at one file. What Python can't parse is searched for imports only: it may be a newer Python's syntax."""
    if is_locked(content):
        return Source(path, unreadable="git-crypt has locked it")
    try:
        text = decode.python(content)
    except SyntaxError as error:
        return Source(path, unreadable=error.msg)
    try:
        tree = code.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        launch = _LAUNCH.search(text)
        line = text.count("\n", 0, launch.start()) + 1 if launch else None
        return Source(path, frozenset(_IMPORT.findall(text)), line)
    return _facts(path, tree)


def _may_matter(path: str) -> bool:
    folders = path.split("/")[:-1]
    return len(folders) <= _DEEPEST and not any(each.lower() in _NOT_APPS or each.startswith(".") for each in folders)


def _facts(path: str, tree: ast.Module) -> Source:
    imports: set[str] = set()
    launches: list[int] = []
    ports: list[int] = []
    pages: set[str] = set()
    serves = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imports.update(_from(node, path))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
            pages.add(posixpath.basename(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func.value)[-40:] if node.func.attr in ("launch", "run_module", *_SERVING) else ""
            if node.func.attr == "launch" and not called.endswith(_BROWSERS):
                launches.append(node.lineno)
            elif node.func.attr == "run_module" and (module := _text(node.args)):  # as `python -m` does
                launches.append(node.lineno)
                imports.update((module, f"{module}.__main__"))
            serves = serves or (
                node.func.attr in _SERVING
                and (called in _SERVERS or node.func.attr.endswith("forever") or called.endswith("Server()"))
            )
            ports += _port(node)
    top = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    return Source(
        path,
        frozenset(imports),
        min(launches, default=None),
        serves,
        tuple(made for node in top for made in _made(node)),
        tuple(made for node in tree.body if isinstance(node, ast.FunctionDef) for made in _factory(node)),
        any(isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) for node in tree.body),
        ports[0] if ports else None,
        frozenset(pages),
        tuple(call for node in top for call in _call(node)),
        any(isinstance(node, ast.ImportFrom) and node.level for node in tree.body),
    )


def _from(node: ast.ImportFrom, path: str) -> Iterator[str]:
    """The dotted names of a `from` import; those of a relative one are counted from the top and begin with a dot."""
    parts = path.split("/")[: -node.level] if node.level else []
    parts += node.module.split(".") if node.module else []
    base = "." * bool(node.level) + ".".join(parts)
    if parts:
        yield base
    yield from (f"{base}.{alias.name}" if parts else f".{alias.name}" for alias in node.names)


def _made(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, str]]:
    """Name and framework of the application that an assignment makes."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    framework = _framework(node.value)
    if framework and isinstance(target, ast.Name):
        yield target.id, framework


def _call(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, str]]:
    """Name and function of an assignment of a call."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(node.value, ast.Call) and isinstance(target, ast.Name):
        yield target.id, ast.unparse(node.value.func).rpartition(".")[2]


def _text(values: Sequence[ast.expr]) -> str:
    """The text that a call is given first; "" if it is given none."""
    first = values[0] if values else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _factory(node: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Name and framework of the application that a function without required parameters returns."""
    if len(node.args.args) > len(node.args.defaults) or not node.name.startswith(
        ("create", "make", "build", "get", "init")
    ):
        return
    framework = next(
        (found for each in ast.walk(node) if isinstance(each, ast.Call) and (found := _framework(each))), None
    )
    if framework:
        yield node.name, framework


def _framework(value: ast.expr | None) -> str | None:
    if not isinstance(value, ast.Call):
        return None
    called = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
    return _FACTORIES.get(called)


def _port(node: ast.Call) -> Iterator[int]:
    """The port that a call such as uvicorn.run(app, port=8000) names as a number."""
    first = node.args[0] if node.args else None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "listen" and isinstance(first, ast.Constant):
        yield from (first.value,) if type(first.value) is int else ()
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("run", "run_app", "launch", "run_server", "serve"):
        for keyword in node.keywords:
            named = keyword.arg in ("port", "server_port") and isinstance(keyword.value, ast.Constant)
            if named and isinstance(keyword.value, ast.Constant) and type(keyword.value.value) is int:
                yield keyword.value.value
