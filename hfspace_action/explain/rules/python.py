"""Python apps that stop with a traceback."""

import re

from hfspace_action.errors import Place
from hfspace_action.explain import traceback
from hfspace_action.explain.case import Case, Cause, Rule
from hfspace_action.explain.traceback import Frame, Traceback
from hfspace_action.readers import dockerfile, packages, requirements
from hfspace_action.readers.python import code

_MODULE = re.compile(r"No module named '?(?P<module>[\w.]+)'?")
_NAME = re.compile(r"cannot import name '(?P<name>[^']+)' from (?:partially initialized module )?'(?P<module>[\w.]+)'")
_LIBRARY = re.compile(r"(?P<library>lib[\w.+-]+\.so(?:\.\d+)*): cannot open shared object file")
_REPOSITORY = re.compile(r"https?://[^/\s]+/(?:api/)?(?:(?:models|datasets|spaces)/)?(?P<repository>[\w.-]+/[\w.-]+)")
_GATED = re.compile(
    r"(?:access|trying to access a) gated repo|you must be authenticated to access it|not in the authorized list",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(r"is not a local folder and is not a valid model identifier")
_NO_PARENT = re.compile(r"attempted relative import (?:with no known parent package|beyond top-level package)")
_PATH = re.compile(r"'(?P<path>[^']+)'")
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")


def _crashed(case: Case) -> Cause | None:
    """What the last traceback says that passes through the repository; else what the last one says."""
    tracebacks = traceback.find(case.lines)[-50:]
    for one in reversed(tracebacks):
        if found := one.place(case.files):
            return _explained(case, one, *found)
    if not tracebacks or case.building:
        return None
    return _explained(case, tracebacks[-1], None, None)


def _explained(case: Case, one: Traceback, place: Place | None, frame: Frame | None) -> Cause | None:
    start, stop = (frame or one.frames[-1]).at, one.at + 1
    said = f"{one.kind}: {one.text}" if one.text else one.kind
    after = "\n".join(case.lines[one.at : one.at + 6])

    if one.kind in _SYNTAX:
        return case.cause("syntax-error", place, start, stop, said=said)
    if one.kind == "MemoryError":
        return case.cause("out-of-memory", place, start, stop)
    if module := _MODULE.match(one.text):
        return _module_missing(case, module["module"], place, start, stop)
    if name := _NAME.match(one.text):
        return case.cause("import-failed", place, start, stop, said=one.text, package=_package(name["module"]))
    if library := _LIBRARY.search(one.text):
        package = packages.debian(library["library"])
        how = "packages.txt" if case.sdk == "gradio" else "an `apt-get install` in the Dockerfile"
        return case.cause(
            "library-missing", place, start, stop, library=library["library"], package=package, manifest=how
        )
    if place and _NO_PARENT.search(one.text):
        return case.cause("local-module-missing", place, start, stop, module=".", file=place.file, hint=code.NO_DOTS)
    if one.kind == "RepositoryNotFoundError" or _NO_MODEL.search(after):
        return case.cause("model-missing", place, start, one.at + 4, repository=_repository(after))
    if one.kind == "GatedRepoError" or _GATED.search(after):
        return case.cause("gated-model", place, start, one.at + 4, repository=_repository(after))
    if one.kind == "KeyError" and one.frames[-1].path.endswith(("/os.py", "<frozen os>")):
        return case.cause("environment-missing", place, start, stop, variable=one.text.strip("'\""))
    if one.kind == "PermissionError":
        path = _PATH.search(one.text)
        return case.cause("permission-denied", place, start, stop, path=path["path"] if path else "a file", said=said)
    return case.cause("app-crashed", place, start, stop, said=said)


def _module_missing(case: Case, module: str, place: Place | None, start: int, stop: int) -> Cause:
    top = module.split(".", maxsplit=1)[0]
    if ours := _ours(case, module):
        return case.cause(
            "local-module-missing", place or dockerfile.starting(case.files, top), start, stop, module=module, file=ours
        )
    package = _package(module)
    if "." in module and module not in packages.PYPI:
        return case.cause("import-failed", place, start, stop, said=f"No module named '{module}'", package=package)
    listed = requirements.place(case.files, package)
    installed = case.sdk != "gradio" or (listed and listed.file in requirements.INSTALLED)
    if listed and installed:
        return case.cause("module-not-installed", place, start, stop, module=module, package=package, file=listed.file)
    manifest = requirements.MANIFEST if case.sdk == "gradio" else requirements.missing_at(case.files)
    return case.cause("module-missing", place, start, stop, module=module, package=package, manifest=manifest,
                      hint=_hint(top, listed, manifest))  # fmt: skip


def _hint(module: str, listed: Place | None, manifest: str) -> str:
    """What else the advice says: that the file which names the package is not installed, or that Python lost the module."""
    if listed:
        return f"{listed.file} names it, but a Gradio Space installs {manifest} alone."
    return packages.gone(module)


def _package(module: str) -> str:
    return packages.pypi(module)


def _ours(case: Case, module: str) -> str | None:
    """The file of the repository that is a module, or a package's folder."""
    top = module.split(".", maxsplit=1)[0]
    whole = re.compile(rf"(?:^|/){re.escape(top)}(?:\.py$|/)")
    return next((path for path in sorted(case.files.paths) if path.endswith(".py") and whole.search(path)), None)


def _repository(said: str) -> str:
    found = _REPOSITORY.search(said)
    return found["repository"] if found else "the model"


RULES: tuple[Rule, ...] = (_crashed,)
