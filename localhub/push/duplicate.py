"""Large files that another repository gets without anybody sending them: what the official client asks before it copies.

Source: huggingface_hub 2.4, `HfApi._duplicate_lfs_files`. The store is one for all repositories here, so nothing has to move.
"""

from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import open_other, open_repo
from localhub.refusal import Refusal
from localhub.request import json_object
from localhub.xet import xet_hash

from .lfs import SHA256


async def duplicate(request: Request) -> Response:
    """POST /api/{kind}s/{id}/lfs-files/duplicate {target: {type, name}, files: [{xetHash, sha256, filename}]}."""
    open_repo(request)
    body = await json_object(request)
    try:
        kind, name = str(body["target"]["type"]), str(body["target"]["name"])
        files = [(str(each["xetHash"]), str(each["sha256"])) for each in body["files"]]
    except (KeyError, TypeError) as error:
        raise Refusal(400, f'"{error}" is required') from error
    open_other(request, kind, name, "write")

    def missing() -> list[dict[str, Any]]:
        unknown = [(xet, oid) for xet, oid in files if not SHA256.fullmatch(oid) or xet_hash(request, oid) != xet]
        return [{"sha256": oid, "error": "The file is not stored with this Xet hash"} for _, oid in unknown]

    failed = await run_sync(missing)
    number = len(files)
    answer = {"success": not failed, "processed": number, "succeeded": number - len(failed), "failed": failed}
    return JSONResponse(answer)


routes: list[BaseRoute] = [Route("/api/{kind:kind}/{owner}/{name}/lfs-files/duplicate", duplicate, methods=["POST"])]
