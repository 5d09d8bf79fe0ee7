"""Examples of the backup."""

from typing import Final

from api.examples.sample import Example

BLOB: Final = "A" * 237 + "Q"
ENTRY: Final = "A" * 255
MANIFEST: Final = "A" * 152
COUNTERS: Final = {"version": 1, "generation": 0, "manifest_version": 4, "count": 31, "last": 31}

EXAMPLES: Final = {
    "backup:put": Example({"version": 0, "code": BLOB, "passkey": BLOB, "fresh": False}, COUNTERS),
    "backup:add": Example({"entries": [ENTRY], "manifest": MANIFEST}, COUNTERS),
    "backup:get": Example({}, {
        "version": 1, "generation": 0, "code": BLOB, "passkey": None, "manifest": MANIFEST, "manifest_version": 4,
        "count": 31}),
    "backup:list": Example({"after": 30, "limit": 200}, {
        "entries": [ENTRY], "last": 31, "generation": 0, "manifest": MANIFEST, "manifest_version": 4}),
}  # fmt: skip
