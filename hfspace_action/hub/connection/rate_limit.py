"""What the Hub's answers say beside their content: how long they took, and what is left of the rate limit."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from huggingface_hub.utils import RateLimitInfo, parse_ratelimit_headers  # type: ignore[attr-defined]

_ASKED = "hfspace_action.asked"  # where a request carries its time


class Answers:
    """Listens to an HTTP client, where it asks with a token. `seconds` is how long the Hub took for its last answer, up to
    its first byte; `limit` is the last rate limit of its API that it named. None: not known.

    Source: https://huggingface.co/docs/hub/rate-limits.
    """

    def __init__(self, endpoint: str) -> None:
        self.seconds: float | None = None
        self.limit: RateLimitInfo | None = None
        self.hooks: Mapping[str, list[Callable[..., Any]]] = {"request": [self._asked], "response": [self._answered]}
        self._prefix = f"{endpoint}/"

    def _asked(self, request: httpx2.Request) -> None:
        request.extensions[_ASKED] = time.monotonic()

    def _answered(self, response: httpx2.Response) -> None:
        # Others have limits of their own: other servers, and this machine's address where the client sends no token.
        if str(response.request.url).startswith(self._prefix) and "authorization" in response.request.headers:
            self.seconds = time.monotonic() - response.request.extensions[_ASKED]
            try:
                limit = parse_ratelimit_headers(response.headers)
            except ValueError:  # a number of thousands of digits
                limit = None
            if limit and limit.resource_type == "api":  # downloads and pages are counted apart
                self.limit = limit
