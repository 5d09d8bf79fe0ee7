"""Sealing anew, with the hub's active key, whatever another of its keys sealed; beside hubs at work."""

import re
from typing import Any, Final

from crypto.fields import Place
from storage.mongo.personal import HubKeys
from storage.mongo.store import Database

SEALED: Final = (
    ("data_keys", "key"),
    ("mails", "mail"),
    ("slips", "content"),
    ("reports", "content"),
    ("reports", "answer"),
)
"""Every field that the hub's own keys seal; everything else is sealed by keys of persons."""


async def rewrap(database: Database, keys: HubKeys, active: str) -> int:
    """Answers how many there were. Each is swapped by itself, so that it may be interrupted and begun again."""
    done = 0
    for name, field in SEALED:
        other = {field: {"$not": {"$regex": f"^v1\\|{re.escape(active)}\\|"}}}
        async for document in database[name].find(other, {field: 1}):
            sealed, place = document[field], place_of(name, field, document["_id"])
            anew = keys.seal(keys.open(sealed, place), place)
            current = {"_id": document["_id"], field: sealed}
            done += (await database[name].update_one(current, {"$set": {field: anew}})).modified_count
    return done


def place_of(name: str, field: str, id_: Any) -> Place:
    """Where a field that the hub's own keys seal stands."""
    return Place(name, field, id_.hex() if isinstance(id_, bytes) else id_)
