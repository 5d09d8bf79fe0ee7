"""Opens MongoDB the one way the hub uses it, and brings a database to the schema of this version."""

import asyncio
import hashlib
import random

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from storage.mongo.schema import SHAPES, Shape
from storage.mongo.store import Collection, Database, Document

SELECTION_MS, CONNECT_MS, SOCKET_MS = 3_000, 3_000, 10_000
NAMESPACE_EXISTS = 48
IN_PROGRESS = frozenset({85, 86, 112, 117, 211, 246})
"""Errors of two workers creating the same thing at the same moment: index conflicts, write conflict, busy catalogue."""
TRIES = 20


def open_client(uri: str) -> AsyncMongoClient[Document]:
    """Majority and journaled writes, majority reads, aware datetimes, bounded waits; nothing is sent yet."""
    return AsyncMongoClient[Document](
        uri,
        tz_aware=True,
        w="majority",
        journal=True,
        readConcernLevel="majority",
        serverSelectionTimeoutMS=SELECTION_MS,
        connectTimeoutMS=CONNECT_MS,
        socketTimeoutMS=SOCKET_MS,
        appname="dorfkiste",
    )


async def migrate(database: Database) -> None:
    """Create what is missing. Idempotent, and any number of workers may do it at once."""
    mark = schema_mark()
    if await database.meta.find_one({"_id": "schema", "mark": mark}):
        return
    for name, shape in SHAPES.items():
        await _patiently(database[name], shape)
    await database.meta.update_one({"_id": "schema"}, {"$set": {"mark": mark}}, upsert=True)


def schema_mark() -> str:
    """Names this version of the schema, so that a worker that finds it has nothing to do."""
    told = {name: (shape.validator(), [i.document for i in shape.indexes]) for name, shape in SHAPES.items()}
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()


async def _patiently(collection: Collection, shape: Shape) -> None:
    for tried in range(TRIES):
        try:
            return await _shape(collection, shape)
        except OperationFailure as error:
            if error.code not in IN_PROGRESS or tried == TRIES - 1:
                raise
            await asyncio.sleep(random.uniform(0.02, 0.2))
    return None


async def _shape(collection: Collection, shape: Shape) -> None:
    rules = {"validator": shape.validator()} if shape.types else {}
    try:
        await collection.database.command({"create": collection.name, **rules, **shape.options})
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
        if rules:
            await collection.database.command({"collMod": collection.name, **rules})
    if shape.indexes:
        await collection.create_indexes(list(shape.indexes))
