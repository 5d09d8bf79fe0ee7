"""Reviews: rounds of two, and what of them is public. Written in transactions only (``Transaction.save_round``)."""

from collections.abc import Sequence
from typing import Protocol

from hub.ids import ItemId, RentalId, ReviewId, UserId
from hub.review import Review, Round, Score


class Reviews(Protocol):
    async def round(self, rental: RentalId) -> Round | None:
        """With its reviews, sealed or not: who reads it decides what to show."""

    async def about(self, user: UserId, after: ReviewId | None, limit: int) -> Sequence[Review]:
        """Public reviews of a person, the latest first; skipped ones are none."""

    async def about_item(self, item: ItemId, after: ReviewId | None, limit: int) -> Sequence[Review]:
        """Public reviews by those who rented a thing, the latest first."""

    async def score(self, user: UserId) -> Score: ...
    async def item_score(self, item: ItemId) -> Score: ...
