"""Fixtures for tests on the real servers: one embedded pair per test run, a fresh database per test."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from storage.embedded import embedded_servers
from storage.servers import Servers

Document = dict[str, Any]


@pytest.fixture(scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Servers]:
    """An embedded mongod and Valkey, uncompressed so that canaries can be found on disk."""
    async with embedded_servers(tmp_path_factory.mktemp("servers"), compression=False) as running:
        yield running


@pytest.fixture(scope="session")
def servers_dir(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of ``servers``, for tests that look at what reached the disk."""
    return tmp_path_factory.getbasetemp() / "servers0"


@pytest.fixture(scope="session")
async def mongo(servers: Servers) -> AsyncIterator[AsyncMongoClient[Document]]:
    """A client of the embedded mongod; aware datetimes, as everywhere in the hub."""
    async with AsyncMongoClient[Document](servers.mongodb_uri, tz_aware=True) as client:
        yield client


@pytest.fixture(scope="session")
def redis_url(servers: Servers) -> str:
    return servers.redis_url


@pytest.fixture
async def database(mongo: AsyncMongoClient[Document]) -> AsyncIterator[AsyncDatabase[Document]]:
    """A database nobody else uses, gone afterwards."""
    name = f"t{uuid4().hex}"
    yield mongo[name]
    await mongo.drop_database(name)
