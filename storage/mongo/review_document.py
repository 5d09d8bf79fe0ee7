"""Reviews and their rounds as MongoDB keeps them: words under the key of the person who wrote them."""

from dataclasses import asdict
from typing import Final

from crypto.fields import Place
from hub.ids import ItemId, RentalId, ReviewId, UserId
from hub.rental import Role
from hub.review import Reply, Review, Round, Stars, Verdict
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Document

PUBLIC: Final[Document] = {"published_at": {"$type": "date"}, "stars": {"$type": "object"}}
"""Matches what everybody may read: neither sealed nor skipped."""


def round_document(known: Round, rev: int) -> Document:
    """Without its reviews, which are documents of their own."""
    return {
        "_id": known.rental,
        "item": known.item,
        "owner": known.owner,
        "renter": known.renter,
        "opened_at": known.opened_at,
        "closes_at": known.closes_at,
        "published_at": known.published_at,
        "rev": rev,
    }


def read_round(document: Document, reviews: tuple[Review, ...]) -> Round:
    return Round(
        rental=RentalId(document["_id"]),
        item=ItemId(document["item"]),
        owner=UserId(document["owner"]),
        renter=UserId(document["renter"]),
        opened_at=document["opened_at"],
        closes_at=document["closes_at"],
        reviews=reviews,
        published_at=document["published_at"],
        rev=document["rev"],
    )


async def review_changes(personal: PersonalFields, known: Round, review: Review, before: Review | None) -> Document:
    """What is new of a review: all of it, its reply, or nothing."""
    if before is None or before.verdict != review.verdict:
        return await _review_document(personal, known, review)
    return {"reply": await _reply_document(personal, review)} if before.reply != review.reply else {}


async def _review_document(personal: PersonalFields, known: Round, review: Review) -> Document:
    author, verdict = review.author, review.verdict
    return {
        "rental": known.rental,
        "item": known.item,
        "author": author,
        "subject": review.subject,
        "role": review.role.value,
        "stars": asdict(verdict.stars) if verdict.stars else None,
        "tags": list(verdict.tags),
        "text": await personal.seal(author, verdict.text, _place("text", review.id)),
        "thanks": await personal.seal(author, verdict.thanks, _place("thanks", review.id)),
        "at": review.at,
        "reply": None,
    }


async def read_review(personal: PersonalFields, document: Document) -> Review:
    """Words of somebody who was erased are gone; what they were about stays."""
    id_, author, subject = ReviewId(document["_id"]), UserId(document["author"]), UserId(document["subject"])
    stars, reply = document["stars"], document["reply"]
    text = await _open(personal, author, document["text"], _place("text", id_))
    thanks = await _open(personal, author, document["thanks"], _place("thanks", id_))
    replied = await _open(personal, subject, reply["text"], _place("reply", id_)) if reply else ""
    return Review(
        id=id_,
        author=author,
        subject=subject,
        role=Role(document["role"]),
        verdict=Verdict(Stars(**stars) if stars else None, tuple(document["tags"]), text, thanks),
        at=document["at"],
        reply=Reply(replied, reply["at"]) if reply else None,
    )


async def _reply_document(personal: PersonalFields, review: Review) -> Document | None:
    if review.reply is None:
        return None
    text = await personal.seal(review.subject, review.reply.text, _place("reply", review.id))
    return {"text": text, "at": review.reply.at}


async def _open(personal: PersonalFields, person: UserId, sealed: str, place: Place) -> str:
    try:
        return await personal.open(person, sealed, place)
    except LookupError:
        return ""


def _place(field: str, review: ReviewId) -> Place:
    return Place("reviews", field, review)
