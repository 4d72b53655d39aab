"""The Space's own README: what its front matter has stays, where the repository's README has none."""

from hfspace_action.errors import Failure

from . import blocks
from .detect import choice
from .detect.survey import Survey
from .front_matter import Readme, from_text

_RUNNING = ("sdk", "sdk_version", "app_file", "app_port", "app_build_command", "python_version")
"""Keys that say how the app is built and started; they fit one kind of checkout only."""


def under(readme: Readme, text: str, survey: Survey) -> Readme:
    """Return the checkout's README, which has no front matter, with that of the Space's README `text`; unchanged where that
    has none that can be read. Of a Space that the checkout can't be, only what does not say how it runs is taken."""
    try:
        own = from_text(survey.checkout, text)
    except (Failure, blocks.Unended):
        return readme
    if own is None or not own.data:
        return readme
    gone = _unfit(own, survey)
    kept = {key: value for key, value in own.data.items() if key not in gone}
    block = own.block if not gone else own.without(gone)
    return readme._replace(before="---\n", block=block, after="---\n\n" + readme.after.lstrip("\n"), data=kept)


def _unfit(own: Readme, survey: Survey) -> tuple[str, ...]:
    """Return the keys of the Space's front matter that do not fit the checkout."""
    named = own.data.get("sdk")
    if named is None or _can_be(str(named), own, survey):
        lost = isinstance(own.data.get("app_file"), str) and own.data["app_file"] not in survey.files.paths
        return ("app_file",) if lost and "app_build_command" not in own.data else ()
    try:
        found = choice.sdk(survey, {}).value
    except Failure:  # the files show nothing else, so the Space may be right
        return ()
    return _RUNNING if found != named else ()


def _can_be(sdk: str, own: Readme, survey: Survey) -> bool:
    """Return whether the files can be a Space of this SDK."""
    if own.data.get("app_file") in survey.files.paths or own.data.get("app_build_command"):
        return True
    match sdk:
        case "docker":
            return "Dockerfile" in survey.files.paths
        case "gradio":
            return bool(survey.gradio)
        case "static":
            return "index.html" in survey.files.paths
    return False
