"""A Space's logs."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from .space import SPACE, open_space


async def logs(request: Request) -> Response:
    """GET .../logs/build and .../logs/run: the log from its start, then what follows."""
    space = open_space(request, "logs")
    log = space.build_log if request.path_params["log"] == "build" else space.run_log
    return StreamingResponse(log.stream(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


routes: list[BaseRoute] = [Route(f"{SPACE}/logs/{{log}}", logs)]
