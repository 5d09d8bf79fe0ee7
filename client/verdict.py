"""What a refusal means for the bytes that were sent (realtime.md §5)."""

from enum import Enum, auto
from typing import Final

from client.errors import HubRefused

RESEAL_CODES: Final = frozenset({"devices_stale", "chain_stale", "keys_missing", "chain_index"})
"""The hub looked for the client id, did not find it, and refused: these bytes are not in the log and never will be."""
STORED_CODE: Final = "cid_mismatch"
"""Other bytes are stored under this client id: an earlier sealing got through after all, and the log will show it."""


class Verdict(Enum):
    """What a refusal means for the bytes that were sent."""

    RETRY = auto()
    RESEAL = auto()
    STORED = auto()
    FAILED = auto()


def judge(refusal: HubRefused) -> Verdict:
    """Only a typed refusal that proves the message was not stored allows other bytes; silence never does."""
    if refusal.code in RESEAL_CODES:
        return Verdict.RESEAL
    if refusal.code == STORED_CODE:
        return Verdict.STORED
    passing = refusal.retry or refusal.kind in {"rate_limited", "unavailable", "internal", "unauthenticated"}
    return Verdict.RETRY if passing else Verdict.FAILED
