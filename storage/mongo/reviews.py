"""Reading reviews; they are written in transactions only (``work.py``)."""

from collections.abc import Sequence

from hub.ids import ItemId, RentalId, ReviewId, UserId
from hub.rental import Role
from hub.review import Review, Round, Score, score_of
from storage.mongo.personal import PersonalFields
from storage.mongo.review_document import PUBLIC, read_review, read_round
from storage.mongo.store import Database, Document, Store

_LATEST_FIRST = {"published_at": -1, "_id": -1}
_OF_PERSON = ("overall", "communication", "punctual")
_OF_ITEM = ("overall", "item")


class MongoReviews(Store):
    """``hub.ports.Reviews``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def round(self, rental: RentalId) -> Round | None:
        """The round first: reviews that are newer than its ``rev`` cannot be saved over."""
        document = await self._database.review_rounds.find_one({"_id": rental})
        if document is None:
            return None
        found = self._database.reviews.find({"rental": rental}).sort("_id")
        return read_round(document, tuple([await read_review(self._personal, one) async for one in found]))

    async def about(self, user: UserId, after: ReviewId | None, limit: int) -> Sequence[Review]:
        return await self._page(_person(user), after, limit)

    async def about_item(self, item: ItemId, after: ReviewId | None, limit: int) -> Sequence[Review]:
        return await self._page(_thing(item), after, limit)

    async def score(self, user: UserId) -> Score:
        return await self._score(_person(user), _OF_PERSON)

    async def item_score(self, item: ItemId) -> Score:
        return await self._score(_thing(item), _OF_ITEM)

    async def _page(self, query: Document, after: ReviewId | None, limit: int) -> list[Review]:
        last = await self._database.reviews.find_one({**query, "_id": after}, {"published_at": 1}) if after else None
        if last:
            at = last["published_at"]
            older = [{"published_at": {"$lt": at}}, {"published_at": at, "_id": {"$lt": after}}]
            query = {**query, "$or": older}
        found = self._database.reviews.find(query).sort(_LATEST_FIRST).limit(limit)
        return [await read_review(self._personal, document) async for document in found]

    async def _score(self, query: Document, names: Sequence[str]) -> Score:
        means = {name: {"$avg": f"$stars.{name}"} for name in names}
        grouping = [{"$match": query}, {"$group": {"_id": None, "count": {"$sum": 1}, **means}}]
        found = await (await self._database.reviews.aggregate(grouping)).to_list()
        return score_of(found[0]["count"], {name: found[0][name] for name in names}) if found else Score()


def _person(user: UserId) -> Document:
    return {"subject": user, **PUBLIC}


def _thing(item: ItemId) -> Document:
    return {"item": item, "role": Role.RENTER.value, **PUBLIC}
