"""Examples of rooms and messages."""

from typing import Final

from api.examples.sample import BYTES, BYTES32, COMMAND, DEVICE, EVENT, MS, NEIGHBOUR, RENTAL, ROOM, SID, USER, Example

STORED: Final = {"seq": 42, "ts": MS, "kid": "f1", "ft": BYTES32}
MESSAGE: Final = {"kind": "message", "from": USER, "dev": DEVICE, "cid": SID, "env": BYTES} | STORED
ROOM_SHEET: Final = {
    "id": ROOM, "rental": RENTAL,
    "members": [
        {"user": USER, "role": 1, "handle": "anna", "display_name": "Anna Berg"},
        {"user": NEIGHBOUR, "role": 2, "handle": "bernd", "display_name": "Bernd Voss"},
    ],
    "roster": BYTES, "roster_version": 1, "receipts": [{"user": USER, "delivered": 42, "read": 40}], "head": 42,
    "talk_until": None,
}  # fmt: skip
PAGE: Final = {"items": [EVENT, MESSAGE], "head": 42, "more": False, "floor": 1}

EXAMPLES: Final = {
    "message:send": Example(
        {"room": ROOM, "cid": SID, "env": BYTES, "chain": COMMAND, "idx": 0, "dl": {USER: [1, 2], NEIGHBOUR: [1, 1]},
         "roster": 1, "keys": [{"to": DEVICE, "pkt": BYTES}], "push": "normal"},
        STORED),
    "message:redact": Example({"room": ROOM, "seq": 42}, {}),
    "room:sync": Example(
        {"cursors": {ROOM: 0}, "limit": 100}, {"rooms": {ROOM: PAGE}, "presence": {NEIGHBOUR: "active"}}),
    "room:history": Example({"room": ROOM, "before": 43, "limit": 50}, PAGE),
    "room:get": Example({"room": ROOM}, ROOM_SHEET),
    "room:list": Example({}, {"rooms": [ROOM_SHEET]}),
    "roster:publish": Example({"cmd_id": COMMAND, "room": ROOM, "roster": BYTES}, {"version": 2, "seq": 43}),
    "roster:list": Example(
        {"room": ROOM, "version": 1}, {"rosters": [{"version": 2, "seq": 43, "roster": BYTES}]}),
    "receipt:put": Example({"room": ROOM, "delivered": 42, "read": 40}, {}),
    "typing:set": Example({"room": ROOM, "on": True}, {}),
    "presence:set": Example({"state": "active"}, {}),
}  # fmt: skip
