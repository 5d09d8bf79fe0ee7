"""What two neighbours say of each other after a rental: blind, one each, for 14 days (design: rental.md §1). Pure.

Nobody reads the other's words before both have said theirs, or skipped, or the time is over: otherwise the second
answers the first instead of telling what happened, and the first writes nothing that could be answered.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Final

from hub.errors import Conflict, Invalid, NotFound
from hub.ids import ItemId, RentalId, ReviewId, UserId, derived_id
from hub.rental import CLOSED, Rental, Role, State

WINDOW: Final = timedelta(days=14)
SHORT_NOTICE: Final = timedelta(hours=48)
"""A cancellation this near to the start may be reviewed."""
SHOWN_FROM: Final = 3
"""Fewer reviews make no score: one of two would be as good as signed."""
MOST_STARS: Final = 5
TEXT_MAX, THANKS_MAX = 2_000, 500
TAGS: Final = frozenset({
    "as_described", "careful", "clean", "damaged", "dirty", "flexible", "friendly", "helpful", "late",
    "not_as_described", "on_time", "rude", "silent", "well_explained",
})  # fmt: skip
"""Good and bad ones: who may only praise says nothing."""


@dataclass(frozen=True, slots=True)
class Stars:
    """1 to 5 each; ``item`` is the renter's to give. ``Invalid("bad_review")``."""

    overall: int
    communication: int
    punctual: int
    item: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            left_out = value is None and field.name == "item"
            _check(field.name, left_out or (type(value) is int and 1 <= value <= MOST_STARS))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody has to say. Without ``stars`` they skipped; ``thanks`` are for the other's eyes alone.

    ``Invalid("bad_review")``.
    """

    stars: Stars | None = None
    tags: tuple[str, ...] = ()
    text: str = ""
    thanks: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", tuple(sorted(set(self.tags))))
        _check("tags", set(self.tags) <= TAGS)
        _check("text", len(self.text) <= TEXT_MAX)
        _check("thanks", len(self.thanks) <= THANKS_MAX)


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """``role`` is the author's in the rental; ``subject``, the other party, may reply once."""

    id: ReviewId
    author: UserId
    subject: UserId
    role: Role
    verdict: Verdict
    at: datetime
    reply: Reply | None = None

    @property
    def skipped(self) -> bool:
        return self.verdict.stars is None

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it for the other."""
        return not self.skipped or bool(self.verdict.thanks)


@dataclass(frozen=True, slots=True)
class Round:
    """The reviews of one rental. ``rev`` counts its changes, so that two last words at once publish once."""

    rental: RentalId
    item: ItemId
    owner: UserId
    renter: UserId
    opened_at: datetime
    closes_at: datetime
    reviews: tuple[Review, ...] = ()
    published_at: datetime | None = None
    rev: int = 0

    def by(self, user: UserId) -> Review | None:
        return next((review for review in self.reviews if review.author == user), None)

    def about(self, user: UserId) -> Review | None:
        return next((review for review in self.reviews if review.subject == user), None)

    def allowed(self, user: UserId, now: datetime) -> tuple[str, ...]:
        """What makes sense for a party now."""
        if self.published_at is None:
            return ("put", "skip") if now < self.closes_at else ()
        theirs = self.about(user)
        return ("reply",) if theirs and not theirs.skipped and theirs.reply is None else ()


@dataclass(frozen=True, slots=True)
class Score:
    """Means over ``count`` published reviews; ``stars`` is None below three."""

    count: int = 0
    stars: dict[str, float] | None = None


def score_of(count: int, means: dict[str, float | None]) -> Score:
    """To one decimal; what nobody gave is left out."""
    if count < SHOWN_FROM:
        return Score(count)
    return Score(count, {name: round(mean, 1) for name, mean in means.items() if mean is not None})


def opened_by(before: Rental | None, after: Rental) -> Round | None:
    """The round that a rental's end opens, if it is one that leaves something to say."""
    ended = before is not None and before.state not in CLOSED and after.state in CLOSED
    if not ended or not _reviewable(after):
        return None
    at = after.updated_at
    return Round(after.id, after.item, after.owner, after.renter, at, at + WINDOW)


def say(known: Round, author: UserId, verdict: Verdict, now: datetime) -> Round:
    """Put or replace one's review, until both are in; then they are public. The same again changes nothing.

    ``Conflict("reviews_closed")``.
    """
    mine = known.by(author)
    if mine is not None and mine.verdict == verdict:
        return known
    if known.published_at is not None or now >= known.closes_at:
        raise Conflict("reviews_closed")
    role = Role.OWNER if author == known.owner else Role.RENTER
    _check("item", role is Role.RENTER or verdict.stars is None or verdict.stars.item is None)
    subject = known.renter if role is Role.OWNER else known.owner
    review = Review(ReviewId(derived_id("review", known.rental, author)), author, subject, role, verdict, now)
    said = replace(known, reviews=(*(one for one in known.reviews if one.author != author), review))
    return replace(said, published_at=now) if said.by(subject) else said


def close(known: Round, now: datetime) -> Round:
    """The time is over: what was said is public. Too early, or done already: nothing changes."""
    if known.published_at is not None or now < known.closes_at:
        return known
    return replace(known, published_at=now)


def answer(known: Round, author: UserId, text: str, now: datetime) -> Round:
    """Answer, once, what was said of oneself. The same again changes nothing.

    ``Conflict("reviews_sealed" | "reply_written")``, ``NotFound("review_not_found")``.
    """
    _check("text", 1 <= len(text) <= TEXT_MAX)
    if known.published_at is None:
        raise Conflict("reviews_sealed")
    theirs = known.about(author)
    if theirs is None or theirs.skipped:
        raise NotFound("review_not_found")
    if theirs.reply is not None and theirs.reply.text == text:
        return known
    if theirs.reply is not None:
        raise Conflict("reply_written")
    answered = replace(theirs, reply=Reply(text, now))
    return replace(known, reviews=tuple(answered if one is theirs else one for one in known.reviews))


def _reviewable(rental: Rental) -> bool:
    if rental.cancel is not None:
        return rental.live.terms.start - rental.cancel.at <= SHORT_NOTICE
    return rental.state in {State.COMPLETED, State.NO_SHOW}


def _check(field: str, good: bool) -> None:
    if not good:
        raise Invalid("bad_review", {"field": field})
