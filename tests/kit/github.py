"""GitHub's API as far as the action asks it: one repository, shown to the tokens that may see it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class GitHub:
    """The stand-in's address, the requests that it got, and what it answers to whom.

    `tokens` maps each token to what GitHub tells of it: `permissions` on the repository, `scopes` of a classic token. The
    others are turned away. Shapes: GitHub's OpenAPI description of `GET /repos/{owner}/{repo}`.
    """

    url: str
    tokens: Mapping[str, Mapping[str, Any]]
    requests: list[str] = field(default_factory=list)


@contextmanager
def github(repository: str, tokens: Mapping[str, Mapping[str, Any]]) -> Iterator[GitHub]:
    """Serve `repository` (owner/name) on this machine."""
    owner, _, name = repository.partition("/")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.requests.append(f"GET {self.path}")
            told = tokens.get(self.headers.get("authorization", "").partition(" ")[2])
            if told is None:
                self.answer(401, {"message": "Bad credentials", "status": "401"})
            elif self.path != f"/repos/{repository}":
                self.answer(404, {"message": "Not Found", "status": "404"})
            else:
                shown = {"id": 1, "name": name, "full_name": repository, "owner": {"login": owner}, "private": False}
                granted = {"permissions": told["permissions"]} if "permissions" in told else {}
                scopes = {"X-OAuth-Scopes": ", ".join(told["scopes"])} if "scopes" in told else {}
                self.answer(200, shown | granted, scopes)

        def answer(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            for key, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """What was asked stands in `requests`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there = GitHub(f"http://127.0.0.1:{server.server_port}", tokens)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield there
        finally:
            server.shutdown()
            thread.join()
