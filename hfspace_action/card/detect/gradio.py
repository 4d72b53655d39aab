"""Evidence for a Gradio Space: which of the Python files starts the app."""

import posixpath
import re
from collections.abc import Iterator

from hfspace_action.readers.python import python_apps
from hfspace_action.readers.python.python_apps import Source, Sources
from hfspace_action.readers.requirements import Asked

from .evidence import Candidate, Clue

_OLD = re.compile(r"(?:^|[_-])(?:old|bak|backup|copy|legacy|deprecated|draft|wip|unused|tmp)(?:[_-]|\d*$)")

DEFAULT = "app.py"
"""The file that the Hub starts where the front matter names none."""

# Packages whose apps are Gradio apps although they need not import gradio themselves.
_BRING_GRADIO = frozenset(
    ("fastrtc", "gradio-webrtc", "ai-gradio", "openai-gradio", "trackio", "modelscope-studio", "anychat")
)

IMPORTS = Clue(30, "imports gradio")
STARTS = Clue(40, "calls launch()")
SERVES = Clue(35, "starts a server with it")
NOT_IMPORTED = Clue(25)
GUARD = Clue(5)
AT_TOP = Clue(15)
EXAMPLE = Clue(-10)
LEFT_BEHIND = Clue(-8)
"""For the name of a file that another one has replaced."""
NAMES = {
    "app": 20, "main": 18, "demo": 16, "run": 14, "webui": 12, "web_ui": 12, "gradio_app": 10, "app_gradio": 10,
    "gradio_demo": 9, "demo_gradio": 9, "web_demo": 8, "gradio_ui": 8, "ui": 7, "gui": 6, "interface": 6, "server": 5,
    "web": 5, "launch": 5, "start": 5, "index": 4,
}  # fmt: skip
"""By what names apps go; the higher, the more usual."""
LIKE_AN_APP = Clue(2)
DEEPER = -4
"""For each folder that a file lies in."""


def by_way_of(path: str) -> Clue:
    """The clue of a file that imports gradio through another one of the folder."""
    return Clue(20, f"imports gradio by way of {path}")


def required(name: str) -> Clue:
    """The clue of an app that starts something that a package brings."""
    return Clue(10, f"is started with {name} from requirements.txt")


def candidates(sources: Sources, asked: Asked) -> Iterator[Candidate]:
    """Every file that may start a Gradio app."""
    for path, source in sources.by_path.items():
        if not python_apps.may_be_app(path):
            continue
        clues = list(_clues(source, sources, asked))
        if clues:
            yield Candidate("gradio", path, [*clues, *_circumstances(source, sources)])


def _clues(source: Source, sources: Sources, asked: Asked) -> Iterator[Clue]:
    """What makes this file the start of a Gradio app; nothing if it is none, or only a part of one."""
    way = sources.way_to(source.path, "gradio")
    starts = source.launches is not None
    if starts:
        started = STARTS
    elif way and source.serves:
        started = SERVES
    elif way == source.path and not source.apps and (source.depth == 0 or source.name in NAMES):
        started = Clue(0)  # perhaps something else starts it
    else:
        return
    if way:
        yield IMPORTS if way == source.path else by_way_of(way)
    else:
        brought = _brought(asked)
        if brought is None:
            return
        yield required(brought)
    yield started


def _brought(asked: Asked) -> str | None:
    """The requirement that brings Gradio along."""
    for entry in asked.entries:
        if entry.name == "gradio" or entry.name in _BRING_GRADIO or "gradio" in entry.requirement.extras:
            return str(entry.requirement)
    return None


def _circumstances(source: Source, sources: Sources) -> Iterator[Clue]:
    if source.path not in sources.imported:
        yield NOT_IMPORTED
    if source.main_guard:
        yield GUARD
    if source.depth == 0:
        yield AT_TOP
    yield Clue(DEEPER * source.depth)
    if {"examples", "example", "samples"} & set(posixpath.dirname(source.path).lower().split("/")):
        yield EXAMPLE
    name = source.name.lower()
    if is_left_behind(name):
        yield LEFT_BEHIND
    if name in NAMES:
        yield Clue(NAMES[name])
    elif any(word in name for word in ("app", "demo", "gradio", "web", "ui")):
        yield LIKE_AN_APP


def is_left_behind(name: str) -> bool:
    """Whether a file's name says that another one has replaced it."""
    return _OLD.search(name.lower()) is not None
