"""Times as the wire writes them: integer milliseconds for messages and documents, RFC 3339 UTC for the rental world."""

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """Milliseconds since 1970 by this machine's clock."""
    return time.time_ns() // 1_000_000


def write_time(moment: datetime) -> str:
    """A whole minute or second as ``2026-07-04T08:00:00Z``; the datetime must know its zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(written: str) -> datetime:
    return datetime.fromisoformat(written)


def as_ms(written: str | int) -> int:
    """Either form as milliseconds since 1970."""
    return written if isinstance(written, int) else int(read_time(written).timestamp() * 1000)
