"""A token whose session ended opens nothing, from the next request on and on every worker, Redis or not."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from hub.ids import DeviceId, new_id
from storage.mongo.store import Database
from storage.servers import Servers
from tests.api.doors.asking import is_refused
from tests.api.doors.hubs import Worker, worker
from tests.support.raw_socket import RawSocket

WITHIN_S = 2.0
Pair = tuple[Worker, Worker]


@pytest.fixture(params=["with Redis", "without Redis"])
async def pair(
    request: pytest.FixtureRequest, servers: Servers, database: Database, secrets_dir: Path, tmp_path: Path
) -> AsyncIterator[Pair]:
    """Two workers on one database."""
    if request.param == "without Redis":
        servers = replace(servers, redis_url=f"unix://{tmp_path}/nobody.sock")
    async with AsyncExitStack() as stack:
        here, there = [await stack.enter_async_context(worker(servers, database, secrets_dir)) for _ in range(2)]
        yield here, there


async def ends(raw: RawSocket, since: float) -> float:
    """Wait for ``bye`` and the close; the seconds it took from ``since``."""
    assert await raw.heard("bye", within=5) == {"code": "session_revoked"}
    took = time.monotonic() - since
    assert await raw.until_closed() == 1008
    return took


async def test_a_revoked_session_is_over_on_both_workers(pair: Pair) -> None:
    here, there = pair
    person = await here.world.person()
    async with here.live(person) as one, there.live(person) as other:
        token = here.token(person)
        for hub in pair:
            assert (await hub.ask("GET", "/v1/me", token=token)).status_code == 200
        began = time.monotonic()
        response = await here.ask("DELETE", f"/v1/sessions/{person.actor.session}", token=token)
        assert response.status_code == 200
        for hub in pair:
            is_refused(await hub.ask("GET", "/v1/me", token=token), 401, "session_revoked")
        took = await asyncio.gather(ends(one, began), ends(other, began))
    assert max(took) < WITHIN_S
    for hub in pair:
        with pytest.raises(AssertionError, match="session_revoked"):
            async with hub.live(person):
                pass


async def test_a_token_of_a_device_ends_when_its_session_gets_another(pair: Pair) -> None:
    here, there = pair
    person = await here.world.person()
    token = here.token(person)
    assert (await there.ask("GET", "/v1/me", token=token)).status_code == 200
    await here.hub.ports.sessions.bind_device(person.actor.session, DeviceId(new_id()))
    for hub in pair:
        is_refused(await hub.ask("GET", "/v1/me", token=token), 401, "session_revoked")
