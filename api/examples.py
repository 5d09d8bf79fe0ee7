"""One example for each act: what is asked and what is answered. The documentation shows them; tests run them.

Ids and bytes are made up; everything else is as the hub writes it.
"""

from typing import Any, Final, NamedTuple

Json = dict[str, Any]


class Example(NamedTuple):
    ask: Json
    answer: Json


USER: Final = "0b7a3d5e9c1f4a2880d6e4f5a6b7c8d9"
NEIGHBOUR: Final = "1c8b4e6fad205b3991e7f506b7c8d9ea"
SESSION: Final = "2d9c5f70be316c4aa2f80617c8d9eafb"
DEVICE: Final = "3ead6081cf427d5bb3091728d9eafb0c"
ITEM: Final = "4fbe7192d0538e6cc41a2839eafb0c1d"
RENTAL: Final = "50cf82a3e1649f7dd52b394afb0c1d2e"
ROOM: Final = "61d093b4f275a08ee63c4a5b0c1d2e3f"
COMMAND: Final = "72e1a4c50386b19ff74d5b6c1d2e3f40"
SID: Final = "83f2b5d61497c2a0085e6c7d2e3f4051"
BYTES: Final = "q83vEjRWeJA"
BYTES32: Final = "A" * 42 + "E"
BYTES64: Final = "A" * 85 + "Q"
MS: Final = 1_782_547_200_000

_ME: Final = {"id": USER, "handle": "anna", "display_name": "Anna Berg"}
_OTHER: Final = {"id": NEIGHBOUR, "handle": "bernd", "display_name": "Bernd Voss"}
_TOKENS: Final = {
    "user": USER, "session": SESSION, "access": "eyJhbGciOi.eyJpc3Mi.c2ln", "access_expires": MS + 600_000,
    "refresh": BYTES32, "refresh_expires": MS + 2_592_000_000,
}  # fmt: skip
_LIST: Final = {"epoch": 1, "version": 2, "cert": BYTES, "list": BYTES}
_DATES: Final = {"start": "2026-07-04T08:00:00Z", "end": "2026-07-05T08:00:00Z"}
_LINE: Final = {"code": "day", "n": 1, "q": 1, "each": 1200, "amt": 1200}
_MONEY: Final = {"price": 1200, "deposit": 5000, "cur": "EUR"}
_RULES: Final = {
    "lead_min": 0, "horizon_days": 365, "min_min": 60, "max_days": 30, "turnaround_min": 60, "offer_ttl_min": None,
    "pending_blocks": False,
}  # fmt: skip
_ITEM: Final = {
    "id": ITEM, "owner": _OTHER, "title": "Bohrmaschine", "description": "Mit Koffer und Bohrern.",
    "tz": "Europe/Berlin", "tariff": {"day": 1200, "deposit": 5000, "cur": "EUR"}, "units": 1, "rules": _RULES,
    "place": {"lat": 52.520212, "lon": 13.404953, "cell_m": 500}, "status": "active", "rev": 1,
    "created_at": "2026-06-27T08:00:00Z",
}  # fmt: skip
_TERMS: Final = {**_DATES, "q": 1, **_MONEY, "negotiated": False, "lines": [_LINE]}
_OFFER: Final = {"rev": 1, "by": "renter", "terms": _TERMS, "expires_at": "2026-06-28T08:00:00Z"}
_RENTAL: Final = {
    "id": RENTAL, "item": {"id": ITEM, "title": "Bohrmaschine"}, "owner": _OTHER, "renter": _ME, "room": ROOM,
    "state": "negotiating", "rev": 1, "q": 1, "tz": "Europe/Berlin", "offer": _OFFER, "role": "renter",
    "allowed_actions": ["revise", "withdraw"], "closed_reason": None, "created_at": "2026-06-27T08:00:00Z",
    "updated_at": "2026-06-27T08:00:00Z",
}  # fmt: skip


def _applied(seq: int, state: str, **changes: Any) -> Json:
    """The answer to a command: the rental as it stands then, and the row it wrote."""
    return {"rental": _RENTAL | {"state": state, "rev": seq} | changes, "seq": seq}


def _closed(state: str, reason: str) -> Json:
    return _applied(2, state, allowed_actions=[], closed_reason=reason)


_APPLIED: Final = _applied(1, "negotiating")
_AGREED: Final = _applied(2, "confirmed", allowed_actions=["cancel"])
_COUNTERED: Final = _applied(
    2, "negotiating", offer=_OFFER | {"rev": 2, "by": "owner", "terms": _TERMS | {"price": 1000, "negotiated": True}}
)
_INQUIRED: Final = _applied(1, "inquiry", offer=None, allowed_actions=["request", "withdraw"])
_ASKED: Final = {"cmd_id": COMMAND, "rental": RENTAL}
_OFFERED: Final = {"cmd_id": COMMAND, **_DATES, "q": 1, "price": 1200}
_STORED: Final = {"seq": 42, "ts": MS, "kid": "f1", "ft": BYTES32}
_MESSAGE: Final = {"kind": "message", "from": USER, "dev": DEVICE, "cid": SID, "env": BYTES} | _STORED
_ROOM: Final = {
    "id": ROOM, "rental": RENTAL,
    "members": [
        {"user": USER, "role": 1, "handle": "anna", "display_name": "Anna Berg"},
        {"user": NEIGHBOUR, "role": 2, "handle": "bernd", "display_name": "Bernd Voss"},
    ],
    "roster": BYTES, "roster_version": 1, "receipts": [{"user": USER, "delivered": 42, "read": 40}], "head": 42,
}  # fmt: skip

EVENT: Final = {
    "seq": 1, "kind": "event", "type": "rental_requested", "by": USER, "cmd_id": COMMAND,
    "data": {"rental": RENTAL, "item": ITEM, "rev": 1, "state": "negotiating"}, "at": "2026-06-27T08:00:00Z",
    "prev_hash": "0" * 64, "hash": "9f" * 32,
}  # fmt: skip

_PAGE: Final = {"items": [EVENT, _MESSAGE], "head": 42, "more": False, "floor": 1}

EXAMPLES: Final = {
    "account:register": Example(
        {"email": "anna@example.org", "password": "sieben Zwerge im Wald", "handle": "anna",
         "display_name": "Anna Berg"}, {}),
    "session:open": Example(
        {"email": "anna@example.org", "password": "sieben Zwerge im Wald", "client": "web/1.0"}, _TOKENS),
    "session:renew": Example({"refresh": BYTES32}, _TOKENS),
    "session:list": Example({}, {"sessions": [
        {"id": SESSION, "client": "web/1.0", "created_at": MS, "expires_at": MS + 2_592_000_000, "device": DEVICE,
         "current": True}]}),
    "session:revoke": Example({"session": SESSION}, {}),
    "session:revoke_others": Example({}, {"revoked": 2}),
    "session:refresh": Example({"token": "eyJhbGciOi.eyJpc3Mi.c2ln"}, {"exp": MS + 600_000}),
    "me:get": Example({}, _ME | {"email": "anna@example.org", "locale": "de", "roles": []}),
    "user:get": Example({"user": NEIGHBOUR}, _OTHER),
    "device:challenge": Example({}, {"challenge": BYTES32, "expires": MS + 300_000}),
    "device:prove": Example(
        {"device": DEVICE, "challenge": BYTES32, "signature": BYTES64},
        {"access": "eyJhbGciOi.eyJpc3Mi.c2ln", "access_expires": MS + 600_000}),
    "device:publish": Example({"aik": BYTES32, "cert": BYTES, "list": BYTES}, {"epoch": 1, "version": 1}),
    "device:list": Example(
        {"user": NEIGHBOUR, "epoch": 1, "version": 1}, {"account": NEIGHBOUR, "aik": BYTES32, "lists": [_LIST]}),
    "prekey:publish": Example({"spk": BYTES}, {}),
    "key:claim": Example(
        {"accounts": [NEIGHBOUR]},
        {"accounts": {NEIGHBOUR: {"aik": BYTES32, **_LIST, "prekeys": {DEVICE: BYTES}}}}),
    "chain:last": Example({"room": ROOM, "chain": SID}, {"index": 7}),
    "item:create": Example(
        {"title": "Bohrmaschine", "description": "Mit Koffer und Bohrern.", "tariff": {"day": 1200, "deposit": 5000},
         "place": {"label": "Werkstatt", "address": "Dorfstraße 1", "lat": 52.521, "lon": 13.403},
         "rules": {"turnaround_min": 60}},
        _ITEM),
    "item:get": Example({"item": ITEM}, _ITEM),
    "item:list": Example({"limit": 20}, {"items": [_ITEM]}),
    "item:calendar": Example({"item": ITEM}, {
        "item": ITEM, "rev": 3, "tz": "Europe/Berlin", "cap": 1,
        "full": [{"s": "2026-07-04T07:00:00Z", "e": "2026-07-05T09:00:00Z"}]}),
    "item:quote": Example({"item": ITEM, **_DATES, "q": 1}, {"lines": [_LINE], **_MONEY, "days": 1}),
    "rental:inquire": Example({"cmd_id": COMMAND, "item": ITEM, "room": ROOM, "roster": BYTES}, _INQUIRED),
    "rental:request": Example(_OFFERED | {"item": ITEM, "room": ROOM, "roster": BYTES}, _APPLIED),
    "offer:make": Example(_OFFERED | {"rental": RENTAL, "expected_rev": 1}, _applied(2, "negotiating")),
    "offer:counter": Example(_OFFERED | {"rental": RENTAL, "rev": 1, "price": 1000, "negotiated": True}, _COUNTERED),
    "offer:revise": Example(_OFFERED | {"rental": RENTAL, "rev": 1}, _applied(2, "negotiating")),
    "offer:accept": Example(_ASKED | {"rev": 1, "expected_rev": 1}, _AGREED),
    "rental:decline": Example(_ASKED | {"reason": "not_available"}, _closed("declined", "not_available")),
    "rental:withdraw": Example(_ASKED | {"reason": "changed_mind"}, _closed("withdrawn", "changed_mind")),
    "rental:cancel": Example(_ASKED | {"reason": "illness"}, _closed("cancelled", "illness")),
    "rental:get": Example({"rental": RENTAL}, _RENTAL),
    "rental:list": Example({}, {"rentals": [_RENTAL]}),
    "rental:place": Example(
        {"rental": RENTAL}, {"label": "Werkstatt", "address": "Dorfstraße 1", "lat": 52.521, "lon": 13.403}),
    "message:send": Example(
        {"room": ROOM, "cid": SID, "env": BYTES, "chain": COMMAND, "idx": 0, "dl": {USER: [1, 2], NEIGHBOUR: [1, 1]},
         "roster": 1, "keys": [{"to": DEVICE, "pkt": BYTES}], "push": "normal"},
        _STORED),
    "message:redact": Example({"room": ROOM, "seq": 42}, {}),
    "room:sync": Example(
        {"cursors": {ROOM: 0}, "limit": 100}, {"rooms": {ROOM: _PAGE}, "presence": {NEIGHBOUR: "active"}}),
    "room:history": Example({"room": ROOM, "before": 43, "limit": 50}, _PAGE),
    "room:get": Example({"room": ROOM}, _ROOM),
    "room:list": Example({}, {"rooms": [_ROOM]}),
    "roster:publish": Example({"cmd_id": COMMAND, "room": ROOM, "roster": BYTES}, {"version": 2, "seq": 43}),
    "receipt:put": Example({"room": ROOM, "delivered": 42, "read": 40}, {}),
    "typing:set": Example({"room": ROOM, "on": True}, {}),
    "presence:set": Example({"state": "active"}, {}),
}  # fmt: skip
