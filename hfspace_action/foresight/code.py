"""Code that Python can't read, or that imports what is not there."""

import re
import sys
from collections.abc import Iterator

from hfspace_action.errors import Place
from hfspace_action.readers import packages, requirements
from hfspace_action.readers.files import first_line
from hfspace_action.readers.python import code

from .tree import Finding, Tree, certain, likely

_MOST = 100  # files that are followed from the app file
_ELSEWHERE = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.yml")

# Modules that a Gradio Space has without asking: Gradio's own dependencies and what the Hub installs beside them.
# Source: https://huggingface.co/docs/hub/spaces-dependencies, and the metadata of Gradio 3 to 6.
_BUNDLED = frozenset(
    ["PIL", "_yaml", "aiofiles", "aiohttp", "altair", "annotated_types", "anyio", "attr", "attrs", "audioop", "authlib", "brotli", "certifi",
     "charset_normalizer", "click", "cryptography", "cycler", "datasets", "dateutil", "dill", "fastapi", "ffmpy", "filelock", "fontTools", "frozenlist",
     "fsspec", "gradio", "gradio_client", "groovy", "h11", "hf_transfer", "hf_xet", "httpcore", "httpx", "huggingface_hub", "idna",
     "importlib_resources", "itsdangerous", "jinja2", "jsonschema", "kiwisolver", "markdown_it", "markupsafe", "matplotlib", "mcp",
     "multidict", "multipart", "multiprocess", "numpy", "orjson", "packaging", "pandas", "pip", "pkg_resources", "propcache", "psutil",
     "pyarrow", "pydantic", "pydantic_core", "pydub", "pygments", "pyparsing", "python_multipart", "pytz", "referencing", "requests", "rich",
     "rpds", "ruff", "safehttpx", "semantic_version", "setuptools", "shellingham", "six", "sniffio", "spaces", "sse_starlette", "starlette",
     "tomlkit", "toolz", "torch", "tqdm", "typer", "typing_extensions", "typing_inspection", "tzdata", "urllib3", "uvicorn", "websockets",
     "wheel", "xxhash", "yaml", "yarl"]
)  # fmt: skip
_WITH_PYTHON = sys.stdlib_module_names | packages.GONE.keys()


def _followed(tree: Tree) -> Iterator[str]:
    """The app file of a Gradio Space, and the modules of the repository that are sure to be imported with it."""
    waiting, known = [tree.app_file], set[str]()
    folder = tree.app_file.rpartition("/")[0]
    while waiting and len(known) < _MOST:
        path = waiting.pop(0)
        if path in known or path not in tree.files.paths or not path.endswith(".py"):
            continue
        known.add(path)
        yield path
        syntax = code.parsed(tree.files, path)
        modules = [name for one in code.imports(syntax) if not one.level for name in one.modules] if syntax else []
        waiting += [file for module in modules if (file := code.module_file(tree.files, module, folder))]


def syntax_error(tree: Tree) -> Iterator[Finding]:
    """Code that Python can't read. What this one can't, no older one can; of a newer one it says nothing."""
    minor = int(tree.python.split(".")[1])
    if minor > sys.version_info.minor:
        return
    for path in dict.fromkeys((*_app_file(tree), *_followed(tree))):
        text = tree.files.text(path) or ""
        if error := code.wrong(text):
            yield certain("syntax-error", Place(path, error.lineno), said=f"{type(error).__name__}: {error.msg}")
        elif (syntax := code.parsed(tree.files, path)) and (newer := code.newer(syntax, minor)):
            found = certain if tree.written("python_version") else likely
            yield found("syntax-error", Place(path, newer[0]), said=newer[1])


def _app_file(tree: Tree) -> Iterator[str]:
    """The file that Python starts, whatever its name ends with."""
    if tree.app_file in tree.files.paths:
        yield tree.app_file


def module_missing(tree: Tree) -> Iterator[Finding]:
    """An import of what no file names that the Space installs: there is none at all, or Python has lost it."""
    installs = any(path in tree.files.paths or tree.kept(path) for path in requirements.INSTALLED)
    told = set[str]()
    for path, one in _imports(tree):
        top = one.module.partition(".")[0]
        if one.level or top in told:
            continue
        gone = _is_gone(tree, top)
        if not gone and (installs or top in _WITH_PYTHON or top in _BUNDLED):
            continue
        told.add(top)
        package = packages.pypi(one.module)
        if gone and requirements.place(tree.files, package):
            continue
        yield likely(
            "module-missing",
            Place(path, one.line),
            module=top,
            package=package,
            manifest=requirements.MANIFEST,
            hint=packages.gone(top) if gone else _elsewhere(tree, package),
        )


def _is_gone(tree: Tree, module: str) -> bool:
    """Whether the Python that the README asks for has this module no more."""
    since = packages.GONE.get(module)
    minor = int(tree.python.split(".")[1])
    return bool(since and tree.written("python_version") and minor >= int(since.split(".")[1]))


def _elsewhere(tree: Tree, package: str) -> str:
    listed = first_line(tree.files, _ELSEWHERE, re.compile(rf"(?<![\w-]){re.escape(package)}(?![\w-])").search)
    return f"{listed.file} names it, but a Gradio Space installs {requirements.MANIFEST} alone." if listed else ""


def local_module_missing(tree: Tree) -> Iterator[Finding]:
    """An import out of a folder of the repository that does not have it, or one with dots in the file that is started."""
    folder = tree.app_file.rpartition("/")[0]
    for path in _followed(tree):
        syntax = code.parsed(tree.files, path)
        for one in code.imports(syntax) if syntax else ():
            if one.level and path == tree.app_file:
                yield likely("local-module-missing", Place(path, one.line), module="." * one.level + one.module,
                             file=path, hint=code.NO_DOTS)  # fmt: skip
            elif not one.level and "." in one.module and (missing := _missing_in(tree, one.module, folder)):
                yield likely("local-module-missing", Place(path, one.line), module=one.module, file=missing)


def _missing_in(tree: Tree, module: str, folder: str) -> str:
    """The folder of the repository that a module should be in; empty where it is there, or where that can't be told."""
    base = f"{folder}/" * bool(folder) + module.replace(".", "/")
    top = f"{folder}/" * bool(folder) + module.partition(".")[0]
    ours = f"{top}/__init__.py" in tree.files.paths and f"{top}.py" not in tree.files.paths
    there = any(path.startswith((f"{base}.", f"{base}/")) or tree.kept(f"{base}.py") for path in tree.files.paths)
    made = re.search(r"sys\.modules|__path__|__getattr__", tree.files.text(f"{top}/__init__.py") or "")
    return "" if not ours or there or made else f"{top}/"


def _imports(tree: Tree) -> Iterator[tuple[str, code.Import]]:
    """The imports that are sure to be made, of what is not the repository's own, each with its file."""
    folder = tree.app_file.rpartition("/")[0]
    for path in _followed(tree):
        syntax = code.parsed(tree.files, path)
        for one in code.imports(syntax) if syntax else ():
            if not _is_ours(tree, one.module.partition(".")[0], folder):
                yield path, one


def _is_ours(tree: Tree, module: str, folder: str) -> bool:
    base = f"{folder}/{module}" if folder else module
    return any(path == f"{base}.py" or path.startswith(f"{base}/") for path in tree.files.paths)


RULES = (syntax_error, module_missing, local_module_missing)
