"""What is shown of things: places only as the centre of their grid cell."""

from collections.abc import Sequence
from dataclasses import asdict

from api.views.common import View
from api.views.person import neighbour
from hub.availability import Calendar
from hub.period import stamp
from hub.pricing import Line, Quote
from hub.usecases.items import Listing

CELL_M = 500


def item(listing: Listing) -> View:
    """A listing as the whole internet may see it: where it is only as the centre of its grid cell."""
    shown = listing.item
    return {
        "id": shown.id,
        "owner": neighbour(listing.owner),
        "title": shown.title,
        "description": shown.description,
        "tz": shown.tz,
        "tariff": asdict(shown.tariff),
        "units": shown.units,
        "rules": asdict(shown.rules),
        "place": {"lat": shown.public.lat, "lon": shown.public.lon, "cell_m": CELL_M},
        "status": shown.status,
        "rev": shown.rev,
        "created_at": stamp(shown.created_at),
    }


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


def quote(asked: Quote) -> View:
    return {
        "lines": [line_item(line) for line in asked.lines],
        "price": asked.price,
        "deposit": asked.deposit,
        "cur": asked.cur,
        "days": asked.days,
    }


def line_item(line: Line) -> View:
    return {"code": line.code, "n": line.n, "q": line.q, "each": line.each, "amt": line.amt}
