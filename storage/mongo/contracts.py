"""Contracts, and what people told to be paid: their account and their business, sealed with their key."""

import json
from dataclasses import asdict

from crypto import fields
from hub.billing import Billing, Trader
from hub.contract import Contract
from hub.ids import RentalId, UserId
from hub.lateness import LateFee
from hub.pricing import Line
from hub.rental import Terms
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store


class MongoContracts(Store):
    """``hub.ports.Contracts``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def get(self, rental: RentalId) -> Contract | None:
        document = await self._database.contracts.find_one({"_id": rental})
        return await self._read(document) if document else None

    async def _read(self, document: Document) -> Contract:
        content = dict(document)
        terms, fee, sealed = (content.pop(name) for name in ("terms", "late_fee", "trader"))
        rental, owner = RentalId(content.pop("_id")), UserId(content["owner"])
        content.pop("hash")
        return Contract(
            **content | {"accessories": tuple(content["accessories"])},
            rental=rental,
            terms=Terms(**terms | {"lines": tuple(Line(**line) for line in terms["lines"])}),
            late_fee=LateFee(**fee) if fee else None,
            trader=await self._trader(owner, rental, sealed),
        )

    async def _trader(self, owner: UserId, rental: RentalId, sealed: str | None) -> Trader | None:
        """None as well once the owner was erased: the contract stays, the person is gone from it."""
        if not sealed:
            return None
        try:
            return Trader(**json.loads(await self._personal.open(owner, sealed, _trader_of(rental))))
        except LookupError:
            return None


async def contract_document(personal: PersonalFields, contract: Contract) -> Document:
    """With its hash, so that a changed document shows."""
    content = asdict(contract)
    trader = content.pop("trader")
    sealed = trader and await personal.seal(contract.owner, json.dumps(trader), _trader_of(contract.rental))
    return {"_id": content.pop("rental"), **content, "trader": sealed, "hash": contract.hash}


class MongoBillings(Store):
    """``hub.ports.Billings``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def get(self, user: UserId) -> Billing | None:
        document = await self._database.billings.find_one({"_id": user})
        if document is None:
            return None
        told = json.loads(await self._personal.open(user, document["told"], _told_by(user)))
        trader = told.pop("trader")
        return Billing(user, **told, trader=Trader(**trader) if trader else None)

    async def put(self, billing: Billing) -> None:
        content = asdict(billing)
        user = content.pop("user")
        told = await self._personal.seal(user, json.dumps(content), _told_by(user))
        await self._database.billings.replace_one({"_id": user}, {"told": told}, upsert=True)


def _trader_of(rental: RentalId) -> fields.Place:
    return fields.Place("contracts", "trader", rental)


def _told_by(user: UserId) -> fields.Place:
    return fields.Place("billings", "told", user)
