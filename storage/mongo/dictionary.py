"""The words by which things are known, each once, so that a misspelt one is compared with words and not with things."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from pymongo.errors import BulkWriteError

from hub.search import plain
from hub.text import Lexicon
from storage.mongo.store import DUPLICATE_KEY, Database

SKEW: Final = timedelta(minutes=1)
"""Other workers' clocks, and their writes on the way, may be this late."""


async def learn(database: Database, known: Iterable[str]) -> None:
    """Enter what is not there yet. Before the thing itself is stored: who finds a word finds what it stands for.

    Words are never taken out: that something was called so once costs a row.
    """
    told = plain(known)
    have = {found["_id"] async for found in database.words.find({"_id": {"$in": sorted(told)}}, {"_id": 1})}
    new = [{"_id": word, "at": datetime.now(UTC)} for word in sorted(told - have)]
    try:
        if new:
            await database.words.insert_many(new, ordered=False)
    except BulkWriteError as error:
        if any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
            raise


class Dictionary:
    """The lexicon of this worker. That it lacks words shows in their number, which MongoDB knows without counting."""

    def __init__(self, database: Database) -> None:
        self._words = database.words
        self._lexicon = Lexicon()
        self._read_at = datetime(1970, 1, 1, tzinfo=UTC) + SKEW

    async def lexicon(self) -> Lexicon:
        if await self._words.estimated_document_count() != len(self._lexicon):
            now = datetime.now(UTC)
            new = await self._words.find({"at": {"$gte": self._read_at - SKEW}}, {"_id": 1}).to_list()
            self._lexicon.add(word["_id"] for word in new)
            self._read_at = now
        return self._lexicon
