"""Examples of signed agreements."""

from typing import Final

from api.examples.sample import (
    BYTES,
    COMMAND,
    DATES,
    DEVICE,
    HASH,
    LATER,
    MS,
    NEIGHBOUR,
    RENTAL,
    ROOM,
    USER,
    Example,
)

SAYS: Final = {
    "v": 1, "kind": "agreement", "hub": "https://kiste.example", "room": ROOM, "rental": RENTAL, "offer_rev": 1,
    "parties": [{"account": USER, "aik": HASH, "role": "renter"}, {"account": NEIGHBOUR, "aik": HASH, "role": "owner"}],
    "item": "Bohrmaschine", "from": DATES["start"], "to": DATES["end"], "price_cents": 1200, "deposit_cents": 5000,
    "currency": "EUR", "terms_hash": HASH, "valid_until": "2026-07-04T09:00:00Z",
}  # fmt: skip
DRAFT: Final = {"digest": HASH, "document": BYTES, "says": SAYS}
RECORD: Final = "A" * 182 + "A"
SIGNATURE: Final = {
    "party": "renter", "device": DEVICE, "signed_at": MS, "witnessed_at": MS + 300, "record": RECORD, "notary": BYTES,
}  # fmt: skip
OFFERED: Final = DRAFT | {"standing": "open", "at": LATER, "signatures": [SIGNATURE], "withdrawal": None}
TAKEN_BACK: Final = OFFERED | {"standing": "withdrawn", "withdrawal": {"document": BYTES} | SIGNATURE}
BUNDLE: Final = {"name": "agreement-50cf82a3.zip", "zip": BYTES}

EXAMPLES: Final = {
    "agreement:draft": Example({"rental": RENTAL}, DRAFT),
    "agreement:sign": Example(
        {"cmd_id": COMMAND, "rental": RENTAL, "document": BYTES, "signature": RECORD},
        {"agreements": [TAKEN_BACK, OFFERED], "seq": 5}),
    "agreement:list": Example({"rental": RENTAL}, {"agreements": [TAKEN_BACK, OFFERED]}),
    "agreement:bundle": Example({"rental": RENTAL}, BUNDLE),
    "mediation:bundle": Example({"rental": RENTAL}, BUNDLE),
    "notary:get": Example({}, {"key": HASH, "retired": []}),
}  # fmt: skip
