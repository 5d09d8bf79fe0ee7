"""Examples of devices and their keys."""

from typing import Final

from api.examples.sample import BYTES, BYTES32, BYTES64, DEVICE, MS, NEIGHBOUR, ROOM, SID, Example

LIST: Final = {"epoch": 1, "version": 2, "cert": BYTES, "list": BYTES}

EXAMPLES: Final = {
    "device:challenge": Example({}, {"challenge": BYTES32, "expires": MS + 300_000}),
    "device:prove": Example(
        {"device": DEVICE, "challenge": BYTES32, "signature": BYTES64},
        {"access": "eyJhbGciOi.eyJpc3Mi.c2ln", "access_expires": MS + 600_000}),
    "device:publish": Example({"aik": BYTES32, "cert": BYTES, "list": BYTES}, {"epoch": 1, "version": 1}),
    "identity:reset": Example({"aik": BYTES32, "cert": BYTES, "list": BYTES}, {"epoch": 2, "version": 1}),
    "device:list": Example(
        {"user": NEIGHBOUR, "epoch": 1, "version": 1}, {"account": NEIGHBOUR, "aik": BYTES32, "lists": [LIST]}),
    "chain:last": Example({"room": ROOM, "chain": SID}, {"index": 7}),
}  # fmt: skip
