"""Examples of prekeys and chain keys."""

from typing import Final

from api.examples.device import LIST
from api.examples.sample import BYTES, BYTES32, DEVICE, NEIGHBOUR, ROOM, SESSION, SID, Example

WANTED: Final = {"room": ROOM, "device": DEVICE, "chain": SID, "to": SESSION}
ONE_TIME: Final = {"id": 7, "key": BYTES32}

EXAMPLES: Final = {
    "prekey:publish": Example({"spk": BYTES, "one_time": [ONE_TIME]}, {"left": 50, "next": 58}),
    "key:claim": Example(
        {"accounts": [NEIGHBOUR]},
        {"accounts": {NEIGHBOUR: {
            "aik": BYTES32, **LIST, "prekeys": {DEVICE: BYTES}, "one_time": {DEVICE: ONE_TIME}}}}),
    "key:request": Example({"room": ROOM, "device": DEVICE, "chain": SID}, {"asked": True, "packets": [BYTES]}),
    "key:put": Example(WANTED | {"pkt": BYTES}, {}),
    "key:list": Example({}, {"wanted": [WANTED]}),
}  # fmt: skip
