"""A folder in which nothing shows a Space: what is there instead, and what would most likely make one of it."""

import json
import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.file import is_locked
from hfspace_action.readers import decode
from hfspace_action.readers.files import Deployed

from . import paste
from .survey import Survey

# Files that show what a project is, where it is nothing that a Space starts by itself.
_SIGNS = {
    "go.mod": "Go", "Cargo.toml": "Rust", "pom.xml": "Java", "build.gradle": "Java", "build.gradle.kts": "Kotlin",
    "composer.json": "PHP", "Gemfile": "Ruby", "mix.exs": "Elixir", "Package.swift": "Swift", "app.R": "R", "server.R": "R",
    "docker-compose.yml": "Docker Compose", "docker-compose.yaml": "Docker Compose", "compose.yml": "Docker Compose",
    "compose.yaml": "Docker Compose", "package.json": "Node.js", "environment.yml": "conda", "pyproject.toml": "Python",
    "setup.py": "Python", "Procfile": "Heroku", "main.cpp": "C++", "CMakeLists.txt": "C++", "deno.json": "Deno",
    "pubspec.yaml": "Flutter", "rxconfig.py": "Reflex", "project.godot": "Godot", "Project.toml": "Julia",
}  # fmt: skip
_ELSEWHERE = "If it is in another folder, name that:"
_NO_PAGES = frozenset((
    *("templates", "test", "tests", "htmlcov", "coverage", "node_modules", "vendor", "examples", "fixtures", "layouts", "themes"),
))  # fmt: skip
_DEEPEST = 4


class _Way(NamedTuple):
    """What leads to a Space: words that introduce the lines, and these."""

    words: str
    lines: str


def of(survey: Survey) -> Failure:
    """The failure of such a folder."""
    seen = list(_seen(survey.files, survey))
    way = next(_ways(survey), None) or _Way(_ELSEWHERE, paste.inputs(path="the/folder/of/the/app", sdk="gradio"))
    return Failure("sdk-unknown", path=survey.checkout.folder or ".", seen=", ".join(seen) if seen else "nothing that shows what it is",
                   way=way.words, lines=way.lines)  # fmt: skip


def _seen(files: Deployed, survey: Survey) -> Iterator[str]:
    """What there is, in a few words each."""
    yield from (f"{path} ({kind})" for path, kind in _SIGNS.items() if path in files.paths)
    sources = survey.sources.by_path.values()
    python = [each.path for each in sources if not each.unreadable]
    if python:
        yield f"{_counted(len(python), 'Python file')} ({', '.join(python[:3])}{', …' if len(python) > 3 else ''}) without Gradio"
    for ending, what in ((".ipynb", "notebook"), (".md", "Markdown file"), (".html", "page")):
        found = [path for path in files.paths if path.endswith(ending) and path != "README.md"]
        if found:
            yield f"{_counted(len(found), what)} ({', '.join(found[:2])}{', …' if len(found) > 2 else ''})"
    unreadable = next((each for each in sources if each.unreadable), None)
    if unreadable:
        yield f"{unreadable.path}, which Python can't read: {unreadable.unreadable}"


def _ways(survey: Survey) -> Iterator[_Way]:
    """What would make a Space of the folder, the surest first."""
    yield from _renamed(survey)
    yield from _converted(survey)
    yield from _of_notebook(survey)
    yield from _of_page(survey)


def _renamed(survey: Survey) -> Iterator[_Way]:
    """Files whose true ending Windows hides."""
    for path in sorted(survey.files.paths):
        stem, ending = posixpath.splitext(path)
        right = stem if ending.lower() == ".txt" else f"{stem}{ending.lower()}"
        if "/" not in path and right != path and right.endswith((".py", ".html")):
            move = f"git mv {paste.quoted(survey.below(path))} {paste.quoted(survey.below(right))}"
            yield _Way(f"Give {path} its own ending:", paste.shell(move))


def _converted(survey: Survey) -> Iterator[_Way]:
    """A source that only has to be saved as UTF-8."""
    for source in survey.sources.by_path.values():
        if source.unreadable and source.depth == 0 and not is_locked(survey.files.content(source.path)):
            marked = decode.marked(survey.files.content(source.path))
            path = paste.quoted(survey.below(source.path))
            encoding = decode.name(survey.files.content(source.path)) if marked else "CP1252"
            convert = f"iconv -f {encoding} -t UTF-8 {path} > {path}.new && mv {path}.new {path}"
            yield _Way(f"Save {source.path} as UTF-8:", paste.shell(convert))


def _of_notebook(survey: Survey) -> Iterator[_Way]:
    """A notebook that starts a Gradio app."""
    for path in sorted(survey.files.paths):
        if path.endswith(".ipynb") and "/" not in path and _starts_gradio(survey.files.text(path) or ""):
            notebook = paste.quoted(survey.below(path))
            convert = f"pipx run --spec nbconvert jupyter-nbconvert --to python {notebook} --output app"
            mend = f"sed -i /get_ipython/d {paste.quoted(survey.below('app.py'))}"
            lines = paste.step(f"{convert} && {mend}", include="app.py")
            yield _Way(f"The notebook {path} starts Gradio; make a file of it in the workflow:", lines)


def _starts_gradio(notebook: str) -> bool:
    try:
        cells = json.loads(notebook)["cells"]
        code = "".join("".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "code")
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return "import gradio" in code and ".launch(" in code


def _of_page(survey: Survey) -> Iterator[_Way]:
    """The only folder with a page, wherever it is."""
    found = [
        path for path in survey.files.paths
        if posixpath.basename(path) == "index.html" and path.count("/") <= _DEEPEST and not _NO_PAGES & set(path.split("/"))
    ]  # fmt: skip
    if len(found) == 1:
        folder = survey.below(posixpath.dirname(found[0]))
        yield _Way(f"If {found[0]} is the Space's page, deploy its folder:", paste.inputs(path=folder, sdk="static"))


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' if count != 1 else ''}"
