"""Everything in the database as one stream of BSON, at one moment; and back."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from storage.mongo.schema import SHAPES
from storage.mongo.store import Database

KEYS: Final = frozenset({"data_keys"})
"""Kept apart from what they open: who has only one of the two has nothing."""
FLEETING: Final = frozenset({"exports", "sessions", "challenges", "grants", "links", "slips", "mails", "changes"})
"""Not in a backup: an ended sign-in must not come back, no mail goes out twice, a copy is made again."""
DATA: Final = frozenset(SHAPES) - KEYS - FLEETING
_RAW: Final[CodecOptions[RawBSONDocument]] = CodecOptions(document_class=RawBSONDocument)
_BATCH = 500
_BATCH_BYTES = 12_000_000


class DumpError(ValueError):
    """Not a whole dump."""


async def dump(
    database: Database, names: Collection[str], about: Mapping[str, Any], session: AsyncClientSession
) -> AsyncIterator[bytes]:
    """``about`` first, then every document, then how many there were. ``session`` reads one moment."""
    yield bson.encode({"about": dict(about)})
    counts: Counter[str] = Counter()
    for name in sorted(names):
        async for document in database[name].with_options(codec_options=_RAW).find({}, session=session):
            counts[name] += 1
            yield bson.encode({"in": name, "doc": document})
    yield bson.encode({"end": dict(counts)})


class Dump:
    """A dump being read: ``about`` stands first, then come the documents. ``DumpError``."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._records = _records(parts)
        first = next(self._records, None)
        if first is None or "about" not in first:
            raise DumpError("not a dump")
        self.about: Mapping[str, Any] = bson.decode(first.raw)["about"]

    def documents(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each with its collection; complains at the end if one is missing."""
        counts: Counter[str] = Counter()
        for record in self._records:
            if "end" in record:
                if dict(record["end"]) != dict(counts):
                    raise DumpError("documents are missing")
                return
            counts[record["in"]] += 1
            yield record["in"], record["doc"]
        raise DumpError("cut short")


async def load(database: Database, documents: Iterable[tuple[str, Any]]) -> int:
    """Insert into a database that has its schema; answers how many."""
    count, batch, name, size = 0, list[Any](), "", 0
    for collection, document in documents:
        if batch and (collection != name or len(batch) == _BATCH or size > _BATCH_BYTES):
            await database[name].insert_many(batch)
            batch, size = [], 0
        name = collection
        batch.append(document)
        size += len(document.raw) if isinstance(document, RawBSONDocument) else 0
        count += 1
    if batch:
        await database[name].insert_many(batch)
    return count


def _records(parts: Iterable[bytes]) -> Iterator[RawBSONDocument]:
    held = bytearray()
    for part in parts:
        held += part
        while len(held) >= 4 and len(held) >= (length := int.from_bytes(held[:4], "little")):  # noqa: PLR2004 - BSON
            yield RawBSONDocument(bytes(held[:length]))
            del held[:length]
    if held:
        raise DumpError("cut short")
