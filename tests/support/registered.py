"""What a database really holds, held against the registry of stored fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.keeping import REGISTRY
from storage.mongo.store import Database


def paths(value: Any, prefix: str = "") -> Iterator[str]:
    """The path of each value in a document; lists do not count as a step."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from paths(part, f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
        for part in value:
            yield from paths(part, prefix)
    else:
        yield prefix


async def unregistered(database: Database) -> set[str]:
    """Every ``collection.field`` there is a value of and the registry does not know."""
    found = set()
    for name in await database.list_collection_names():
        async for document in database[name].find():
            found |= {f"{name}.{path}" for path in paths(document)}
    return {field for field in found if REGISTRY.find(field) is None}
