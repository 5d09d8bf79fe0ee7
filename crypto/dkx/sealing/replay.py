"""Whether an envelope was here before: an index of a chain is used for one envelope only."""

from collections.abc import MutableMapping

from crypto.dkx.envelope import EnvelopeHeader
from crypto.dkx.error import ReplayError

Slot = tuple[bytes, bytes, bytes, int]
"""(room, device, chain, index)"""


def slot(header: EnvelopeHeader) -> Slot:
    """Where an envelope stands; each slot is used once."""
    return header.room, header.device, header.chain, header.index


def is_new(known: bytes | None, envhash: bytes) -> bool:
    """True if nothing is ``known`` in the slot, False for the same envelope again, ``ReplayError`` for another."""
    if known is not None and known != envhash:
        raise ReplayError("another envelope with an index that was used")
    return known is None


class ReplayRegister:
    """Remembers the hash seen in each slot; ``seen`` may be any mapping, so that it can live in a database."""

    def __init__(self, seen: MutableMapping[Slot, bytes] | None = None) -> None:
        self._seen = {} if seen is None else seen

    def note(self, header: EnvelopeHeader, envhash: bytes) -> bool:
        """As ``is_new``, and remembered. Only after the envelope was opened, or a forger could take the slot."""
        place = slot(header)
        fresh = is_new(self._seen.get(place), envhash)
        if fresh:
            self._seen[place] = envhash
        return fresh
