"""Room events form a hash chain of their own, so that nobody can change or drop one unseen."""

import re
from collections.abc import Mapping
from typing import Any

from crypto.dkx import jcs
from crypto.dkx.error import EventError
from crypto.dkx.primitive import ZEROS32, h32, label

GENESIS = ZEROS32
"""What the first event of a room follows."""
FIELDS = frozenset({"at", "by", "cmd_id", "data", "room", "seq", "type"})
_EVENT = label("event")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def event_hash(previous: bytes, event: Mapping[str, Any]) -> bytes:
    """The 32-byte hash of an event that follows the event hashed ``previous`` (``GENESIS`` at the start).

    The event has exactly ``FIELDS``; ``at`` is ``YYYY-MM-DDTHH:MM:SSZ``; ``data`` is canonical JSON.
    """
    if len(previous) != len(GENESIS) or event.keys() != FIELDS:
        raise EventError("wrong fields")
    if not isinstance(event["at"], str) or not _TIME.fullmatch(event["at"]):
        raise EventError("a time in another form")
    return h32(_EVENT + previous + jcs.canonical(dict(event)))
