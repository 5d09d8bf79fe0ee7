"""What is shown of a linking, to the devices of its account."""

from collections.abc import Sequence

from api.views.common import View, milliseconds
from crypto import b64
from hub.link import Link


def link(shown: Link) -> View:
    """How far it has come."""
    return {
        "link": shown.id,
        "step": shown.step.value,
        "expires": milliseconds(shown.expires_at),
        "commit": _bytes(shown.commit),
        "eph": _bytes(shown.eph),
        "revealed": _bytes(shown.revealed),
    }


def whole(shown: Link) -> View:
    """With the sealed keys, which only the new device can open."""
    return link(shown) | {"bundle": _bytes(shown.bundle)}


def links(found: Sequence[Link]) -> View:
    return {"links": [link(each) for each in found]}


def _bytes(value: bytes | None) -> str | None:
    return None if value is None else b64.encode(value)
