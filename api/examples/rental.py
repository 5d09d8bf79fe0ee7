"""Examples of rentals and offers."""

from typing import Any, Final

from api.examples.place import NEW as PLACE_NEW
from api.examples.sample import (
    BYTES,
    COMMAND,
    DATES,
    ITEM,
    LATER,
    LINE,
    ME,
    MONEY,
    OTHER,
    PLACE,
    RENTAL,
    ROOM,
    Example,
    Json,
)

TERMS: Final = {**DATES, "q": 1, **MONEY, "negotiated": False, "lines": [LINE], "place": PLACE}
OFFER: Final = {"rev": 1, "by": "renter", "terms": TERMS, "expires_at": "2026-06-28T08:00:00Z"}
RENTAL_SHEET: Final = {
    "id": RENTAL, "item": {"id": ITEM, "title": "Bohrmaschine"}, "owner": OTHER, "renter": ME, "room": ROOM,
    "state": "negotiating", "rev": 1, "role": "renter", "allowed_actions": ["revise", "withdraw"],
    "created_at": "2026-06-27T08:00:00Z", "updated_at": "2026-06-27T08:00:00Z",
    "q": 1, "tz": "Europe/Berlin", "policy": "flexible", "offer": OFFER,
    "closed_reason": None, "cancel": None, "agreed_at": None,
    "prereqs": [], "change": None, "no_show": None, "parts": [], "damages": None,
    "handed_over": None, "overdue_since": None, "overdue_step": 0, "non_return_at": None, "returned": None,
    "lost_at": None, "at_risk_since": None, "ended_at": None, "deposit": None, "payment": None,
    "cases": [], "ledger": [],
}  # fmt: skip


def applied(seq: int, state: str, **changes: Any) -> Json:
    """The answer to a command: the rental as it stands then, and the row it wrote."""
    return {"rental": RENTAL_SHEET | {"state": state, "rev": seq} | changes, "seq": seq}


def _closed(state: str, reason: str) -> Json:
    return applied(2, state, allowed_actions=[], closed_reason=reason, ended_at=LATER)


APPLIED: Final = applied(1, "negotiating")
NO_DAMAGES: Final = {"damages": {"amount": 0, "kept": 0, "due": 0}}
DUE: Final = NO_DAMAGES | {
    "agreed_at": LATER,
    "deposit": {"state": "due", "amount": 5000, "kept": 0, "back": 0},
    "payment": {"state": "due", "amount": 1200, "paid": 0, "refund": 0},
}
HELD: Final = DUE | {
    "prereqs": [{"kind": "deposit", "met_at": None}, {"kind": "briefing", "met_at": LATER}],
}  # fmt: skip
AGREED: Final = applied(2, "confirmed", allowed_actions=["cancel", "claim_entry"], **DUE)
CANCELLED: Final = applied(
    3, "cancelled", allowed_actions=["claim_entry"], closed_reason="illness", ended_at=LATER, agreed_at=LATER,
    cancel={"by": "renter", "reason": "illness", "at": LATER, "fee": 0, "waived": False},
    deposit={"state": "none", "amount": 5000, "kept": 0, "back": 0},
    payment={"state": "free", "amount": 0, "paid": 0, "refund": 0}, **NO_DAMAGES,
)  # fmt: skip
COUNTERED: Final = applied(
    2, "negotiating", offer=OFFER | {"rev": 2, "by": "owner", "terms": TERMS | {"price": 1000, "negotiated": True}}
)
INQUIRED: Final = applied(1, "inquiry", offer=None, allowed_actions=["request", "withdraw"])
ASKED: Final = {"cmd_id": COMMAND, "rental": RENTAL}
OFFERED: Final = {"cmd_id": COMMAND, **DATES, "q": 1, "price": 1200}

EXAMPLES: Final = {
    "rental:inquire": Example({"cmd_id": COMMAND, "item": ITEM, "room": ROOM, "roster": BYTES}, INQUIRED),
    "rental:request": Example(OFFERED | {"item": ITEM, "room": ROOM, "roster": BYTES}, APPLIED),
    "rental:book": Example(
        OFFERED | {"item": ITEM, "room": ROOM, "roster": BYTES},
        applied(1, "held", **HELD | {"prereqs": [{"kind": "deposit", "met_at": None}]})),
    "offer:book": Example(OFFERED | {"rental": RENTAL}, applied(2, "confirmed", **DUE)),
    "rental:meet": Example(ASKED | {"kind": "briefing"}, applied(3, "held", **HELD)),
    "rental:quote_cancel": Example(
        {"rental": RENTAL, "reason": "illness"}, {"fee": 600, "rent": 1200, "refund": 600, "cur": "EUR"}),
    "offer:make": Example(OFFERED | {"rental": RENTAL, "expected_rev": 1}, applied(2, "negotiating")),
    "offer:counter": Example(OFFERED | {"rental": RENTAL, "rev": 1, "price": 1000, "negotiated": True}, COUNTERED),
    "offer:revise": Example(OFFERED | {"rental": RENTAL, "rev": 1}, applied(2, "negotiating")),
    "offer:accept": Example(ASKED | {"rev": 1, "expected_rev": 1}, AGREED),
    "rental:decline": Example(ASKED | {"reason": "not_available"}, _closed("declined", "not_available")),
    "rental:withdraw": Example(ASKED | {"reason": "changed_mind"}, _closed("withdrawn", "changed_mind")),
    "rental:cancel": Example(ASKED | {"reason": "illness"}, CANCELLED),
    "rental:get": Example({"rental": RENTAL}, RENTAL_SHEET),
    "rental:list": Example({}, {"rentals": [RENTAL_SHEET]}),
    "rental:place": Example(
        {"rental": RENTAL}, PLACE_NEW),
}  # fmt: skip
