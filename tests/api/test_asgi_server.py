"""The listening process: deadlines for slow HTTP clients, trusted proxies, and leaving politely."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import socketio

from api.asgi_server import DeadlineHttpProtocol, HubServer, server_config
from api.sockets.server import create_socket_server
from tests.support.echo_hub import QUICK, EchoDoor, plain_app, serving, until
from tests.support.raw_socket import RawSocket

GET = b"GET /x?secret=canary HTTP/1.1\r\nhost: h\r\n"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DeadlineHttpProtocol, "HEAD_S", 0.3)
    monkeypatch.setattr(DeadlineHttpProtocol, "BODY_S", 0.3)
    monkeypatch.setattr(DeadlineHttpProtocol, "BODY_LEAST", 100)


async def closed_after(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, drip: bytes, count: int) -> int:
    """Send ``drip`` every 50 ms until the server has had enough; return how many were sent."""
    for n in range(count):
        try:
            writer.write(drip)
            await writer.drain()
            await asyncio.wait_for(reader.read(1), 0.05)
        except TimeoutError:
            continue
        except ConnectionError:
            pass
        return n
    return count


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("first", [b"", b"\r\n", b"G", GET], ids=["nothing", "an empty line", "a letter", "a header"])
async def test_a_request_head_that_never_ends_is_cut_off(first: bytes) -> None:
    async with serving() as hub:
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        writer.write(first)
        drip = b"x: y\r\n" if first == GET else b""
        assert 2 <= await closed_after(reader, writer, drip, 40) <= 12
        writer.close()


@pytest.mark.usefixtures("hurried")
async def test_a_second_request_on_a_kept_connection_has_its_own_deadline() -> None:
    async with serving() as hub:
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        for _ in range(3):
            writer.write(GET + b"\r\n")
            assert (await reader.readuntil(b"127.0.0.1 0")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.4)
        writer.write(b"GET /slow HTTP/1.1\r\n")
        assert await closed_after(reader, writer, b"x: y\r\n", 40) <= 12
        writer.close()


@pytest.mark.usefixtures("hurried")
async def test_a_body_that_stalls_is_cut_off_and_one_that_moves_arrives() -> None:
    async with serving() as hub:
        head = b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 1000\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        writer.write(head)
        assert 2 <= await closed_after(reader, writer, b"x", 40) <= 12
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        writer.write(head)
        for _ in range(20):
            writer.write(b"x" * 50)
            await asyncio.sleep(0.05)
        assert (await reader.readuntil(b"127.0.0.1 1000")).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_a_request_head_of_any_size_is_not_taken() -> None:
    async with serving() as hub:
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        writer.write(GET)
        assert await closed_after(reader, writer, b"x: " + b"y" * 20_000 + b"\r\n", 40) <= 10
        writer.close()


async def test_an_idle_socket_outlives_the_deadlines_of_http(hurried: None) -> None:
    async with serving() as hub, RawSocket.connected(hub.port) as raw:
        await asyncio.sleep(0.7)
        assert (await raw.call("echo", {}))["ok"]


async def test_answers_name_no_server_and_logs_no_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with serving() as hub:
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        writer.write(GET + b"connection: close\r\n\r\n")
        answer = (await reader.read()).lower()
        writer.close()
        async with RawSocket.open(hub.port, "/socket.io/?EIO=4&transport=websocket&token=canary"):
            pass
    assert b"server:" not in answer
    assert "canary" not in caplog.text


@asynccontextmanager
async def on_unix_socket(path: Path) -> AsyncIterator[EchoDoor]:
    door = EchoDoor()
    hub = create_socket_server(door, QUICK, door.registry)
    config = server_config(socketio.ASGIApp(hub, other_asgi_app=plain_app), QUICK, uds=str(path))
    server = HubServer(config, hub, on_drain=door.log.clear, balancer_interval_s=0)
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    try:
        yield door
    finally:
        server.should_exit = True
        await task


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        (b"", b"unix 0"),
        (b"x-forwarded-for: 9.9.9.9\r\n", b"9.9.9.9 0"),
        (b"x-forwarded-for: 6.6.6.6, unix, 9.9.9.9\r\n", b"9.9.9.9 0"),
    ],
    ids=["nobody named", "a client named by the proxy", "a client that names others"],
)
async def test_behind_a_proxy_on_a_unix_socket_the_client_is_who_spoke_to_the_proxy(
    tmp_path: Path, forwarded: bytes, seen: bytes
) -> None:
    async with on_unix_socket(tmp_path / "hub.sock"):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "hub.sock")
        writer.write(GET + forwarded + b"connection: close\r\n\r\n")
        assert (await reader.read()).endswith(seen)
        writer.close()


SERVE = """
import socketio, sys
sys.path.insert(0, {root!r})
from api.asgi_server import HubServer, server_config
from api.sockets.server import create_socket_server
from tests.support.echo_hub import QUICK, EchoDoor, plain_app
door = EchoDoor()
hub = create_socket_server(door, QUICK, door.registry)
config = server_config(socketio.ASGIApp(hub, other_asgi_app=plain_app), QUICK, fd={fd})
HubServer(config, hub, on_drain=lambda: print("not ready", flush=True), balancer_interval_s=0.2).run()
"""


async def test_on_sigterm_a_worker_is_first_not_ready_then_says_bye_and_lets_a_slow_event_end() -> None:
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    os.set_inheritable(listener.fileno(), True)
    code = SERVE.format(root=str(Path(__file__).parents[2]), fd=listener.fileno())
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE, pass_fds=[listener.fileno()]
    )
    port = listener.getsockname()[1]
    listener.close()
    try:
        async with RawSocket.connected(port, open_timeout=10) as raw:
            assert worker.stdout
            worker.send_signal(signal.SIGTERM)
            assert await worker.stdout.readline() == b"not ready\n"
            assert (await raw.call("echo", {}))["ok"]
            assert await raw.heard("bye") == {"code": "draining"}
            assert await raw.until_closed() == 1012
        assert await asyncio.wait_for(worker.wait(), 5) == -signal.SIGTERM
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
