"""The Space that a request is about."""

from starlette.requests import Request

from localhub.access import Need, open_repo
from localhub.spaces.space import Space

SPACE = "/api/spaces/{owner}/{name}"


def open_space(request: Request, need: Need) -> Space:
    """The Space that the path names, if the caller may."""
    request.path_params["kind"] = "space"
    repo = open_repo(request, need)
    assert isinstance(repo, Space)  # noqa: S101
    return repo
