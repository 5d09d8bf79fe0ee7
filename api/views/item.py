"""What is shown of things: places only as the centre of their grid cell."""

from collections.abc import Sequence
from dataclasses import asdict

from api.views.common import View
from api.views.media import picture
from api.views.person import neighbour
from api.views.place import handover
from api.views.price import tariff
from hub.availability import Calendar
from hub.ids import ItemId
from hub.period import stamp
from hub.place import CELL_M
from hub.usecases.item_page import ItemPage
from hub.usecases.items import Listing
from hub.usecases.requests import Request
from hub.usecases.searching import Hit, Hits


def item(listing: Listing) -> View:
    """A listing as the whole internet may see it: where it is only as the centre of its grid cell."""
    shown = listing.item
    return {
        "id": shown.id,
        "owner": neighbour(listing.owner),
        "title": shown.title,
        "description": shown.description,
        "lang": shown.lang,
        "translation": asdict(shown.translation) if shown.translation else None,
        "category": shown.category,
        "fields": dict(shown.fields),
        "condition": shown.condition,
        "accessories": [{"name": each.name, "qty": each.qty} for each in shown.accessories],
        "safety": shown.safety,
        "policy": shown.policy,
        "prereqs": [kind.value for kind in shown.prereqs],
        "photos": [picture(photo) for photo in listing.photos],
        "tz": shown.tz,
        "tariff": tariff(shown.tariff),
        "units": shown.units,
        "rules": asdict(shown.rules),
        "place": {"lat": shown.public.lat, "lon": shown.public.lon, "cell_m": CELL_M},
        "status": shown.status,
        "rev": shown.rev,
        "created_at": stamp(shown.created_at),
    }


def own_item(listing: Listing) -> View:
    """One's own listing, with what nobody else sees."""
    shown = listing.item
    return item(listing) | {
        "accessories": [asdict(each) for each in shown.accessories],
        "place_id": shown.place,
        "media": list(shown.media),
        "value": shown.value,
        "unit_labels": list(shown.unit_labels),
    }


def own_items(listings: Sequence[Listing]) -> View:
    return {"items": [own_item(listing) for listing in listings]}


def items(listings: Sequence[Listing]) -> View:
    return {"items": [item(listing) for listing in listings]}


def calendar(found: Calendar) -> View:
    """When nothing is left; who has it stays with the parties."""
    return {
        "item": found.item,
        "rev": found.rev,
        "tz": found.tz,
        "cap": found.cap,
        "full": [{"s": stamp(stretch.s), "e": stamp(stretch.e)} for stretch in found.full],
    }


def blocks(found: Calendar) -> View:
    """The owner's blocks; what rentals hold is told by the rentals."""
    own = [block for block in found.blocks if block.src == "owner"]
    return {
        "item": found.item,
        "rev": found.rev,
        "blocks": [
            {"id": each.id, "start": stamp(each.s), "end": stamp(each.e), "q": each.q, "note": each.note}
            for each in own
        ],
    }


def blocked(found: Sequence[ItemId]) -> View:
    """The things that are concerned."""
    return {"items": list(found)}


def requests(found: Sequence[Request]) -> View:
    return {"requests": [_request(each) for each in found]}


def _request(told: Request) -> View:
    rental, offer = told.rental, told.rental.live
    return {
        "rental": rental.id,
        "room": rental.room,
        "renter": neighbour(told.renter),
        "start": stamp(offer.terms.start),
        "end": stamp(offer.terms.end),
        "q": offer.terms.q,
        "price": offer.terms.price,
        "cur": offer.terms.cur,
        "by": offer.by.value,
        "expires_at": stamp(offer.expires_at),
        "fits": told.fits,
        "rivals": list(told.rivals),
    }


def found_items(hits: Hits) -> View:
    """Cards: each with how far it is, in steps of 100 m; ``after`` asks for the next page."""
    return {"items": [_hit(hit) for hit in hits.hits], "after": hits.after}


def _hit(hit: Hit) -> View:
    return item(hit.listing) | {"distance_m": hit.distance_m}


def item_page(page: ItemPage) -> View:
    """All that its page shows: the thing, when somebody is in, and the month."""
    return {
        "item": item(page.listing),
        "handover": handover(page.place) if page.place else None,
        "calendar": calendar(page.calendar),
    }
