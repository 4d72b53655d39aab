"""Code that Python can't read, that imports what nobody installs, or that starts no server."""

import re
import sys
from collections.abc import Iterator

from hfspace_action.errors import Place
from hfspace_action.readers import code, packages, requirements
from hfspace_action.readers.files import first_line

from .tree import Finding, Tree, certain, likely

_MOST = 100  # files that are followed from the app file
_ELSEWHERE = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.yml")
ZERO_GPU = "zero-a10g"

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
    if int(tree.python.split(".")[1]) > sys.version_info.minor:
        return
    for path in _followed(tree):
        try:
            code.parse(tree.files.text(path) or "")
        except SyntaxError as error:
            yield certain("syntax-error", Place(path, error.lineno), said=f"{type(error).__name__}: {error.msg}")
        except (ValueError, RecursionError):
            continue  # a NUL in it, or nested without end: the Hub's Python has the last word


def ended(tree: Tree) -> Iterator[Finding]:
    """A page that is made, and nothing that serves it."""
    page = code.page(tree.files, tree.app_file)
    if page and not code.may_start_server(tree.files):
        server = f"it with `{page.name}.launch()` at the end of {tree.app_file}"
        yield certain("app-ended", Place(tree.app_file, page.line), server=server)


def zero_gpu(tree: Tree) -> Iterator[Finding]:
    """ZeroGPU for an app without a function for it."""
    if tree.hardware != ZERO_GPU:
        return
    texts = (tree.files.text(path) or "" for path in code.python_files(tree.files))
    if not any("spaces" in text for text in texts):
        yield certain("zero-gpu-unused", Place(tree.app_file, 1), said="as the files show")


def module_missing(tree: Tree) -> Iterator[Finding]:
    """An import of what no file names that the Space installs: there is none at all."""
    if any(path in tree.files.paths or tree.kept(path) for path in requirements.INSTALLED):
        return
    folder = tree.app_file.rpartition("/")[0]
    told = set[str]()
    for path in _followed(tree):
        syntax = code.parsed(tree.files, path)
        for one in code.imports(syntax) if syntax else ():
            top = one.module.partition(".")[0]
            known = one.level or top in sys.stdlib_module_names or top in _BUNDLED or _is_ours(tree, top, folder)
            if known or top in told:
                continue
            told.add(top)
            package = packages.pypi(one.module)
            listed = first_line(tree.files, _ELSEWHERE, re.compile(rf"(?<![\w-]){re.escape(package)}(?![\w-])").search)
            hint = (
                f"{listed.file} names it, but a Gradio Space installs {requirements.MANIFEST} alone." if listed else ""
            )
            yield likely(
                "module-missing",
                Place(path, one.line),
                module=top,
                package=package,
                manifest=requirements.MANIFEST,
                hint=hint,
            )


def _is_ours(tree: Tree, module: str, folder: str) -> bool:
    base = f"{folder}/{module}" if folder else module
    return any(path == f"{base}.py" or path.startswith(f"{base}/") for path in tree.files.paths)


RULES = (syntax_error, ended, zero_gpu, module_missing)
