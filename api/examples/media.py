"""Examples of photos."""

from typing import Final

from api.examples.sample import MS, PHOTO, Example
from hub.photo import SIZES

PICTURE: Final = {
    "id": PHOTO, "width": 4032, "height": 3024, "colour": "#a37b4c", "alt": "Bohrmaschine im offenen Koffer",
    "sizes": [
        {"size": size, "width": size, "height": size * 3 // 4, "url": f"/media/{PHOTO}-{size}.webp"} for size in SIZES],
}  # fmt: skip
OWN: Final = PICTURE | {"hash": "c3a5968b0d1e2f70", "bytes": 412_310, "created_at": MS}

EXAMPLES: Final = {
    "media:upload": Example({"alt": PICTURE["alt"]}, OWN),
    "media:get": Example({"media": PHOTO}, OWN),
    "media:delete": Example({"media": PHOTO}, {}),
}
