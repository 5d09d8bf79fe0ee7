"""One live hub for all tests of the doors, and a small village on it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from storage.servers import Servers
from tests.support.live_hub import LiveHub, Village, live_hub, settle


@pytest.fixture(scope="session")
async def live(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveHub]:
    async with live_hub(servers, tmp_path_factory.mktemp("live"), f"t{uuid4().hex}") as running:
        yield running


@pytest.fixture(scope="session")
async def village(live: LiveHub) -> Village:
    return await settle(live.world)
