"""Apps on this machine that note what they are asked, for tests of visits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class App:
    """An app: what it answers, and the requests that it got: their headers, and `:path`, `:method` and `:body`."""

    answer: Callable[[BaseHTTPRequestHandler], None]
    port: int = 0
    requests: list[dict[str, str]] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}"


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[App]:
    app = App(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            seen = {":path": self.path, ":method": self.command, ":body": body}
            app.requests.append(seen | {name.lower(): value for name, value in self.headers.items()})
            app.answer(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        app.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield app
        finally:
            server.shutdown()
            thread.join()


def page(body: str | bytes = "fine", status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    content = body.encode() if isinstance(body, str) else body

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return answer


def routes(**answers: Callable[[BaseHTTPRequestHandler], None]) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer by the first part of the path, `root` for none; 404 for what is not there."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        name = request.path.partition("?")[0].strip("/").partition("/")[0].replace(".", "_") or "root"
        answers.get(name, page("Entry not found", 404))(request)

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b"x" * 65536)
    except ConnectionError:
        return
