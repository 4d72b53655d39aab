"""Short-lived tokens that open the address of one private Space and nothing else: GET /api/spaces/{owner}/{name}/jwt.

Source: the Hub's OpenAPI description; gradio's JavaScript client asks for one before it calls a private Space. The official
Python client has no function for it.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2

from hfspace_action.hub.connection.faults import Fault
from hfspace_action.hub.connection.session import Session

_LIFE = 600.0  # seconds
_ASKED_AGAIN = 60.0  # seconds before the end
_TIMEOUT = 15.0  # seconds; without a token the visit goes on


class SpaceTokens:
    """Asks for tokens, and keeps each until it nearly ends. `mask` gets each before it is used: apps log what they are asked."""

    def __init__(self, session: Session, mask: Callable[[str], object]) -> None:
        self._session, self._mask = session, mask
        self._kept: dict[str, tuple[str | None, float]] = {}

    def token(self, space: str) -> str | None:
        """Return the token for a Space; None where the Hub gives none now."""
        kept, until = self._kept.get(space, (None, 0.0))
        if time.monotonic() < until:
            return kept
        token = self._asked_for(space)
        if token:
            self._mask(token)
        self._kept[space] = token, time.monotonic() + _LIFE - _ASKED_AGAIN
        return token

    def _asked_for(self, space: str) -> str | None:
        expiration = (datetime.now(UTC) + timedelta(seconds=_LIFE)).isoformat(timespec="milliseconds")
        try:
            asked = {"expiration": expiration.replace("+00:00", "Z")}
            token = self._session.json(f"/api/spaces/{space}/jwt", asked, timeout=_TIMEOUT).get("token")
        except (httpx2.HTTPError, OSError, ValueError, AttributeError, Fault):  # it is one of two ways in
            return None
        return token if isinstance(token, str) and token else None
