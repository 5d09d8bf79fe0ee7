"""A rental as MongoDB keeps it. ``event_head`` is written by the log alone."""

from dataclasses import asdict

from hub.ids import ItemId, RentalId, RoomId, UserId
from hub.pricing import Line
from hub.rental import Cancellation, Offer, Rental, Role, Snapshot, State, Terms
from hub.tariff import Tariff
from storage.mongo.store import Document


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
        "offer": _offer_document(rental.offer) if rental.offer else None,
        "offers": [_offer_document(offer) for offer in rental.offers],
        "closed_reason": rental.closed_reason,
        "cancel": _cancel_document(rental.cancel) if rental.cancel else None,
    }


def read_rental(document: Document) -> Rental:
    snapshot, cancel = document["snapshot"], document["cancel"]
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
        snapshot=Snapshot(snapshot["title"], Tariff(**snapshot["tariff"])),
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        offer=_offer(document["offer"]) if document["offer"] else None,
        offers=tuple(_offer(offer) for offer in document["offers"]),
        closed_reason=document["closed_reason"],
        cancel=Cancellation(Role(cancel["by"]), cancel["reason"], cancel["at"]) if cancel else None,
        event_head=document.get("event_head"),
    )


def _offer_document(offer: Offer) -> Document:
    return {"rev": offer.rev, "by": offer.by.value, "terms": asdict(offer.terms), "expires_at": offer.expires_at}


def _offer(document: Document) -> Offer:
    terms = document["terms"] | {"lines": tuple(Line(**line) for line in document["terms"]["lines"])}
    return Offer(document["rev"], Role(document["by"]), Terms(**terms), document["expires_at"])


def _cancel_document(cancel: Cancellation) -> Document:
    return {"by": cancel.by.value, "reason": cancel.reason, "at": cancel.at}
