"""Examples of places."""

from typing import Final

from api.examples.sample import PLACE, Example

HOURS: Final = {
    "kind": "workshop",
    "windows": [{"dow": 5, "opens": "17:00", "closes": "19:00"}],
    "exceptions": [{"date": "2026-12-25", "opens": None, "closes": None}],
}
NEW: Final = {
    "label": "Werkstatt", "address": "Dorfstraße 1", "lat": 52.521, "lon": 13.403,
    "instructions": "Durch die Einfahrt, das blaue Tor.", **HOURS,
}  # fmt: skip
OWN: Final = {"id": PLACE, **NEW, "public": {"lat": 52.522009, "lon": 13.401809}, "rev": 1}

EXAMPLES: Final = {
    "place:create": Example(NEW, OWN),
    "place:list": Example({}, {"places": [OWN]}),
    "place:update": Example({"place": PLACE, "expected_rev": 1, **NEW}, OWN | {"rev": 2}),
    "place:delete": Example({"place": PLACE}, {}),
}
