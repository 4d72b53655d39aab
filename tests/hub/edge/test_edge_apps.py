"""What passes between a visitor and a real app, over the edge."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.kit import web
from tests.kit.local import NO_ANSWER, localhub
from tests.kit.space.real import create, push, running
from tests.kit.space.wheels import wheel

pytestmark = pytest.mark.xdist_group("edge apps")  # one app, built once
APP = (Path(__file__).parent / "apps" / "edge_app.py").read_text()


@pytest.fixture(scope="module")
def api() -> Iterator[HfApi]:
    with localhub() as hub:
        yield HfApi(hub.endpoint, token="hf_alice")


@pytest.fixture(scope="module")
def app(api: HfApi) -> str:
    """The address of an app that shows what reached it."""
    create(api, "alice/app", "gradio")
    empty = [f"{name} @ {wheel(name).as_uri()}" for name in ("gradio", "spaces")]  # which it does not import
    push(api, "alice/app", {"app.py": APP, "requirements.txt": "\n".join(["starlette", "websockets", *empty])})
    return running(api, "alice/app")


@pytest.fixture
def private(api: HfApi, app: str) -> Iterator[str]:
    api.update_repo_settings("alice/app", repo_type="space", visibility="private")
    yield app
    api.update_repo_settings("alice/app", repo_type="space", visibility="public")


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def websocket_address(app: str) -> str:
    return app.replace("http://", "ws://")


def test_a_request_reaches_the_app_as_it_was_made(app: str) -> None:
    headers = {
        "cookie": "a=1; b=2",
        "authorization": "Basic abc",
        "x-forwarded-for": "6.6.6.6",
        "connection": "x-hop",
        "x-hop": "1",
    }
    seen = web.put(f"{app}/echo/a%2Fb%20c?q=1&q=%C3%A4", headers=headers, content=b"body").json()
    assert (seen["method"], seen["path"], seen["query"], seen["body"]) == (
        "PUT",
        "/echo/a%2Fb%20c",
        "q=1&q=%C3%A4",
        "body",
    )
    received = seen["headers"]
    assert (received["cookie"], received["authorization"]) == ("a=1; b=2", "Basic abc")
    assert received["host"] == app.removeprefix("http://") == received["x-forwarded-host"]
    assert (received["x-forwarded-for"], received["x-forwarded-proto"]) == ("127.0.0.1", "http")
    assert "x-hop" not in received


def test_an_answer_comes_back_as_it_was_given_and_marked(app: str) -> None:
    answer = web.get(f"{app}/answer")
    assert (answer.status_code, answer.text) == (418, "short and stout")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["x-proxied-host"].startswith("http://127.0.0.1:")
    assert answer.headers["x-proxied-host"] != app
    assert answer.headers["x-proxied-path"] == "/answer"
    assert answer.headers.get_list("x-proxied-replica") != ["forged"]
    assert len(answer.headers.get_list("x-proxied-replica")) == len(answer.headers.get_list("date")) == 1
    assert "keep-alive" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"), [("HEAD", "/answer", 418), ("GET", "/empty", 204), ("GET", "/same", 304)]
)
def test_an_answer_without_a_body(app: str, method: str, path: str, status: int) -> None:
    answer = web.request(method, app + path)
    assert (answer.status_code, answer.content) == (status, b"")
    assert "x-proxied-host" in answer.headers


def test_a_compressed_answer_is_left_as_it_is(app: str) -> None:
    answer = web.get(f"{app}/gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text == "zipped " * 100


def test_an_answer_is_streamed(app: str) -> None:
    with web.stream("GET", f"{app}/slow") as answer:
        pieces = answer.iter_text()
        assert next(pieces) == "one"
        web.post(f"{app}/go")  # the app says no more before this
        assert list(pieces) == ["two"]


def test_a_request_is_streamed(app: str) -> None:
    def body() -> Iterator[bytes]:
        yield b"one"
        assert soon(lambda: web.get(f"{app}/received").text == "one")
        yield b"two"

    assert web.post(f"{app}/receive", content=body()).text == "onetwo"


def test_the_app_learns_that_a_visitor_has_left(app: str) -> None:
    with web.stream("GET", f"{app}/endless") as answer:
        ticks = answer.iter_text()
        assert next(ticks) == "tick"
        assert web.get(f"{app}/listeners").text == "1"
    assert soon(lambda: web.get(f"{app}/listeners").text == "0")


@pytest.mark.parametrize("path", ["/half", "/half-of-known-length"])
def test_half_an_answer_is_not_taken_for_a_whole_one(app: str, path: str) -> None:
    with pytest.raises(NO_ANSWER):
        web.get(app + path)


def test_many_visitors_at_once(app: str) -> None:
    async def visit() -> list[int]:
        async with httpx2.AsyncClient(timeout=30) as client:
            answers = await asyncio.gather(*(client.get(f"{app}/answer?{n}") for n in range(200)))
        return [answer.status_code for answer in answers]

    assert asyncio.run(visit()) == [418] * 200


# -- private Spaces ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "hf_bob", "hf_nobody"])
def test_a_private_app_is_not_there_without_a_token_that_may_read(private: str, token: str | None) -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = web.get(f"{private}/answer", headers=headers)
    assert answer.status_code == 404
    assert "x-proxied-host" not in answer.headers
    with pytest.raises(InvalidStatus, match="404"):
        connect(f"{websocket_address(private)}/ws", additional_headers=headers)


@pytest.mark.parametrize(("header", "passed_on"), [("x-hf-authorization", False), ("authorization", True)])
def test_of_what_opens_a_private_app_it_sees_authorization_alone(private: str, header: str, passed_on: bool) -> None:
    headers = {header: "Bearer hf_alice_read"}
    assert (header in web.get(f"{private}/echo/", headers=headers).json()["headers"]) == passed_on
    with connect(f"{websocket_address(private)}/ws", additional_headers=headers) as socket:
        socket.send("headers")
        assert ("hf_alice_read" in str(socket.recv())) == passed_on


def test_what_is_meant_for_the_edge_reaches_no_public_app(app: str) -> None:
    assert "x-hf-authorization" not in web.get(f"{app}/echo/", headers={"x-hf-authorization": "x"}).json()["headers"]


# -- websockets -------------------------------------------------------------------------------------------------------


def test_a_websocket_carries_text_and_bytes_both_ways(app: str) -> None:
    address = f"{websocket_address(app)}/ws?room=1"
    with connect(address, subprotocols=["chat"], additional_headers={"cookie": "c=3"}, max_size=None) as socket:  # type: ignore[list-item]
        assert socket.subprotocol == "chat"
        assert socket.response
        assert "x-proxied-host" in socket.response.headers
        for message in ["hello", b"\x00\xff", "x" * 3_000_000]:
            socket.send(message)
            assert socket.recv() == message
        socket.send("headers")
        seen = str(socket.recv())
        assert "room=1" in seen
        assert "c=3" in seen
        assert app.removeprefix("http://") in seen


def test_the_app_may_close_a_websocket(app: str) -> None:
    with connect(f"{websocket_address(app)}/ws") as socket:
        socket.send("close")
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv()
    assert closed.value.rcvd
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "enough")


def test_the_app_learns_how_a_visitor_closed_a_websocket(app: str) -> None:
    with connect(f"{websocket_address(app)}/ws") as socket:
        socket.close(4002, "bye")
    assert soon(lambda: web.get(f"{app}/closed").text == "4002")


def test_the_app_may_refuse_a_websocket(app: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{websocket_address(app)}/refused")
    assert refused.value.response.status_code == 403
    assert "x-proxied-host" in refused.value.response.headers


def test_websockets_that_idle_do_not_hold_up_the_end_of_an_app(api: HfApi, app: str) -> None:
    async def pause_while_connected() -> int | None:
        async with connect_async(f"{websocket_address(app)}/ws") as socket:
            await asyncio.to_thread(api.pause_space, "alice/app")
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            return socket.close_code

    try:
        assert asyncio.run(pause_while_connected()) == 1001
        assert web.get(app).status_code == 503
        with pytest.raises(InvalidStatus, match="503"):
            connect(f"{websocket_address(app)}/ws")
    finally:
        api.restart_space("alice/app")
        running(api, "alice/app")
