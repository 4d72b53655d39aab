"""Servers on loopback that stand for a proxy, for a Hub with a certificate of its own, or for a slow line."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_PIECE = 16 * 1024


@contextmanager
def serving(status: int, certificate: tuple[Path, Path] | None = None) -> Iterator[tuple[int, list[str]]]:
    """The port of a server that answers everything so, and the first lines of the requests that it got."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.requestline)
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_CONNECT = do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of localhost that signs itself, and its key."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = [
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(folder / "key.pem"),
        "-out",
        str(folder / "ca.pem"),
    ]
    subprocess.run([*command, *names], check=True, capture_output=True)
    return folder / "ca.pem", folder / "key.pem"


@contextmanager
def slow_line(port: int, rate: int) -> Iterator[str]:
    """The address of a server on this machine as it is behind a line that lets through so many bytes a second on the way there."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _PIECE)  # what is on the line has not arrived

        def accept() -> None:
            while not over.is_set():
                try:
                    near = server.accept()[0]
                except OSError:
                    return
                far = socket.create_connection(("127.0.0.1", port))
                threading.Thread(target=carry, args=(near, far, _PIECE / rate), daemon=True).start()
                threading.Thread(target=carry, args=(far, near, 0.0), daemon=True).start()

        def carry(here: socket.socket, there: socket.socket, pause: float) -> None:
            with suppress(OSError), here:
                while piece := here.recv(_PIECE):
                    there.sendall(piece)
                    over.wait(pause * len(piece) / _PIECE)
                there.shutdown(socket.SHUT_RDWR)

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        over.set()
        server.shutdown(socket.SHUT_RDWR)
