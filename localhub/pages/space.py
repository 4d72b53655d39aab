"""GET /spaces/{owner}/{name}: a Space with its stage, files, commits and logs, for people; and its settings, to look at."""

from itertools import islice

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from localhub.accounts import publishers
from localhub.addresses import web_url
from localhub.spaces.space import CHANGING, Space

from .view import mood, page, plain, space_of

_COMMITS = 10
_LINES = 500


async def space_page(request: Request) -> Response:
    """Show a Space; the page asks again while it changes."""
    space = space_of(request)
    head = space.git.head()
    commits, files = await run_sync(
        lambda: (list(islice(space.git.log("main"), _COMMITS)), list(islice(space.git.list("main"), 100)))
    )
    logs = [(name, _tail(space, name)) for name in ("build", "run")]
    return page(
        request,
        "space.html",
        space=space,
        mood=mood(space.now.stage),
        changing=space.now.stage in CHANGING,
        head=head,
        card=space.front_matter(head) or {},
        commits=commits,
        files=files,
        logs=[(name, lines) for name, lines in logs if lines],
        git=web_url(request, "space", space.id),
    )


def _tail(space: Space, name: str) -> list[str]:
    log = space.build_log if name == "build" else space.run_log
    return [plain(line.text) for line in log.lines[-_LINES:]]


async def settings(request: Request) -> Response:
    """Show what is set; nothing is changed here."""
    space = space_of(request)
    trusted = await run_sync(publishers.load, space)
    return page(request, "settings.html", space=space, settings=space.settings, publishers=trusted)


async def logs(request: Request) -> Response:
    """GET /spaces/{owner}/{name}/logs: the same page, where its logs are."""
    return await space_page(request)


routes: list[BaseRoute] = [
    Route("/spaces/{owner}/{name}", space_page),
    Route("/spaces/{owner}/{name}/logs", logs),
    Route("/spaces/{owner}/{name}/settings", settings),
]
