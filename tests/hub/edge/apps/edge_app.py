"""The app of test_edge_apps.py; it runs in an environment of its own, with uvicorn, Starlette and websockets."""

import asyncio
import gzip
import os
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

go = asyncio.Event()
received: list[bytes] = []
listeners = 0
closed: list[int] = []


async def echo(request: Request) -> Response:
    body = (await request.body()).decode()
    path, query = request.scope["raw_path"].decode(), request.scope["query_string"].decode()
    headers = dict(request.headers)
    return JSONResponse({"method": request.method, "path": path, "query": query, "headers": headers, "body": body})


async def answer(_: Request) -> Response:
    response = PlainTextResponse("short and stout", 418, {"keep-alive": "timeout=5", "x-proxied-replica": "forged"})
    response.raw_headers += [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    return response


async def zipped(_: Request) -> Response:
    return Response(gzip.compress(b"zipped " * 100), headers={"content-encoding": "gzip"})


async def slow(_: Request) -> Response:
    async def pieces() -> AsyncIterator[str]:
        yield "one"
        await go.wait()
        yield "two"

    go.clear()
    return StreamingResponse(pieces())


async def let_go(_: Request) -> Response:
    go.set()
    return Response()


async def receive(request: Request) -> Response:
    received.clear()
    async for chunk in request.stream():
        received.append(chunk)  # noqa: PERF401 - /received shows them as they come
    return Response(b"".join(received))


async def show_received(_: Request) -> Response:
    return Response(b"".join(received))


async def endless(_: Request) -> Response:
    async def ticks() -> AsyncIterator[str]:
        global listeners
        listeners += 1
        try:
            while True:
                yield "tick"
                await asyncio.sleep(0.1)
        finally:
            listeners -= 1

    return StreamingResponse(ticks())


async def count_listeners(_: Request) -> Response:
    return PlainTextResponse(str(listeners))


async def half(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"12345"
        raise RuntimeError("on purpose")

    known = request.url.path != "/half"
    return StreamingResponse(pieces(), headers={"content-length": "10"} if known else None)


async def talk(socket: WebSocket) -> None:
    await socket.accept("chat" if "chat" in socket.scope["subprotocols"] else None)
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                closed.append(message["code"])
                return
            if message.get("text") == "close":
                await socket.close(4001, "enough")
                return
            if message.get("text") == "headers":
                await socket.send_text(f"{socket.url} {dict(socket.headers)}")
            elif message.get("text") is not None:
                await socket.send_text(message["text"])
            else:
                await socket.send_bytes(message["bytes"])
    except WebSocketDisconnect as end:
        closed.append(end.code)


async def refuse(socket: WebSocket) -> None:
    await socket.close()


async def show_closed(_: Request) -> Response:
    return PlainTextResponse(str(closed[-1]) if closed else "")


app = Starlette(
    routes=[
        Route("/echo/{rest:path}", echo, methods=["GET", "PUT"]),
        Route("/answer", answer),
        Route("/empty", lambda _: Response(status_code=204)),
        Route("/same", lambda _: Response(status_code=304, headers={"etag": '"x"'})),
        Route("/gzip", zipped),
        Route("/slow", slow),
        Route("/go", let_go, methods=["POST"]),
        Route("/receive", receive, methods=["POST"]),
        Route("/received", show_received),
        Route("/endless", endless),
        Route("/listeners", count_listeners),
        Route("/half", half),
        Route("/half-of-known-length", half),
        Route("/closed", show_closed),
        WebSocketRoute("/ws", talk),
        WebSocketRoute("/refused", refuse),
    ]
)
uvicorn.run(app, host="127.0.0.1", port=int(os.environ["GRADIO_SERVER_PORT"]), ws="websockets-sansio")
