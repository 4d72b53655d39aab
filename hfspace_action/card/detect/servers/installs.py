"""What an app of Python's needs to be installed: what its files ask for, else what its code imports."""

import posixpath
import re
import shlex
import sys
from collections.abc import Iterator, Sequence

from hfspace_action.readers import packages, project, requirements
from hfspace_action.readers.files import Deployed
from hfspace_action.readers.python.python_apps import Sources
from hfspace_action.readers.requirements import MANIFEST

_NAME = re.compile(r"[^\w.-]")
_IN_FOLDERS = ("prod", "production", "main", "base", "common", "requirements")  # requirements/prod.txt


def arguments(app: str, needed: Sequence[str], files: Deployed, sources: Sources) -> str:
    """Return what `pip install` is given for the app of a file, so that `needed` is there as well."""
    from packaging.utils import canonicalize_name  # not before: a Space with a Dockerfile needs none of ours

    manifest = next((path for path in _manifests(app) if path in files.paths), None)
    own = [] if manifest else project.dependencies(files) or list(dict.fromkeys(_imported(app, sources)))
    asked = requirements.read(files, manifest).entries if manifest else ()
    known = {entry.name for entry in asked} | {canonicalize_name(_NAME.split(each, maxsplit=1)[0]) for each in own}
    wanted = [*own, *(name for name in needed if name not in known)]
    return " ".join([*([f"-r {shlex.quote(manifest)}"] if manifest else []), *map(shlex.quote, wanted)])


def _manifests(app: str) -> Iterator[str]:
    """Where an app's requirements may be: at the top, beside it or above it, in a folder for several."""
    yield MANIFEST
    folder = posixpath.dirname(app)
    while folder:
        yield posixpath.join(folder, MANIFEST)
        folder = posixpath.dirname(folder)
    yield from (f"requirements/{name}.txt" for name in _IN_FOLDERS)


def _imported(app: str, sources: Sources) -> Iterator[str]:
    """The packages that an app's code imports, that of the files which it imports included."""
    local = {part.removesuffix(".py") for path in sources.by_path for part in path.split("/")}
    for path in sources.reached(app):
        for name in sorted(sources.by_path[path].imports):
            top = name.partition(".")[0]
            if top and top not in local and top not in sys.stdlib_module_names:
                yield packages.pypi(top)
