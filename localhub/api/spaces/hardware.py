"""GET /api/spaces/hardware: what a Space can run on, and its price."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.repos.hardware import FLAVORS, Flavor


async def hardware(_: Request) -> Response:
    """GET /api/spaces/hardware."""
    return JSONResponse([_described(name, flavor) for name, flavor in FLAVORS.items()])


def _described(name: str, flavor: Flavor) -> dict[str, Any]:
    """The Hub's fields, as huggingface_hub's JobHardwareInfo reads them; the price is by the minute."""
    accelerator = {
        "type": "gpu",
        "model": flavor.model,
        "quantity": str(flavor.gpus),
        "vram": f"{flavor.gpus * flavor.vram} GB",
        "manufacturer": "Nvidia",
    }
    per_minute = round(flavor.price * 1_000_000 / 60)
    return {
        "name": name,
        "prettyName": flavor.label,
        "cpu": f"{flavor.cpus} vCPU",
        "ram": f"{flavor.ram} GB",
        "ephemeralStorage": "50 GB",
        "accelerator": accelerator if flavor.gpus else None,
        "unitCostMicroUSD": per_minute,
        "unitCostUSD": per_minute / 1_000_000,
        "unitLabel": "minute",
    }


routes: list[BaseRoute] = [Route("/api/spaces/hardware", hardware)]
