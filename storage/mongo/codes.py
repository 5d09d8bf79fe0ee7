"""Codes of hand-over and return, sealed for whom they are shown to, with the tries they have used up."""

import secrets
from typing import Final

from pymongo import ReturnDocument

from crypto import b64, fields
from hub.ids import RentalId, UserId
from hub.ports import Code
from hub.rental import CodeKind
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store

TRIES: Final = 5
SECRET_BYTES: Final = 16


class MongoCodes(Store):
    """``hub.ports.Codes``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def get(self, rental: RentalId, kind: CodeKind, receiver: UserId) -> Code:
        """What two workers make at the same moment is one code: the first that is stored."""
        key = _key(rental, kind)
        document = await self._database.codes.find_one({"_id": key}) or await self._make(key, receiver)
        digits = await self._personal.open(receiver, document["code"], _sealed("code", key))
        secret = await self._personal.open(receiver, document["secret"], _sealed("secret", key))
        return Code(digits, b64.decode(secret))

    async def take_try(self, rental: RentalId, kind: CodeKind) -> int | None:
        query = {"_id": _key(rental, kind), "tries": {"$lt": TRIES}}
        used = await self._database.codes.find_one_and_update(
            query, {"$inc": {"tries": 1}}, return_document=ReturnDocument.AFTER
        )
        return TRIES - used["tries"] if used else None

    async def _make(self, key: str, receiver: UserId) -> Document:
        digits, secret = f"{secrets.randbelow(10**6):06}", b64.encode(secrets.token_bytes(SECRET_BYTES))
        made = {
            "code": await self._personal.seal(receiver, digits, _sealed("code", key)),
            "secret": await self._personal.seal(receiver, secret, _sealed("secret", key)),
            "tries": 0,
        }
        kept: Document | None = await self._database.codes.find_one_and_update(
            {"_id": key}, {"$setOnInsert": made}, upsert=True, return_document=ReturnDocument.AFTER
        )
        return kept or made


def _key(rental: RentalId, kind: CodeKind) -> str:
    return f"{rental}.{kind.value}"


def _sealed(field: str, key: str) -> fields.Place:
    return fields.Place("codes", field, key)
