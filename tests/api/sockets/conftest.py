"""One running echo hub for all tests that need no bounds of their own."""

from collections.abc import AsyncIterator

import pytest

from tests.support.echo_hub import Served, serving, until


@pytest.fixture(scope="session")
async def echo_hub() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest.fixture
async def hub(echo_hub: Served) -> AsyncIterator[Served]:
    """The shared hub, empty, with its log and counts at nothing."""
    await until(lambda: not echo_hub.hub.eio.sockets)
    echo_hub.door.log.clear()
    echo_hub.door.gate.clear()
    echo_hub.hub.counts.clear()
    yield echo_hub
    echo_hub.door.gate.set()
