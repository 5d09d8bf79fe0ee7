"""Examples of encrypted attachments."""

from typing import Final

from api.examples.sample import FILE, ROOM, SID, Example

ARRIVING: Final = {"id": FILE, "room": ROOM, "size": 131_132, "offset": 0}

EXAMPLES: Final = {
    "file:begin": Example({"file": FILE, "room": ROOM, "cid": SID, "size": 131_132}, ARRIVING),
    "file:put": Example({"file": FILE, "offset": 0}, ARRIVING | {"offset": 131_132}),
    "file:delete": Example({"file": FILE}, {}),
}
