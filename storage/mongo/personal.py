"""Fields about a person, sealed with a key of that person: who deletes the key has erased the person."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from pymongo.asynchronous.client_session import AsyncClientSession

from crypto.fields import Keyring, Place, blind_index, new_key
from hub.ids import UserId
from storage.mongo.cache import Cache
from storage.mongo.store import Database, Document

NOBODY: Final = "erased"
"""Stands for people whose pseudonym went with their key."""
_KID = "1"


class HubKeys(Protocol):
    """The hub's own keys, in whatever way they are kept; ``crypto.fields.Keyring`` is one."""

    def seal(self, plaintext: bytes, place: Place) -> str: ...
    def open(self, sealed: str, place: Place) -> bytes: ...
    def is_current(self, sealed: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Person:
    """``pseudonym`` names the person in the audit log and in the list of the erased, and nowhere else."""

    ring: Keyring
    pseudonym: str


class PersonalFields:
    """Seals and opens. ``keyring`` seals the persons' own keys, ``index_key`` makes exact values findable."""

    def __init__(self, database: Database, keyring: HubKeys, index_key: bytes) -> None:
        self._keys = database.data_keys
        self._keyring = keyring
        self._index_key = index_key
        self._known: Cache[UserId, _Person] = Cache(10_000)

    async def create(self, person: UserId, session: AsyncClientSession) -> None:
        """Make the key and the pseudonym of a new person."""
        key, pseudonym = new_key(), secrets.token_hex(16)
        sealed = self._keyring.seal(key, Place("data_keys", "key", person))
        await self._keys.insert_one({"_id": person, "key": sealed, "pseudonym": pseudonym}, session=session)
        self._known[person] = _Person(Keyring({_KID: key}, _KID), pseudonym)

    async def erase(self, person: UserId, session: AsyncClientSession) -> bool:
        """Destroy the key: whatever it sealed is noise from now on. False when there was none any more."""
        return (await self._keys.delete_one({"_id": person}, session=session)).deleted_count == 1

    def drop(self, person: UserId) -> None:
        """Forget what this worker knows; others learn of an erasure by the changes."""
        self._known.drop(person)

    async def seal(self, person: UserId, text: str, place: Place) -> str:
        return (await self._one(person)).ring.seal(text.encode(), place)

    async def open(self, person: UserId, sealed: str, place: Place) -> str:
        """The text; ``FieldError`` when it is not of this place, ``LookupError`` when the person was erased."""
        return (await self._one(person)).ring.open(sealed, place).decode()

    async def prepare(self, persons: Collection[UserId]) -> None:
        """Fetch the keys of several at once, before each is asked for."""
        new = [person for person in persons if person not in self._known]
        found = await self._keys.find({"_id": {"$in": new}}).to_list() if new else []
        for document in found:
            self._read(document)

    def seal_lasting(self, text: str, place: Place) -> str:
        """With the hub's own key: for what must outlive the person, such as evidence."""
        return self._keyring.seal(text.encode(), place)

    def open_lasting(self, sealed: str, place: Place) -> str:
        return self._keyring.open(sealed, place).decode()

    def index(self, field: str, value: str) -> bytes:
        """By this an exact, normalised value is found."""
        return blind_index(self._index_key, field, value)

    async def pseudonym(self, person: UserId) -> str:
        """What the audit log calls the person; ``NOBODY`` for who was erased or never was."""
        try:
            return (await self._one(person)).pseudonym
        except LookupError:
            return NOBODY

    async def behind(self, pseudonyms: Iterable[str]) -> Mapping[str, UserId]:
        """Those whom the pseudonyms stand for, as far as they have not been erased."""
        found = self._keys.find({"pseudonym": {"$in": list(pseudonyms)}}, {"pseudonym": 1})
        return {document["pseudonym"]: UserId(document["_id"]) async for document in found}

    async def _one(self, person: UserId) -> _Person:
        known = self._known.get(person)
        if known is not None:
            return known
        found = await self._keys.find_one({"_id": person})
        if found is None:
            raise LookupError("this person was erased")
        return self._read(found)

    def _read(self, document: Document) -> _Person:
        person = UserId(document["_id"])
        key = self._keyring.open(document["key"], Place("data_keys", "key", person))
        known = self._known[person] = _Person(Keyring({_KID: key}, _KID), document["pseudonym"])
        return known
