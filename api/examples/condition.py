"""Examples of protocols of condition."""

from typing import Final

from api.examples.sample import PHOTO, PROTOCOL, RENTAL, Example

SAID: Final = {
    "kind": "hand_over", "made_at": "2026-07-04T08:00:00Z", "q": 1, "condition": "good", "meter": "", "note": "Läuft.",
    "lines": [{"accessory": "Bohrer-Satz", "qty": 1, "found": 1, "note": ""}],
}  # fmt: skip
SHOWN: Final = SAID | {
    "id": PROTOCOL, "rental": RENTAL, "no": 1, "by": "owner", "rev": 1,
    "photos": [{"media": PHOTO, "sha256": "5a" * 32}], "after": None, "received_at": "2026-07-04T08:00:00Z",
    "hash": "6b" * 32, "sealed_at": None, "by_code": False,
}  # fmt: skip

EXAMPLES: Final = {
    "protocol:write": Example({"rental": RENTAL, "protocol": PROTOCOL, **SAID, "photos": [PHOTO]}, SHOWN),
    "protocol:confirm": Example(
        {"rental": RENTAL, "protocol": PROTOCOL, "hash": "6b" * 32}, SHOWN | {"sealed_at": "2026-07-04T08:02:00Z"}
    ),
    "protocol:list": Example({"rental": RENTAL}, {"protocols": [SHOWN]}),
    "mediation:protocols": Example({"rental": RENTAL}, {"protocols": [SHOWN]}),
}
