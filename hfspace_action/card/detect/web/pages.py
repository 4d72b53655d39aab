"""Evidence for a static Space: a page that is ready, or one that has to be built first."""

import posixpath
import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from hfspace_action.card.detect.evidence import Candidate, Clue
from hfspace_action.readers import html
from hfspace_action.readers.files import Deployed
from hfspace_action.text import address

from . import builds
from .builds import Build

if TYPE_CHECKING:
    from hfspace_action.readers.python.python_apps import Source

DEFAULT = "index.html"
"""The page that the Hub serves where the front matter names none."""

PAGE = Clue(60, "is a page")
LITE = Clue(100, "runs Gradio in the browser")
ONLY_PAGE = Clue(40, "is the only page at the top")
IN_FOLDER = Clue(30, "is the page of a folder of pages")
BUILT_BELOW = Clue(25)

# Where finished pages lie if not at the top, the more usual ones first.
_FOLDERS = (
    "docs",
    "public",
    "dist",
    "site",
    "www",
    "web",
    "static",
    "build",
    "out",
    "html",
    "_site",
    "src",
    "app",
    "frontend",
)
_SOURCES = (".ts", ".tsx", ".jsx", ".mts", ".vue", ".svelte", ".scss", ".sass", ".less")
_IMPORT = re.compile(r"^[ \t]*(?:import|export)\b[^'\";]*?['\"]([^'\"]+)['\"]", re.MULTILINE)
_COMPILERS = ("text/babel", "text/typescript", "text/jsx", "text/x-template", "text/template")
_TEMPLATE = re.compile(
    r"\{%-?\s*\w|\{\{-?\s*(?:url_for|request|super|config|[\w.]+\s*\|)|%PUBLIC_URL%|%BASE_URL%|\$FLUTTER_BASE_HREF|\bdata-trunk\b"
)


def builds_with(build: Build) -> Clue:
    """The clue of a source that a tool builds."""
    return Clue(70, f"builds the page with {build.tool}")


class Page(NamedTuple):
    """What a page needs to be shown: `sources` are files that a browser can't run, `missing` local files that aren't there.
    `template` says that something else has to fill it in, `lite` that it runs Gradio by itself, `rooted` that it takes the
    folder it lies in for the top."""

    path: str
    sources: tuple[str, ...]
    missing: tuple[str, ...]
    template: bool
    lite: bool
    rooted: bool

    @property
    def ready(self) -> bool:
        """Whether a browser can show it unchanged."""
        return not (self.sources or self.missing or self.template)


def look(files: Deployed, path: str) -> Page:
    """Look at one page."""
    text = files.text(path) or ""
    parser = _References()
    html.feed(parser, text)
    local = [reference for reference in parser.found if _is_local(reference)]
    paths = {reference: _on_space(reference, path) for reference in local}
    bare = not parser.maps_imports and "src" in {
        paths[each].partition("/")[0] for each in parser.modules & paths.keys()
    }
    sources = tuple(
        reference for reference in local
        if (paths[reference].endswith(_SOURCES) and reference not in parser.compiled)
        or (bare and reference in parser.modules and _needs_build(files.text(paths[reference])))
    )  # fmt: skip
    missing = tuple(
        each for each in local if each not in sources and paths[each] not in files.paths and not each.endswith("/")
    )
    template = text.startswith(("---\n", "---\r\n")) or bool(_TEMPLATE.search(text))  # the first is Jekyll's
    rooted = any(each.startswith("/") for each in local)
    return Page(path, sources, missing, template, "gradio-lite" in text or "@gradio/lite" in text, rooted)


def _needs_build(script: str | None) -> bool:
    """Whether a browser can't run a module: it imports a package by its name, or what is no script."""
    return any(
        not name.startswith((".", "/", "http:", "https:", "data:", "blob:"))
        or name.endswith((*_SOURCES, ".css", ".svg", ".json"))
        for name in _IMPORT.findall(script or "")
    )


def candidates(files: Deployed, sources: "Collection[Source]") -> Iterator[Candidate]:
    """Every page that the Space may begin with, and what builds one."""
    build = builds.find(files)
    index = look(files, DEFAULT) if DEFAULT in files.paths else None
    if index and index.lite:
        yield Candidate("static", DEFAULT, [PAGE, LITE])
    elif index and not index.template and not _served(sources, DEFAULT) and not (build and _is_source(index, build)):
        yield Candidate("static", DEFAULT, [PAGE])
    if build and (index is None or _is_source(index, build)):
        yield Candidate("static", build.shown_by, [builds_with(build)], built(build, index))
    if index is None and build is None:
        yield from _elsewhere(files, sources)
        for below in builds.below(files):
            yield Candidate(
                "static", below.shown_by, [BUILT_BELOW, Clue(0, builds_with(below).words)], built(below, None)
            )


def built(build: Build, index: Page | None) -> dict[str, str]:
    """The front matter by which the Hub builds the page."""
    in_place = index is not None and not index.sources and not builds.uses_index(build.tool)
    return {"app_build_command": build.command, "app_file": DEFAULT if in_place else build.page}


def _is_source(index: Page, build: Build) -> bool:
    return not index.ready or builds.uses_index(build.tool)


def _elsewhere(files: Deployed, sources: "Collection[Source]") -> Iterator[Candidate]:
    top = [
        path
        for path in files.paths
        if "/" not in path and path.lower().endswith((".html", ".htm")) and path != "404.html"
    ]
    if len(top) == 1 and not _served(sources, top[0]) and look(files, top[0]).ready:
        yield Candidate("static", top[0], [ONLY_PAGE], {"app_file": top[0]})
    for rank, folder in enumerate(_FOLDERS):
        path = f"{folder}/{DEFAULT}"
        if path in files.paths and not _served(sources, path):
            page = look(files, path)
            if page.ready or (page.rooted and not (page.sources or page.template)):
                settings = {} if page.rooted else {"app_file": path}
                yield Candidate("folder" if page.rooted else "static", path, [IN_FOLDER, Clue(-rank)], settings)


def _served(sources: "Collection[Source]", page: str) -> bool:
    """Whether a Python server at hand delivers the page by itself."""
    name = posixpath.basename(page)
    return any(source.apps and name in source.pages for source in sources)


def _is_local(reference: str) -> bool:
    parts = address(reference)
    return parts is not None and (
        not parts.scheme and not parts.netloc and bool(parts.path) and "{" not in reference and "%" not in reference[:2]
    )


def _on_space(reference: str, page: str) -> str:
    path = unquote(urlsplit(reference).path)
    return posixpath.normpath(
        path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(page), path)
    )


class _References(HTMLParser):
    """The scripts and style sheets that a page loads; `modules` are scripts of the type module. `maps_imports`
    is whether it says where packages are."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.modules: set[str] = set()
        self.compiled: set[str] = set()  # in the browser, by a script of the page
        self.maps_imports = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the tag loads."""
        given = {name: (value or "").strip() for name, value in attrs}
        if tag == "script" and given.get("src"):
            self.found.append(given["src"])
            if given.get("type") == "module":
                self.modules.add(given["src"])
            elif given.get("type") in _COMPILERS:
                self.compiled.add(given["src"])
        elif tag == "script" and given.get("type") == "importmap":
            self.maps_imports = True
        elif tag == "link" and "stylesheet" in given.get("rel", "").split() and given.get("href"):
            self.found.append(given["href"])
