"""Protocols of condition as MongoDB keeps them; written in transactions (``work.py``)."""

from collections.abc import Sequence
from dataclasses import asdict

from hub.condition import Account, ConditionProtocol, Line, Pictured
from hub.ids import MediaId, ProtocolId, RentalId
from hub.rental import CodeKind, Role
from storage.mongo.store import Document, Store


class MongoProtocols(Store):
    """``hub.ports.Protocols``."""

    async def get(self, protocol: ProtocolId) -> ConditionProtocol | None:
        document = await self._database.protocols.find_one({"_id": protocol})
        return _read(document) if document else None

    async def of(self, rental: RentalId) -> Sequence[ConditionProtocol]:
        found = self._database.protocols.find({"rental": rental}).sort({"no": 1})
        return [_read(document) async for document in found]

    async def showing(self, media: MediaId) -> Sequence[RentalId]:
        found = await self._database.protocols.distinct("rental", {"account.photos.media": media})
        return [RentalId(rental) for rental in found]


def protocol_document(protocol: ConditionProtocol) -> Document:
    """With its hash, so that a changed document shows."""
    return {
        "_id": protocol.id,
        "rental": protocol.rental,
        "no": protocol.no,
        "by": protocol.by.value,
        "account": asdict(protocol.account) | {"kind": protocol.account.kind.value},
        "received_at": protocol.received_at,
        "after": protocol.after,
        "rev": protocol.rev,
        "sealed_at": protocol.sealed_at,
        "by_code": protocol.by_code,
        "hash": protocol.hash,
    }


def _read(document: Document) -> ConditionProtocol:
    account = document["account"]
    said = {
        "kind": CodeKind(account["kind"]),
        "lines": tuple(Line(**line) for line in account["lines"]),
        "photos": tuple(Pictured(**photo) for photo in account["photos"]),
    }
    return ConditionProtocol(
        id=ProtocolId(document["_id"]),
        rental=RentalId(document["rental"]),
        no=document["no"],
        by=Role(document["by"]),
        account=Account(**{**account, **said}),
        received_at=document["received_at"],
        after=ProtocolId(document["after"]) if document["after"] else None,
        rev=document["rev"],
        sealed_at=document["sealed_at"],
        by_code=document["by_code"],
    )
