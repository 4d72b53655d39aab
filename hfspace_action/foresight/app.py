"""The file that the Space starts with."""

from collections.abc import Iterator

from hfspace_action import text
from hfspace_action.readers.files import DOCKERFILE, startable

from .tree import Finding, Tree, certain


def file_missing(tree: Tree) -> Iterator[Finding]:
    """There is no such file: the Hub builds nothing, and its stage is NO_APP_FILE."""
    if tree.sdk == "static" and tree.data.get("app_build_command"):
        return  # the build makes it
    file = DOCKERFILE if tree.sdk == "docker" else tree.app_file
    folder = tree.sdk == "gradio" and tree.has(f"{file}/__main__.py")  # which Python can start
    if not (file in tree.files.paths or tree.kept(file) or folder):
        keys = ("sdk",) if tree.sdk == "docker" else ("app_file", "sdk")
        near = text.closest(file, tree.files.paths)
        there = startable(tree.files) + (f", and {near}, which may be meant" if near else "")
        yield certain("app-file-missing", tree.key(*keys), file=file, there=there)
