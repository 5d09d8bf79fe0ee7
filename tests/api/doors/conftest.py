"""One hub with both doors for most tests, and a street of people on it."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from storage.servers import Servers
from tests.api.doors.hubs import Worker, worker
from tests.api.doors.street import Street, settle
from tests.support.servers import Document


@pytest.fixture(scope="session")
def secrets_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doors")


@pytest.fixture(scope="session")
async def hub(servers: Servers, mongo: AsyncMongoClient[Document], secrets_dir: Path) -> AsyncIterator[Worker]:
    """A worker on a database of its own, for the whole run."""
    database = mongo[f"doors{uuid4().hex}"]
    async with worker(servers, database, secrets_dir) as running:
        yield running
    await mongo.drop_database(database.name)


@pytest.fixture(scope="session")
async def street(hub: Worker) -> Street:
    return await settle(hub.world)
