"""Routes of the Hub for which the official client has no function, asked through the client's own session."""

from collections.abc import Mapping
from typing import Any

import httpx2
from huggingface_hub import HfApi
from huggingface_hub.utils import (  # type: ignore[attr-defined]
    build_hf_headers,
    get_session,
    hf_raise_for_status,
)


class Session:
    """Sends requests as the official client does. Its errors are the client's."""

    def __init__(self, api: HfApi) -> None:
        self._api = api

    def json(self, path: str, params: Mapping[str, str] | None = None, *, timeout: float | None = None) -> Any:
        """Return the JSON at an address below the Hub's."""
        return self._send("GET", path, params=params, timeout=timeout).json()

    def content(self, path: str) -> bytes:
        """Return the bytes at an address below the Hub's."""
        return self._send("GET", path).content

    def change(self, path: str, body: Mapping[str, Any]) -> Any:
        """PUT a change, and return the JSON that answers it."""
        return self._send("PUT", path, json=body).json()

    def add(self, path: str, body: Mapping[str, Any]) -> Any:
        """POST something new, and return the JSON that answers it."""
        return self._send("POST", path, json=body).json()

    def delete(self, path: str) -> None:
        """DELETE what is at an address."""
        self._send("DELETE", path)

    def _send(
        self, method: str, path: str, *, params: Any = None, json: Any = None, timeout: float | None = None
    ) -> httpx2.Response:
        answer: httpx2.Response = get_session().request(
            method,
            f"{self._api.endpoint}{path}",
            params=params,
            json=json,
            headers=build_hf_headers(token=self._api.token, library_name="hf-space-deploy"),
            timeout=httpx2.USE_CLIENT_DEFAULT if timeout is None else timeout,
        )
        hf_raise_for_status(answer)
        return answer
