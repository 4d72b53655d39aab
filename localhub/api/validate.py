"""POST /api/validate-yaml: would the Hub take this README? Needs no token."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.repos import card
from localhub.request import json_object


async def validate(request: Request) -> Response:
    """200 with warnings, or 400 with errors: lists of {"message"}, which clients show as they are."""
    body = await json_object(request)
    errors, warnings = card.check(str(body.get("content", "")), str(body.get("repoType", "model")))
    said = {"errors": [{"message": text} for text in errors], "warnings": [{"message": text} for text in warnings]}
    return JSONResponse(said, 400 if errors else 200)


routes: list[BaseRoute] = [Route("/api/validate-yaml", validate, methods=["POST"])]
