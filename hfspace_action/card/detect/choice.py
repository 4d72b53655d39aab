"""The kind of Space that a folder makes, and what its front matter then needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hfspace_action.errors import Failure, Note, Place
from hfspace_action.readers.files import DOCKERFILE

from . import notices
from .evidence import Candidate, Clue, best
from .survey import Survey


class Found(NamedTuple):
    """A value, and the words that say where it comes from."""

    value: Any
    origin: str


def sdk(survey: Survey, data: Mapping[str, Any]) -> Found:
    """The SDK that the files show. Raises `Failure` where they show none, or several."""
    named = data.get("app_file")
    if isinstance(named, str):
        found = _of_app_file(survey, named)
        if found:
            return found
    if DOCKERFILE in survey.files.paths:
        return Found("docker", DOCKERFILE)
    candidates = survey.best()
    if len(candidates) != 1 or candidates[0].kind not in ("gradio", "static"):
        raise _refused(candidates, survey)
    _refuse_module(candidates[0], survey)
    return Found(candidates[0].kind, str(candidates[0]))


def _refuse_module(candidate: Candidate, survey: Survey) -> None:
    """Raise the `Failure` of an app that Python can't start by its path."""
    if candidate.kind == "gradio" and survey.sources.by_path[candidate.path].relative:
        raise _refused([candidate._replace(kind="module")], survey)


def _of_app_file(survey: Survey, path: str) -> Found | None:
    """The SDK that starts the named app file, as far as its name and content show one."""
    if path.endswith((".html", ".htm")):
        return Found("static", f"app_file: {path}")
    candidate = next((each for each in survey.gradio if each.path == path), None)
    if candidate:
        return Found("gradio", str(candidate))
    server = next((each for each in survey.servers if each.path == path), None)
    if server and DOCKERFILE not in survey.files.paths:
        raise _refused([server], survey)
    return (
        Found("gradio", f"app_file: {path}")
        if path.endswith(".py") and path in survey.files.paths and not server
        else None
    )


def streamlit(survey: Survey, data: Mapping[str, Any], place: Place | None) -> Failure:
    """Return the failure of a Space of the SDK streamlit, which is no more: with a Dockerfile for its app."""
    named = data.get("app_file")
    apps = [each for each in survey.servers if each.kind == "streamlit" and named in (None, each.path)]
    path = str(named or (apps[0].path if apps else "app.py"))
    app = best(apps)[0] if apps else Candidate("streamlit", path, ())
    return _refused(
        [Candidate("streamlit", app.path, [*app.clues, Clue(0, "is to run with `sdk: streamlit`")])], survey, place
    )


@dataclass(frozen=True)
class Needs:
    """What the front matter needs besides its sdk, where that differs from the Hub's default, and what to say about it."""

    settings: dict[str, Found] = field(default_factory=dict)
    notices: list[Note] = field(default_factory=list)
    log: list[str] = field(default_factory=list)


def needs(survey: Survey, data: Mapping[str, Any], place: Place | None, *, declared: bool) -> Needs:
    """What an SDK needs. `place` is where the README names the app file or the SDK, `declared` whether it names the SDK: then
    the Hub's defaults are meant where they can be. Raises `Failure` for what can't run, but for an app file that is missing: foresight finds that."""
    match data["sdk"]:
        case "docker":
            return _docker(survey, data, place)
        case "gradio":
            return _gradio(survey, data, place, declared)
        case "static":
            return _static(survey, data)
    return Needs()


def _docker(survey: Survey, data: Mapping[str, Any], place: Place | None) -> Needs:
    found = Needs()
    if DOCKERFILE not in survey.files.paths:
        candidates = best([*survey.dockerfiles, *survey.servers])
        if len(candidates) == 1:
            raise _refused(candidates, survey, place)
        return found
    if "app_port" in data:
        return found
    from hfspace_action.card import ports

    port = ports.find(survey.files)
    if port is None:
        found.log.append(f"app_port: {ports.DEFAULT}, the Hub's default: the Dockerfile exposes none")
    elif port.number < ports.LOWEST:
        raise Failure("port-low", place=survey.checkout.place(port.path, port.line), port=port.number)
    elif port.number != ports.DEFAULT:
        found.settings["app_port"] = Found(port.number, str(port))
    else:
        found.log.append(f"app_port: {ports.DEFAULT}, the Hub's default, and the app's ({port})")
    return found


def _gradio(survey: Survey, data: Mapping[str, Any], place: Place | None, declared: bool) -> Needs:
    from . import gradio

    found = Needs()
    named = data.get("app_file")
    if not isinstance(named, str) and (
        gradio.DEFAULT not in survey.files.paths or (not declared and _best_is_another(survey, gradio.DEFAULT))
    ):
        candidates = best(survey.gradio)
        if len(candidates) > 1:
            raise _refused(candidates, survey)
        servers = best(survey.servers)
        if candidates:
            found.settings["app_file"] = Found(candidates[0].path, str(candidates[0]))
        elif len(servers) == 1:
            raise _refused(servers, survey, place)
    if "sdk_version" not in data:
        _version(survey, found)
    found.notices.extend(notices.misnamed(survey.checkout))
    return found


def _best_is_another(survey: Survey, default: str) -> bool:
    """Whether another file than app.py, the default, is the app: app.py has nothing of Gradio, or is only a part of it."""
    candidates = best(survey.gradio)
    return len(candidates) == 1 and candidates[0].path != default


def _version(survey: Survey, found: Needs) -> None:
    entry, pinned = survey.requirements.get("gradio"), survey.requirements.pinned("gradio")
    if pinned:
        found.settings["sdk_version"] = Found(pinned.pin, f"{pinned.path}:{pinned.line}")
        return
    conda = next(
        (each for each in survey.requirements.faults if each.instead and each.instead.startswith("gradio==")), None
    )
    if conda and conda.instead:
        found.settings["sdk_version"] = Found(conda.instead.partition("==")[2], f"{conda.path}:{conda.line}")
    elif entry and any(each.operator in ("<", "<=", "~=", "==") for each in entry.requirement.specifier):
        found.notices.append(survey.notice("gradio-range", entry.path, entry.line, wanted=entry.requirement))


def _static(survey: Survey, data: Mapping[str, Any]) -> Needs:
    from .web import pages

    found = Needs()
    if data.get("app_build_command"):
        return found
    named = data.get("app_file")
    if not isinstance(named, str):
        candidates = best(survey.pages)
        if len(candidates) == 1 and candidates[0].kind == "static":
            chosen = candidates[0]
            found.settings.update({key: Found(value, str(chosen)) for key, value in chosen.settings.items()})
            _say_built(survey, chosen, found)
        elif pages.DEFAULT not in survey.files.paths and candidates:
            raise _refused(candidates, survey)
    if "app_build_command" not in found.settings:
        _say_unready(survey, str(named or found.settings.get("app_file", Found(pages.DEFAULT, "")).value), found)
    return found


def _say_built(survey: Survey, chosen: Candidate, found: Needs) -> None:
    """Say that the Hub is to build the page, and how to do it in the workflow instead."""
    if "app_build_command" not in chosen.settings:
        return
    from . import paste
    from .web import pages

    folder = chosen.settings["app_file"].rpartition("/")[0]
    loads = (
        next(iter(pages.look(survey.files, pages.DEFAULT).sources), "") if pages.DEFAULT in survey.files.paths else ""
    )
    why = f"{pages.DEFAULT} loads {loads}, which browsers can't run" if loads else str(chosen)
    command = chosen.settings["app_build_command"]
    lines = paste.step(command, path=survey.below(folder), sdk="static") if folder else ""
    found.notices.append(
        survey.notice("build", chosen.path, None, why=why, command=chosen.settings["app_build_command"],
                      page=chosen.settings["app_file"], lines=lines)
    )  # fmt: skip


def _say_unready(survey: Survey, path: str, found: Needs) -> None:
    """Say what a page needs that isn't there."""
    from .web import pages

    page = pages.look(survey.files, path) if path in survey.files.paths else None
    if page and page.sources:
        found.notices.append(survey.notice("page-source", path, None, what=", ".join(page.sources[:3])))
    elif page and page.missing and not page.template:
        found.notices.append(survey.notice("page-missing", path, None, what=", ".join(page.missing[:5])))


def _refused(candidates: Sequence[Candidate], survey: Survey, place: Place | None = None) -> Failure:
    from . import refusals  # as all evidence, not before it is asked for

    return refusals.of(candidates, survey, place)
