"""packages.txt, which a Gradio Space hands to `apt-get install` word for word."""

from collections.abc import Iterator

from hfspace_action.errors import Place
from hfspace_action.readers import decode, system_packages

from .tree import Finding, Tree, certain, likely

# Packages that Debian 13 (trixie), which Python's images are made of, does not have, as its apt says, though others before it did.
_RENAMED = frozenset(
    ["chromium-browser", "libegl1-mesa", "libffi7", "libgconf-2-4", "libgl1-mesa-glx", "libgles2-mesa", "libpcre3", "libssl1.1", "libtiff5",
     "libwebp6", "netcat", "python-dev", "python-pip", "python3-distutils", "software-properties-common"]
)  # fmt: skip
_MARK = "it begins with a byte order mark, as editors of Windows write it, which apt takes for a part of the first name"


def misread(tree: Tree) -> Iterator[Finding]:
    """What apt takes for names of packages, and is something else. One finding for each kind: the first line of it."""
    told = set[str]()
    file = tree.files.files.get(system_packages.PACKAGES)
    if file and decode.marked(file.read(4)):
        yield certain("packages-txt", Place(file.path, 1), problem=_MARK)
        return  # in UTF-16 no line is as it seems
    for place, wrong in system_packages.misread(tree.files):
        if wrong.kind not in told:
            told.add(wrong.kind)
            yield certain("packages-txt", place, problem=wrong.problem)


def renamed(tree: Tree) -> Iterator[Finding]:
    """Names of an older Debian."""
    for place, name in system_packages.names(tree.files):
        if name in _RENAMED:
            yield likely("system-package-not-found", place, package=name)


RULES = (misread, renamed)
