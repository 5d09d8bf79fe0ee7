"""A stock socket.io client must never notice that the server is not the stock one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import socketio

from tests.support.echo_hub import QUICK, serving, until


@asynccontextmanager
async def stock_client(port: int, auth: dict[str, Any], **options: Any) -> AsyncIterator[tuple[Any, list[Any]]]:
    client = socketio.AsyncClient(reconnection=False, **options)
    heard: list[Any] = []

    @client.on("*", namespace="/hub")
    async def on_any(event: str, *args: Any) -> None:
        heard.append((event, *args))

    await client.connect(f"http://127.0.0.1:{port}", namespaces=["/hub"], transports=["websocket"], auth=auth)
    try:
        yield client, heard
    finally:
        await client.disconnect()
        await client.wait()


async def test_a_stock_client_connects_calls_hears_and_leaves() -> None:
    async with serving() as hub:
        async with stock_client(hub.port, {"user": "anna"}) as (client, heard):
            await until(lambda: heard)
            assert heard == [("hello", {"v": 1, "user": "anna"})]
            answer = await client.call("echo", {"ä": ["ö", 1, None]}, namespace="/hub", timeout=3)
            assert answer == {"ok": True, "echo": {"ä": ["ö", 1, None]}}
            hub.door.registry.tell("room:lane", "news", {"n": 1})
            await until(lambda: len(heard) == 2)
            assert heard[1] == ("news", {"n": 1})
        await until(lambda: ("disconnect", "anna") in hub.door.log)
        assert not hub.hub.eio.sockets


async def test_a_stock_client_outlives_many_heartbeats() -> None:
    limits = QUICK
    async with serving(limits) as hub, stock_client(hub.port, {}) as (client, _):
        await asyncio.sleep(limits.ping_interval_s * 2 + limits.ping_timeout_s)
        assert (await client.call("echo", {}, namespace="/hub", timeout=3))["ok"]


async def test_a_stock_client_learns_why_it_was_refused() -> None:
    async with serving() as hub:
        client = socketio.AsyncClient(reconnection=False)
        reasons: list[Any] = []
        client.on("connect_error", reasons.append, namespace="/hub")
        with pytest.raises(socketio.exceptions.ConnectionError):
            await client.connect(
                f"http://127.0.0.1:{hub.port}", namespaces=["/hub"], transports=["websocket"], auth={"refuse": True}
            )
        await client.wait()
    assert reasons == [{"message": "token_invalid", "data": {"why": "test"}}]


async def test_the_servers_own_python_socketio_interface_still_works() -> None:
    async with serving() as hub, stock_client(hub.port, {}) as (_, heard), stock_client(hub.port, {}) as (_, other):
        await until(lambda: heard and other)
        [first, second] = [sid for sid, _ in hub.hub.manager.get_participants("/hub", None)]
        await hub.hub.enter_room(first, "room:x", namespace="/hub")
        assert "room:x" in hub.hub.rooms(first, namespace="/hub")
        await hub.hub.emit("a", {"n": 1}, to="room:x", namespace="/hub")
        await hub.hub.emit("b", {"n": 2}, skip_sid=first, namespace="/hub")
        await hub.hub.emit("c", {"n": 3}, to=second, namespace="/hub")
        await until(lambda: len(heard) + len(other) == 5)
        assert [name for name, _ in heard + other] == ["hello", "a", "hello", "b", "c"]
        await hub.hub.leave_room(first, "room:x", namespace="/hub")
        await hub.hub.disconnect(first, namespace="/hub")
        assert hub.hub.manager.is_connected(second, "/hub")
        assert not hub.hub.manager.is_connected(first, "/hub")
    with pytest.raises(TypeError):
        hub.hub.on("anything")
