"""A world without doors, for what calls the outside."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from storage.mongo.database import open_client
from storage.servers import Servers
from tests.support.world import World, build_world


@pytest.fixture
async def world(servers: Servers, redis_url: str) -> AsyncIterator[World]:
    name = f"t{uuid4().hex}"
    async with open_client(servers.mongodb_uri) as client:
        async with build_world(client[name], redis_url) as built:
            yield built
        await client.drop_database(name)
