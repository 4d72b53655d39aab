"""Another server, to which redirects lead: it remembers all that it gets, and says yes to everything."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_ANSWERS: dict[str, Any] = {
    "/commit/": {"success": True, "commitOid": "f" * 40, "commitUrl": "http://localhost/commit"},
    "/create": {"url": "http://localhost/spaces/alice/x", "name": "alice/x", "id": "1"},
    "/tree/": [],
    "/variables": {},
    "/secrets": {},
    "/discussions": {"discussions": [], "count": 0, "start": 0, "num": 1},
    "/runtime": {"stage": "RUNNING", "sha": "f" * 40},
}
"""Answers that the Hub might give, by a part of the address."""


class Elsewhere:
    """The server: its address, and what it got."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.got: list[str] = []


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Serve under another name than localhub's, and on another port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            server.got.append(f"{self.requestline}\n{self.headers}\n{body.decode('utf-8', 'replace')}")
            said = next((answer for part, answer in _ANSWERS.items() if part in self.path), {"ok": True})
            answer = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server = Elsewhere(f"http://localhost:{listening.server_port}")
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield server
        listening.shutdown()
