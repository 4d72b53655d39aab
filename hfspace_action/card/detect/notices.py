"""What the files of a Space show that is no reason to stop, and that its owner should know."""

from collections.abc import Iterator

from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Note
from hfspace_action.text import closest

TEXTS = {
    "build": "{why}. The Hub builds the page by `{command}` and serves {page}; its builds may need a plan or credits. "
    "To build in the workflow instead:\n{lines}",
    "page-source": "The page loads {what}, which browsers can't run, and nothing here builds it. Deploy the folder that your "
    "build makes, with the input `path`.",
    "page-missing": "The page loads {what}, which the Space won't have.",
    "gradio-range": "It asks for `{wanted}`, but no `sdk_version` is set, and the Hub then installs the newest Gradio beside it. "
    "Set `sdk_version` in the front matter, or pin one version here.",
    "dockerfile-encoding": "It is {encoding}, which Docker can't read. Save it as UTF-8.",
    "front-matter": "The Hub would not read this front matter: {why}. It is taken as it is meant, and the Space's README.md has it "
    "where the Hub reads it.",
    "front-matter-again": "A second front matter begins here. The Hub reads the first and shows this one as text.",
    "readme-name": "The Hub reads README.md only, in this spelling, so {name} becomes README.md on the Space.",
    "file-name": "The Hub reads {right} only, in this spelling, so it installs nothing of {name}. Rename it.",
    "key": "The Hub knows no `{key}` in front matter. Did you mean `{near}`?",
    "source-encoding": "Python can't read it: {reason}. Save it as UTF-8.",
}  # fmt: skip


def notice(checkout: Checkout, id: str, path: str, line: int | None, /, **facts: object) -> Note:  # noqa: A002
    """Return the note of an id about a file of the Space."""
    return Note(TEXTS[id].format(**facts).rstrip("\n "), checkout.place(path, line), id)


def misnamed(checkout: Checkout) -> Iterator[Note]:
    """Yield a note for each file that is nearly named as one that a Gradio Space installs from, where there is none."""
    top = {
        path.lower().removesuffix(".txt"): path
        for path in checkout.files
        if "/" not in path and path.lower().endswith(".txt")
    }
    for right in ("requirements.txt", "packages.txt"):
        stem = right.removesuffix(".txt")
        near = closest(stem, top, 0.93) or (right if right in top else None)
        if right not in checkout.files and near:
            yield notice(checkout, "file-name", top[near], None, right=right, name=top[near])
