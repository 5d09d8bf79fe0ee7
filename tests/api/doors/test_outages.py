"""The doors while MongoDB or Redis is away: refusals that say so, sockets that stay, and what comes back by itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from api.protocol import ACTS
from storage.mongo import database as opening
from storage.mongo.store import Database
from storage.servers import Servers
from tests.api.doors.asking import is_refused, over_http
from tests.api.doors.hubs import Worker, worker
from tests.api.doors.pipe import piped
from tests.api.doors.street import on_the_wire, settle
from tests.storage.lossy import Wire, lossy

SOON_S = 15.0


@pytest.fixture
async def fragile(
    servers: Servers, database: Database, secrets_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Wire, Worker]]:
    """A worker whose line to MongoDB a test may cut."""
    monkeypatch.setattr(opening, "SELECTION_MS", 300)
    async with AsyncExitStack() as stack:
        wire, uri = await stack.enter_async_context(lossy(servers.mongodb_uri))
        yield wire, await stack.enter_async_context(worker(replace(servers, mongodb_uri=uri), database, secrets_dir))
        wire.cut = False


async def test_without_mongodb_the_hub_is_alive_but_not_ready_until_it_is_back(fragile: tuple[Wire, Worker]) -> None:
    wire, hub = fragile
    assert (await hub.ask("GET", "/readyz")).json()["mongodb"] == "ok"
    wire.cut = True
    ready = await hub.ask("GET", "/readyz")
    assert (ready.status_code, ready.json()["mongodb"]) == (503, "away")
    assert (await hub.ask("GET", "/livez")).status_code == 200
    wire.cut = False
    async with asyncio.timeout(SOON_S):
        while (await hub.ask("GET", "/readyz")).status_code != 200:
            pass


WITHOUT_A_STORE = {"category:list", "notary:get"}
"""Acts whose answers the hub carries with it."""


async def test_without_mongodb_every_act_over_http_is_unavailable_and_never_a_fault(
    fragile: tuple[Wire, Worker], caplog: pytest.LogCaptureFixture
) -> None:
    wire, hub = fragile
    street = await settle(hub.world)
    token = hub.token(street.renter)
    wire.cut = True
    await hub.ask("GET", "/v1/me", token=token)
    began = time.monotonic()
    headers = {"Authorization": f"Bearer {token}"}
    asked = [row for row in ACTS if row.path and row.event not in {"account:register", *WITHOUT_A_STORE}]
    answers = await asyncio.gather(*(over_http(hub, row, street.payload(row), None, headers=headers) for row in asked))
    for row, answer in zip(asked, answers, strict=True):
        problem = answer.json()
        if row.event == "session:renew":
            is_refused(answer, 401, "bad_refresh_token")
            continue
        assert (answer.status_code, problem["kind"], problem["retry"]) == (503, "unavailable", True), row.event
        assert int(answer.headers["Retry-After"]) >= 1
    assert time.monotonic() - began < SOON_S
    assert not [record for record in caplog.records if record.name == "dorfkiste.http"]


async def test_without_mongodb_a_socket_stays_and_is_told(fragile: tuple[Wire, Worker]) -> None:
    wire, hub = fragile
    street = await settle(hub.world)
    async with hub.live(street.renter) as raw:
        wire.cut = True
        for row in ACTS:
            if row.doors != "http" and row.event in {"rental:list", "room:sync", "item:get", "rental:decline"}:
                answer = await raw.call(row.event, street.payload(row))
                assert answer["error"]["kind"] == "unavailable", row.event
                assert answer["error"]["retry"]
        wire.cut = False
        async with asyncio.timeout(SOON_S):
            while not (await raw.call("rental:list", {}))["ok"]:
                pass


async def test_a_message_of_an_outage_is_acked_once_it_is_stored(fragile: tuple[Wire, Worker]) -> None:
    wire, hub = fragile
    street = await settle(hub.world)
    pen = street.pen(street.renter)
    async with hub.live(street.renter) as raw:
        first = await raw.call("message:send", on_the_wire(pen.write("vorher")))
        wire.cut = True
        await raw.emit("message:send", on_the_wire(pen.write("währenddessen")), 99)
        await asyncio.sleep(1)
        wire.cut = False
        answer = await raw.ack(99, within=8)
    assert answer["ok"]
    assert answer["seq"] == first["seq"] + 1


async def test_while_redis_is_away_everything_but_hints_goes_on_and_then_the_heads_are_told(
    servers: Servers, database: Database, secrets_dir: Path
) -> None:
    async with piped(servers.redis_url) as (pipe, url):
        severed = replace(servers, redis_url=url)
        async with (
            worker(severed, database, secrets_dir) as here,
            worker(severed, database, secrets_dir) as there,
        ):
            street = await settle(here.world)
            pen = street.pen(street.renter)
            async with here.live(street.renter) as renter, there.live(street.owner) as owner:
                await renter.call("message:send", on_the_wire(pen.write("vorher")))
                assert (await owner.heard("message:new"))["seq"] == 2
                pipe.cut()
                sent = await renter.call("message:send", on_the_wire(pen.write("währenddessen")))
                assert sent["seq"] == 3
                heard = [(await renter.heard("message:new"))["seq"] for _ in range(2)]
                assert heard == [2, 3], "the sender's own worker goes on telling"
                ready = await here.ask("GET", "/readyz")
                assert (ready.status_code, ready.json()["redis"]) == (200, "away")
                owner.told.clear()
                pipe.mend()
                assert await owner.heard("room:head", within=8) == {"room": street.room, "head": 3}
                synced = await owner.call("room:sync", {"cursors": {street.room: 2}})
                assert [item["seq"] for item in synced["rooms"][street.room]["items"]] == [3]
