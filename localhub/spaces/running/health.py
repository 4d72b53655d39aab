"""Whether an app that was started is up, and how long it may take."""

import asyncio
import re
import socket

import httpx2

from localhub.spaces.space import Space
from localhub.spaces.workload import App, StartFailed

PAUSE = 0.1
"""Seconds between two looks."""
PATIENCE = 5.0
"""Seconds that one look may take."""
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])?")
DEFAULT = "30m"
"""https://huggingface.co/docs/hub/spaces-config-reference: startup_duration_timeout."""


async def until_healthy(app: App, seconds: float) -> None:
    """Returns when the app answers an HTTP request, whatever it says. StartFailed in the Hub's words."""
    answers, ends = asyncio.create_task(_answers(app.port)), asyncio.create_task(app.running.wait())
    try:
        await asyncio.wait([answers, ends], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if ends.done():
            raise StartFailed(exited(app, ends.result()))
        if not answers.done():
            raise StartFailed(f"Launch timed out, workload was not healthy after {seconds / 60:g} min")
        answers.result()
    finally:
        answers.cancel()
        ends.cancel()


def exited(app: App, status: int) -> str:
    """What the Hub says about an app that ended."""
    return f"Exit code: {status}. Reason: {app.running.tail}"


def time_to_start(space: Space, commit: str) -> float:
    """Seconds: what the front matter grants, as `1h`, `30m` or `45s`; without a unit it is seconds."""
    granted = (space.front_matter(commit) or {}).get("startup_duration_timeout")
    duration = DURATION.fullmatch(str(granted)) or DURATION.fullmatch(DEFAULT)
    assert duration  # noqa: S101
    return float(duration[1]) * UNITS[duration[2] or "s"]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


async def _answers(port: int) -> None:
    # Without certificates, which plain HTTP has no use for: loading them would hold up everybody for 0.1 s.
    async with httpx2.AsyncClient(trust_env=False, verify=False, timeout=PATIENCE) as client:
        while True:
            try:
                await client.get(f"http://127.0.0.1:{port}/")
            except httpx2.TransportError:
                await asyncio.sleep(PAUSE)
            else:
                return
