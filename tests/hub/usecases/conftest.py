"""A fresh world for each test that asks for one."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from storage.mongo.database import open_client
from storage.mongo.store import Document
from storage.servers import Servers
from tests.support.world import World, build_world


@pytest.fixture(scope="session")
async def hub_client(servers: Servers) -> AsyncIterator[AsyncMongoClient[Document]]:
    """MongoDB as the hub opens it."""
    async with open_client(servers.mongodb_uri) as client:
        yield client


@pytest.fixture
async def world(hub_client: AsyncMongoClient[Document], redis_url: str) -> AsyncIterator[World]:
    name = f"t{uuid4().hex}"
    async with build_world(hub_client[name], redis_url, room_per_min=100_000, message_burst=1000) as built:
        yield built
    await hub_client.drop_database(name)
