"""The pages that reach the hub are tried on a whole one."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from storage.servers import Servers
from tests.api.doors.hubs import Worker, worker
from tests.support.servers import Document


@pytest.fixture(scope="module")
async def hub(
    servers: Servers, mongo: AsyncMongoClient[Document], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Worker]:
    folder: Path = tmp_path_factory.mktemp("pages")
    database = mongo[f"pages{uuid4().hex}"]
    async with worker(servers, database, folder) as running:
        yield running
    await mongo.drop_database(database.name)
