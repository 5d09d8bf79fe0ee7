"""Databases for the storage tests: ``store`` is migrated and without documents, ``bare`` is new.

``db`` keeps what is in it: for tests that look only at ids of their own.
"""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from crypto.fields import Keyring
from storage.mongo.audit import MongoAudit
from storage.mongo.changes import MongoChanges
from storage.mongo.database import migrate, open_client
from storage.mongo.log import GroupCommitLog
from storage.mongo.personal import PersonalFields
from storage.mongo.rooms import MongoRooms
from storage.mongo.schema import SHAPES
from storage.mongo.store import Database
from storage.mongo.work import MongoWork
from storage.servers import Servers
from tests.storage.world import RING, Listener


@pytest.fixture(scope="session")
async def client(servers: Servers) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    async with open_client(servers.mongodb_uri) as opened:
        yield opened


@pytest.fixture(scope="session")
async def db(client: AsyncMongoClient[dict[str, Any]]) -> Database:
    database = client["storage"]
    await migrate(database)
    return database


@pytest.fixture
async def bare(client: AsyncMongoClient[dict[str, Any]]) -> AsyncIterator[Database]:
    name = f"bare{secrets.token_hex(8)}"
    yield client[name]
    await client.drop_database(name)


@pytest.fixture(scope="session")
async def emptied(client: AsyncMongoClient[dict[str, Any]]) -> Database:
    """Migrated once, because creating collections takes longer than most tests."""
    database = client["emptied"]
    await migrate(database)
    return database


@pytest.fixture
async def store(emptied: Database) -> Database:
    for name in SHAPES:
        await emptied[name].delete_many({})
    return emptied


@pytest.fixture
def keyring() -> Keyring:
    return Keyring({"k1": secrets.token_bytes(32)}, "k1")


@pytest.fixture
def index_key() -> bytes:
    return secrets.token_bytes(32)


@pytest.fixture
def personal(store: Database, keyring: Keyring, index_key: bytes) -> PersonalFields:
    return PersonalFields(store, keyring, index_key)


@pytest.fixture
def audit(store: Database, personal: PersonalFields) -> MongoAudit:
    return MongoAudit(store, personal)


@pytest.fixture
def changes(store: Database) -> MongoChanges:
    return MongoChanges(store, datetime.now(UTC) - timedelta(minutes=10))


@pytest.fixture
def heard() -> Listener:
    return Listener()


@pytest.fixture
async def log(db: Database, heard: Listener) -> AsyncIterator[GroupCommitLog]:
    opened = GroupCommitLog(db, RING.mark, heard)
    opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def rooms(db: Database, log: GroupCommitLog) -> MongoRooms:
    return MongoRooms(db, log)


@pytest.fixture
def work(db: Database, keyring: Keyring, index_key: bytes, rooms: MongoRooms, log: GroupCommitLog) -> MongoWork:
    personal = PersonalFields(db, keyring, index_key)
    audit = MongoAudit(db, personal)
    return MongoWork(db, MongoChanges(db, datetime.now(UTC)), personal, audit, rooms, log)
