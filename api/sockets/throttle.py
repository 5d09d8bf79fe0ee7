"""Counting against a wall of time: so many per minute, for log lines and for connects of an address."""

from collections import Counter
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Final

MINUTE_S: Final = 60.0


class Throttle:
    """At most ``per_minute`` for each key in each minute; a dictionary that empties itself."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._began = monotonic()
        self._seen: Counter[str] = Counter()

    def allows(self, key: str = "") -> bool:
        """Count one; tell whether it is within the limit."""
        now = monotonic()
        if now - self._began >= MINUTE_S:
            self._began = now
            self._seen.clear()
        self._seen[key] += 1
        return self._seen[key] <= self.per_minute


def address_key(ip: str) -> str:
    """What counts as one caller: an IPv4 address, or the /64 a household gets in IPv6 (RFC 6177)."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return ip
