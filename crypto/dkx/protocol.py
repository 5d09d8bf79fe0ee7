"""The seal of a condition protocol: one hash over what was written down and photographed at a handover or return."""

from collections.abc import Mapping
from typing import Any

from crypto.dkx import jcs
from crypto.dkx.error import ProtocolError, ShapeError
from crypto.dkx.primitive import h32, label
from crypto.dkx.shape import hexed

_PROTOCOL = label("protocol")


def sealed_hash(protocol: Mapping[str, Any]) -> bytes:
    """32 bytes; ``media`` holds the 64-digit hashes of the photographs, whose order does not count."""
    media = protocol.get("media")
    try:
        hashes = [hexed(32)(each).hex() for each in media] if isinstance(media, list) else None
    except ShapeError as error:
        raise ProtocolError("a medium is named by 64 hex digits") from error
    if hashes is None or len(set(hashes)) < len(hashes):
        raise ProtocolError("media are a list of different hashes")
    return h32(_PROTOCOL + jcs.canonical({**protocol, "media": sorted(hashes)}))
