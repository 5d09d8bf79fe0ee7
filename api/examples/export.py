"""Examples of copies for oneself."""

from typing import Final

from api.examples.sample import BYTES32, MS, Example

EXPORT: Final = "d7e8f90112233445566778899aabbccd"
STATE: Final = {
    "id": EXPORT, "ready": False, "done": 0, "of": 0, "bytes": 0, "created_at": MS, "expires_at": MS + 604_800_000,
}  # fmt: skip

EXAMPLES: Final = {
    "export:start": Example({}, STATE),
    "export:get": Example({"export": EXPORT}, STATE | {"ready": True, "done": 14, "of": 14, "bytes": 1_204_511}),
    "export:link": Example({"export": EXPORT}, {"path": f"/exports/{BYTES32}", "expires_at": MS + 600_000}),
}
