"""A rental as MongoDB keeps it. ``event_head`` is written by the log alone."""

from dataclasses import asdict

from hub.cancellation import CancellationPolicy
from hub.ids import ItemId, RentalId, RoomId, UserId
from hub.item import PrereqKind
from hub.rental import Rental, Snapshot, State
from hub.tariff import Tariff
from storage.mongo.rental_parts import course_document, offer_document, read_course, read_offer
from storage.mongo.store import Document

_TIMES = (
    "answered_at",
    "agreed_at",
    "overdue_since",
    "start_reminded",
    "return_reminded",
    "extended_at",
    "non_return_at",
    "lost_at",
    "at_risk_since",
    "ended_at",
)


def rental_document(rental: Rental) -> Document:
    """Everything but ``event_head``."""
    return {
        "_id": rental.id,
        "item": rental.item,
        "owner": rental.owner,
        "renter": rental.renter,
        "room": rental.room,
        "q": rental.q,
        "tz": rental.tz,
        "state": rental.state.value,
        "rev": rental.rev,
        "snapshot": asdict(rental.snapshot),
        "created_at": rental.created_at,
        "updated_at": rental.updated_at,
        "offer": offer_document(rental.offer) if rental.offer else None,
        "offers": [offer_document(offer) for offer in rental.offers],
        "closed_reason": rental.closed_reason,
        "overdue_step": rental.overdue_step,
        "nudges": rental.nudges,
        **{name: getattr(rental, name) for name in _TIMES},
        **course_document(rental),
    }


def read_rental(document: Document) -> Rental:
    return Rental(
        id=RentalId(document["_id"]),
        item=ItemId(document["item"]),
        owner=UserId(document["owner"]),
        renter=UserId(document["renter"]),
        room=RoomId(document["room"]),
        q=document["q"],
        tz=document["tz"],
        state=State(document["state"]),
        rev=document["rev"],
        snapshot=_snapshot(document["snapshot"]),
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        offer=read_offer(document["offer"]) if document["offer"] else None,
        offers=tuple(map(read_offer, document["offers"])),
        closed_reason=document["closed_reason"],
        event_head=document.get("event_head"),
        overdue_step=document.get("overdue_step", 0),
        nudges=document.get("nudges", 0),
        **_times(document),
        **read_course(document),
    )


def _times(document: Document) -> Document:
    return {name: document.get(name) for name in _TIMES}


def _snapshot(document: Document) -> Snapshot:
    """What was kept before there were policies or prerequisites has the mildest, and none."""
    policy = CancellationPolicy(document.get("policy", CancellationPolicy.FLEXIBLE))
    prereqs = tuple(map(PrereqKind, document.get("prereqs", ())))
    return Snapshot(document["title"], Tariff.read(document["tariff"]), policy, prereqs)
