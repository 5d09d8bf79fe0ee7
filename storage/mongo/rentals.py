"""Reading rentals; they are written in transactions only (``work.py``)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from hub.ids import ItemId, RentalId, UserId
from hub.rental import CLOSED, OCCUPYING, UNRESOLVED, AppealState, Rental, State
from storage.mongo.rental_document import read_rental
from storage.mongo.store import Document, Store


class MongoRentals(Store):
    """``hub.ports.Rentals``."""

    async def get(self, rental: RentalId, reader: UserId | None) -> Rental | None:
        party = {"$or": [{"owner": reader}, {"renter": reader}]} if reader else {}
        document = await self._database.rentals.find_one({"_id": rental, **party})
        return read_rental(document) if document else None

    async def of(self, user: UserId, limit: int) -> Sequence[Rental]:
        """The latest touched first."""
        return await self._found({"$or": [{"owner": user}, {"renter": user}]}, limit)

    async def of_in(self, user: UserId, states: Collection[State]) -> Sequence[Rental]:
        party: Document = {"$or": [{"owner": user}, {"renter": user}]}
        return await self._found({**party, "state": {"$in": [state.value for state in states]}}, limit=0)

    async def of_item_in(self, item: ItemId, states: Collection[State]) -> Sequence[Rental]:
        return await self._found({"item": item, "state": {"$in": [state.value for state in states]}}, limit=0)

    async def disputed(self, limit: int) -> Sequence[Rental]:
        """The longest untouched first."""
        states = [state.value for state in UNRESOLVED]
        unresolved = {"$or": [{"cases.state": {"$in": states}}, {"cases.appeal.state": AppealState.OPEN.value}]}
        found = self._database.rentals.find(unresolved).sort({"updated_at": 1, "_id": 1}).limit(limit)
        return [read_rental(document) async for document in found]

    async def dated(self, user: UserId, since: datetime, limit: int) -> Sequence[Rental]:
        party = {"$or": [{"owner": user}, {"renter": user}]}
        kept = {"$or": [{"state": {"$in": [state.value for state in OCCUPYING]}}, {"updated_at": {"$gte": since}}]}
        query = {"$and": [party, kept], "agreed_at": {"$ne": None}}
        return sorted(await self._found(query, limit), key=lambda rental: (rental.live.terms.start, rental.id))

    async def of_item(self, item: ItemId) -> Sequence[Rental]:
        return await self._found({"item": item}, limit=0)

    async def live_negotiations(self, item: ItemId, renter: UserId) -> int:
        live = {"item": item, "renter": renter, "state": State.NEGOTIATING.value}
        return await self._database.rentals.count_documents(live)

    async def completed(self, renter: UserId) -> bool:
        brought = {"renter": renter, "state": State.COMPLETED.value}
        return await self._database.rentals.find_one(brought, {"_id": 1}) is not None

    async def open_of(self, item: ItemId, renter: UserId, but: RentalId | None) -> int:
        states = [state.value for state in OCCUPYING | {State.NEGOTIATING}]
        query = {"item": item, "renter": renter, "state": {"$in": states}, "_id": {"$ne": but}}
        return await self._database.rentals.count_documents(query)

    async def cancelled_or_open_count(self, renter: UserId) -> int:
        closed = [state.value for state in CLOSED]
        return await self._database.rentals.count_documents({"renter": renter, "state": {"$nin": closed}})

    async def _found(self, query: Document, limit: int) -> list[Rental]:
        found = self._database.rentals.find(query).sort({"updated_at": -1, "_id": 1}).limit(limit)
        return [read_rental(document) async for document in found]
