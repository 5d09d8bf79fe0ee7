"""Fixtures for the browser's half: JavaScript asked through Playwright's bundled Node, and a house in Chromium."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from pymongo import AsyncMongoClient

from storage.servers import Servers
from tests.api.doors.hubs import Worker, hub_at
from tests.static.engine import House
from tests.static.node import Js, node
from tests.support.servers import Document

expect.set_options(timeout=20_000)
"""What is waited for comes within milliseconds; on a machine that does three things at once it may take longer."""


@pytest.fixture(scope="session")
def js() -> Iterator[Js]:
    with node("tests/static/harness.mjs") as asked:
        yield asked


@pytest.fixture(scope="module")
async def here(
    servers: Servers, mongo: AsyncMongoClient[Document], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Worker]:
    async with hub_at(servers, mongo, tmp_path_factory.mktemp("here")) as running:
        yield running


@pytest.fixture
def movable(here: Worker) -> None:
    """The hub's business clock goes where a test wants it."""
    object.__setattr__(here.hub.ports, "clock", here.world.clock)


@pytest.fixture
async def house(here: Worker, browser: Browser, tmp_path: Path) -> AsyncIterator[House]:
    house = House(here, browser, tmp_path, here.hub.ports.policy.origin)
    yield house
    await house.close()
