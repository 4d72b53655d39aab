"""What keeps a commit from being built at all: the stages and words are the Hub's."""

from collections.abc import Mapping
from typing import Any

from localhub.spaces.space import Space, Step


def fault(space: Space, commit: str) -> Step | None:
    """The stage in which a Space ends for this commit without a build; None if it can be built."""
    data = space.front_matter(commit)
    if data is None:
        return Step("CONFIG_ERROR", error="Missing configuration in README")
    if space.settings.secrets.keys() & space.settings.variables.keys():
        return Step("CONFIG_ERROR", error="Collision on variables and secrets names")
    if space.static and data.get("app_build_command"):
        return None  # the build makes the page
    try:
        space.git.entry(commit, app_file(space.settings.sdk, data))
    except KeyError:
        return Step("NO_APP_FILE")
    return None


def app_file(sdk: str, front_matter: Mapping[str, Any]) -> str:
    """The file without which there is no app."""
    if sdk == "docker":
        return "Dockerfile"
    return str(front_matter.get("app_file") or ("index.html" if sdk == "static" else "app.py"))
