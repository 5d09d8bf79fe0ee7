"""An item's calendar as MongoDB keeps it (design: rental.md §2)."""

from hub.availability import Block, Busy, Calendar, Interval
from hub.ids import ItemId
from storage.mongo.store import Document


def calendar_document(calendar: Calendar) -> Document:
    return {
        "_id": calendar.item,
        "rev": calendar.rev,
        "tz": calendar.tz,
        "cap": calendar.cap,
        "turnaround_min": calendar.turnaround_min,
        "busy": [{"r": b.rental, "s": b.s, "e": b.e, "q": b.q, "st": b.st} for b in calendar.busy],
        "blocks": [
            {"id": b.id, "s": b.s, "e": b.e, "src": b.src, "note": b.note, "q": b.q, "feed": b.feed}
            for b in calendar.blocks
        ],
        "full": [{"s": f.s, "e": f.e} for f in calendar.full],
    }


def read_calendar(document: Document) -> Calendar:
    return Calendar(
        item=ItemId(document["_id"]),
        rev=document["rev"],
        tz=document["tz"],
        cap=document["cap"],
        turnaround_min=document["turnaround_min"],
        busy=tuple(Busy(b["r"], b["s"], b["e"], b["q"], b["st"]) for b in document["busy"]),
        blocks=tuple(Block(**b) for b in document["blocks"]),
        full=tuple(Interval(f["s"], f["e"]) for f in document["full"]),
    )
