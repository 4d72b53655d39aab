"""What a folder that makes no Space is refused with: what was seen, and the lines that make one of it."""

import posixpath
from collections.abc import Sequence

from hfspace_action.errors import Failure, Place
from hfspace_action.readers.files import DOCKERFILE

from . import paste, unknown
from .evidence import Candidate
from .servers import servers
from .survey import Survey

_MOST = 6


def of(candidates: Sequence[Candidate], survey: Survey, place: Place | None = None) -> Failure:
    """The failure of the best candidates, none of which is a Space as it stands. `place` is where the README names another SDK."""
    if not candidates:
        return unknown.of(survey)
    first = candidates[0]
    lines = _lines(first, survey, place)
    if len(candidates) > 1:
        seen = [f"{each}" for each in candidates[:_MOST]]
        more = f" and {len(candidates) - _MOST} more" if len(candidates) > _MOST else ""
        return Failure("sdk-several", files="; ".join(seen) + more, lines=lines)
    at = survey.checkout.place(first.path)
    match first.kind:
        case "folder":
            return Failure("sdk-folder", path=first.path, lines=lines)
        case "module":
            return Failure("sdk-module", place=at, path=first.path, lines=lines)
        case "dockerfile":
            return Failure("dockerfile-elsewhere", place=at, path=first.path, lines=lines)
        case "site":
            return Failure("site-source", place=at, path=first.path, tool=first.settings["site"].name, lines=lines)
    kind = "sdk-streamlit" if first.kind == "streamlit" else "sdk-server"
    return Failure(kind, place=place or at, origin=str(first), framework=servers.title(first), lines=lines)


def _lines(found: Candidate, survey: Survey, place: Place | None) -> str:
    """The lines that make a Space of one candidate."""
    folder = posixpath.dirname(found.path)
    match found.kind:
        case "gradio" | "static":
            return paste.inputs(sdk=found.kind, front_matter=f"app_file: {found.path}")
        case "folder":
            return paste.inputs(path=survey.below(folder))
        case "module":
            return paste.starter(found.path)
        case "dockerfile":
            top, path = survey.below(DOCKERFILE), survey.below(found.path)
            if found.path.lower() == DOCKERFILE.lower():
                return paste.shell(f"git mv {path} {top}")
            return paste.step(f"cp {path} {top}", include=DOCKERFILE)
        case "site":
            return paste.step(found.settings["command"], path=survey.below(found.settings["site"].output), sdk="static")
    lines = paste.block("dockerfile", servers.dockerfile(found, survey.files, survey.sources))
    return f"{lines}\n{paste.inputs(sdk='docker')}" if place else lines
