"""Counts its visitors, and says as whom it runs."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

PORT = 8080
BUILT_WITH = Path("greeting.txt").read_text("utf-8").strip()
visits = count(1)


class Visit(BaseHTTPRequestHandler):
    """One visit."""

    def do_GET(self) -> None:
        """Answer with what is known."""
        about = {
            "greeting": os.environ.get("GREETING", BUILT_WITH),
            "built with": BUILT_WITH,
            "space": os.environ.get("SPACE_ID"),
            "user": os.getuid(),
            "visit": next(visits),
        }
        body = json.dumps(about, indent=2).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


print(f"listening on {PORT}")
ThreadingHTTPServer(("0.0.0.0", PORT), Visit).serve_forever()  # noqa: S104 - a container is reached from outside
