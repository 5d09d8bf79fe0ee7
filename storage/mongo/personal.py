"""Fields about a person, sealed with a key of that person: who deletes the key has erased the person."""

from collections.abc import Collection

from pymongo.asynchronous.client_session import AsyncClientSession

from crypto.fields import Keyring, Place, blind_index, new_key
from hub.ids import UserId
from storage.mongo.cache import Cache
from storage.mongo.store import Database

_KID = "1"


class PersonalFields:
    """Seals and opens. ``keyring`` seals the persons' own keys, ``index_key`` makes exact values findable."""

    def __init__(self, database: Database, keyring: Keyring, index_key: bytes) -> None:
        self._keys = database.data_keys
        self._keyring = keyring
        self._index_key = index_key
        self._rings: Cache[UserId, Keyring] = Cache(10_000)

    async def create(self, person: UserId, session: AsyncClientSession) -> None:
        """Make the key of a new person."""
        key = new_key()
        sealed = self._keyring.seal(key, Place("data_keys", "key", person))
        await self._keys.insert_one({"_id": person, "key": sealed}, session=session)
        self._rings[person] = Keyring({_KID: key}, _KID)

    async def seal(self, person: UserId, text: str, place: Place) -> str:
        return (await self._ring(person)).seal(text.encode(), place)

    async def open(self, person: UserId, sealed: str, place: Place) -> str:
        """The text; ``FieldError`` when it is not of this place, ``LookupError`` when the person was erased."""
        return (await self._ring(person)).open(sealed, place).decode()

    async def prepare(self, persons: Collection[UserId]) -> None:
        """Fetch the keys of several at once, before each is asked for."""
        new = [person for person in persons if person not in self._rings]
        found = await self._keys.find({"_id": {"$in": new}}).to_list() if new else []
        for document in found:
            self._open_ring(UserId(document["_id"]), document["key"])

    def index(self, field: str, value: str) -> bytes:
        """By this an exact, normalised value is found."""
        return blind_index(self._index_key, field, value)

    async def _ring(self, person: UserId) -> Keyring:
        known = self._rings.get(person)
        if known is not None:
            return known
        found = await self._keys.find_one({"_id": person})
        if found is None:
            raise LookupError("this person was erased")
        return self._open_ring(person, found["key"])

    def _open_ring(self, person: UserId, sealed: str) -> Keyring:
        key = self._keyring.open(sealed, Place("data_keys", "key", person))
        ring = self._rings[person] = Keyring({_KID: key}, _KID)
        return ring
