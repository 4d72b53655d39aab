"""What the Xet routes work on."""

from pathlib import Path
from typing import cast

from starlette.requests import Request

from localhub.repos.large_files import Objects

from .store import Store
from .tokens import Tokens

PREFIX = "/_xet"
"""Where the CAS is on the Hub's own address. (Only telemetry goes to the root, whatever the address says.)"""


class Xet:
    """The CAS of one Hub: what it keeps, in `folder`, and the tokens that open it. Rebuilt files go to `objects`."""

    def __init__(self, folder: Path, objects: Objects) -> None:
        self.store = Store(folder, objects)
        self.tokens = Tokens(folder / "key")


def the_xet(request: Request) -> Xet:
    """The CAS that serves this request."""
    return cast(Xet, request.app.state.xet)


def cas_url(request: Request) -> str:
    """The CAS's address, on the host name by which the caller reached the Hub."""
    return f"{request.url.scheme}://{request.url.netloc}{PREFIX}"
