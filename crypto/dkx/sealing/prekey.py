"""How long prekeys live, and what their age means (e2ee.md §2 and §3e)."""

from enum import StrEnum

from crypto.dkx.primitive import DAY_MS
from crypto.dkx.spk import Spk

RENEW_AFTER_MS = 7 * DAY_MS
ERASE_AFTER_MS = 42 * DAY_MS
"""Counted from when the prekey was replaced."""
STALE_AFTER_MS = 35 * DAY_MS
EXPIRED_AFTER_MS = 180 * DAY_MS
OPK_COUNT = 50
OPK_REFILL_BELOW = 20
OPK_KEEP_MS = DAY_MS
"""How long a used one-time prekey is kept."""


class Freshness(StrEnum):
    """``STALE`` is used but marked; with ``EXPIRED`` no packet is made, the message waits."""

    FRESH = "fresh"
    STALE = "stale"
    EXPIRED = "expired"


def freshness(spk: Spk, now_ms: int) -> Freshness:
    """What the age of another device's prekey allows."""
    age = now_ms - spk.created
    if age > EXPIRED_AFTER_MS:
        return Freshness.EXPIRED
    return Freshness.STALE if age > STALE_AFTER_MS else Freshness.FRESH


def is_due(spk: Spk, now_ms: int) -> bool:
    """Whether this device should publish its next prekey."""
    return not 0 <= now_ms - spk.created < RENEW_AFTER_MS


def is_rolled_back(replaced_at_ms: int | None, created: int) -> bool:
    """Whether a packet made at ``created`` used a prekey replaced more than a day before: warn ``spk_rollback``.

    The hub may have handed out an old prekey; ``replaced_at_ms`` is None for the current one.
    """
    return replaced_at_ms is not None and created - replaced_at_ms > DAY_MS
