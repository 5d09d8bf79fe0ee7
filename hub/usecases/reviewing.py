"""Reviews after a rental: saying, skipping, replying, reading; and the time that ends a round."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.account import Actor, User
from hub.errors import Conflict
from hub.ids import ItemId, RentalId, ReviewId, UserId
from hub.notice import review_notices
from hub.ports import DueTimer, Ports
from hub.rental import Rental
from hub.review import Review, Round, Score, Stars, Verdict, answer, close, say
from hub.usecases._items import listed
from hub.usecases._once import patiently
from hub.usecases._people import shown
from hub.usecases.dealing import of_party
from hub.usecases.telling import tell_notices

REVIEWS_CLOSE: Final = "reviews_close"
"""The timer that publishes what was said when the time is over."""


@dataclass(frozen=True, slots=True)
class PutReview:
    """Stars from 1 to 5; ``item`` is the renter's to give. ``thanks`` are for the other's eyes alone."""

    rental: RentalId
    overall: int
    communication: int
    punctual: int
    item: int | None = None
    tags: tuple[str, ...] = ()
    text: str = ""
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class SkipReview:
    rental: RentalId
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class ReplyReview:
    rental: RentalId
    text: str


@dataclass(frozen=True, slots=True)
class GetReview:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class ListReviews:
    user: UserId
    after: ReviewId | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class ListItemReviews:
    item: ItemId
    after: ReviewId | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A round as one party reads it; ``theirs`` is None until it is public."""

    mine: Review | None
    theirs: Review | None
    closes_at: datetime
    published: bool
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """``authors`` has no row for who is gone or keeps to themselves."""

    reviews: Sequence[Review]
    authors: Mapping[UserId, User]
    score: Score


async def put_review(ports: Ports, actor: Actor, command: PutReview) -> ReviewSheet:
    """Say how it was; the second of the two to speak makes both public. Until then one may say it anew."""
    stars = Stars(command.overall, command.communication, command.punctual, command.item)
    return await _say(ports, actor, command.rental, Verdict(stars, command.tags, command.text, command.thanks))


async def skip_review(ports: Ports, actor: Actor, command: SkipReview) -> ReviewSheet:
    """Say nothing in public, perhaps thanks in private; counts as having spoken."""
    return await _say(ports, actor, command.rental, Verdict(thanks=command.thanks))


async def reply_review(ports: Ports, actor: Actor, command: ReplyReview) -> ReviewSheet:
    """Answer in public, once, what was said of oneself."""
    now = ports.clock.now()
    return await _change(ports, actor, command.rental, lambda known: answer(known, actor.user, command.text, now))


async def get_review(ports: Ports, actor: Actor, command: GetReview) -> ReviewSheet:
    rental = await of_party(ports, actor, command.rental)
    return _sheet(ports, await _round(ports, rental), actor.user)


async def list_reviews(ports: Ports, actor: Actor, command: ListReviews) -> ReviewPage:
    """What is public of a neighbour, the latest first; ``after`` the last one seen."""
    user = (await shown(ports, command.user, actor.user)).id
    found = await ports.reviews.about(user, command.after, command.limit)
    return ReviewPage(found, await _authors(ports, found), await ports.reviews.score(user))


async def list_item_reviews(ports: Ports, actor: Actor, command: ListItemReviews) -> ReviewPage:  # noqa: ARG001 - every act has the same shape
    """What those say of a thing who rented it, the latest first; ``after`` the last one seen."""
    await listed(ports, command.item)
    found = await ports.reviews.about_item(command.item, command.after, command.limit)
    return ReviewPage(found, await _authors(ports, found), await ports.reviews.item_score(command.item))


async def close_reviews(ports: Ports, timer: DueTimer) -> None:
    """Publish what was said. Too late, twice or for nothing, it does nothing."""
    rental = await ports.rentals.get(RentalId(timer.target), None)
    if rental is not None:
        await _changed(ports, rental, lambda known: close(known, ports.clock.now()))


async def _say(ports: Ports, actor: Actor, rental: RentalId, verdict: Verdict) -> ReviewSheet:
    now = ports.clock.now()
    return await _change(ports, actor, rental, lambda known: say(known, actor.user, verdict, now))


async def _change(ports: Ports, actor: Actor, rental_id: RentalId, rule: Callable[[Round], Round]) -> ReviewSheet:
    rental = await of_party(ports, actor, rental_id)
    return _sheet(ports, await _changed(ports, rental, rule), actor.user)


async def _changed(ports: Ports, rental: Rental, rule: Callable[[Round], Round]) -> Round:
    """Load, decide, keep, tell; anew whenever the other side was faster."""

    async def attempt() -> Round:
        before = await _round(ports, rental)
        after = rule(before)
        if after is before:
            return before
        notices = review_notices(rental, before, after, ports.clock.now())
        async with ports.work() as tx:
            await tx.save_round(after, before)
            await tx.notify(notices)
        tell_notices(ports, notices)
        return after

    return await patiently(attempt)


async def _round(ports: Ports, rental: Rental) -> Round:
    found = await ports.reviews.round(rental.id)
    if found is None:
        raise Conflict("not_reviewable", {"state": rental.state.value})
    return found


def _sheet(ports: Ports, known: Round, reader: UserId) -> ReviewSheet:
    published = known.published_at is not None
    theirs = known.about(reader) if published else None
    return ReviewSheet(known.by(reader), theirs, known.closes_at, published, known.allowed(reader, ports.clock.now()))


async def _authors(ports: Ports, reviews: Sequence[Review]) -> Mapping[UserId, User]:
    found = [await ports.users.get(author) for author in {review.author for review in reviews}]
    return {user.id: user for user in found if user is not None and user.restricted_at is None}
