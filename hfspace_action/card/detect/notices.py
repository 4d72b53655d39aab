"""What the files of a Space show that is no reason to stop, and that its owner should know."""

from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Note

TEXTS = {
    "build": "{why}. The Hub builds the page by `{command}` and serves {page}; its builds may need a plan or credits. "
    "To build in the workflow instead:\n{lines}",
    "page-source": "The page loads {what}, which browsers can't run, and nothing here builds it. Deploy the folder that your "
    "build makes, with the input `path`.",
    "page-missing": "The page loads {what}, which the Space won't have.",
    "expose": "EXPOSE does not name {port}, on which the app listens ({how}); the Space asks that port.",
    "gradio-range": "It asks for `{wanted}`, but no `sdk_version` is set, and the Hub then installs the newest Gradio beside it. "
    "Set `sdk_version` in the front matter, or pin one version here.",
    "requirement": "pip can't read `{line}`{right}.",
    "no-requirements": "A Gradio Space installs only what requirements.txt at its top names, and there is none. This file is "
    "not read.",
    "crlf": "It has Windows line ends (CRLF), with which {what}. Save it with LF, or write `{name} text eol=lf` in "
    ".gitattributes.",
    "packages-comment": "packages.txt takes no comments: each word of `{line}` is the name of a package to the Hub.",
    "packages-encoding": "It is {encoding}, which the Hub's apt-get can't read. Save it as UTF-8 without a byte order mark.",
    "dockerfile-encoding": "It is {encoding}, which Docker can't read. Save it as UTF-8.",
    "front-matter": "The Hub would not read this front matter: {why}. It is taken as it is meant, and the Space's README.md has it "
    "where the Hub reads it.",
    "readme-name": "The Hub reads README.md only, in this spelling, so {name} becomes README.md on the Space.",
    "key": "The Hub knows no `{key}` in front matter. Did you mean `{near}`?",
    "source-encoding": "Python can't read it: {reason}. Save it as UTF-8.",
}  # fmt: skip


def notice(checkout: Checkout, id: str, path: str, line: int | None, /, **facts: object) -> Note:  # noqa: A002
    """Return the note of an id about a file of the Space."""
    return Note(TEXTS[id].format(**facts).rstrip("\n "), checkout.place(path, line), id)
