"""What is seen of places: by their owner all, by everybody else when somebody is in."""

from collections.abc import Sequence
from dataclasses import asdict

from api.views.common import View
from hub.place import Place


def place(found: Place) -> View:
    """One's own place, exactly."""
    return {
        "id": found.id,
        "label": found.label,
        "address": found.address,
        "lat": found.exact.lat,
        "lon": found.exact.lon,
        "public": {"lat": found.public.lat, "lon": found.public.lon},
        "instructions": found.instructions,
        **handover(found),
        "rev": found.rev,
    }


def places(found: Sequence[Place]) -> View:
    return {"places": [place(each) for each in found]}


def handover(found: Place) -> View:
    """What kind of place it is and when things change hands there; nothing of where it is."""
    return {
        "kind": found.kind,
        "windows": [asdict(window) for window in found.windows],
        "exceptions": [asdict(day) for day in found.exceptions],
    }
