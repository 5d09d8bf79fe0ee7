"""A rental as MongoDB keeps it. ``event_head`` is written by the log alone."""

from dataclasses import asdict

from hub.cancellation import CancellationPolicy
from hub.ids import ItemId, RentalId, RoomId, UserId
from hub.rental import Rental, Snapshot, State
from hub.tariff import Tariff
from storage.mongo.rental_parts import course_document, offer_document, read_course, read_offer
from storage.mongo.store import Document

_TIMES = (
    "answered_at",
    "agreed_at",
    "overdue_since",
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
        **{name: getattr(rental, name) for name in _TIMES},
        **course_document(rental),
    }


def read_rental(document: Document) -> Rental:
    snapshot = document["snapshot"]
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
        snapshot=Snapshot(snapshot["title"], Tariff.read(snapshot["tariff"]), CancellationPolicy(snapshot["policy"])),
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        offer=read_offer(document["offer"]) if document["offer"] else None,
        offers=tuple(map(read_offer, document["offers"])),
        closed_reason=document["closed_reason"],
        event_head=document.get("event_head"),
        **{name: document[name] for name in _TIMES},
        **read_course(document),
    )
