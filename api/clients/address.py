"""Which addresses of the Internet the hub may call: public ones, and never what only looks public."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

UNICAST: Final = IPv6Network("2000::/3")
"""All of IPv6 that is given to anybody (RFC 4291, 2.4); mapped, compatible and site-local addresses lie outside."""
NAT64: Final = IPv6Network("64:ff9b::/96")
"""An IPv4 address as an IPv6-only network writes it (RFC 6052)."""
ANYCAST_6TO4: Final = IPv4Address("192.88.99.1")


def is_public(ip: str) -> bool:
    """Whether ``ip`` is somewhere on the open Internet, so that a caller may learn what it answers."""
    address = ip_address(ip)
    return _public_4(address) if isinstance(address, IPv4Address) else _public_6(address)


def is_loopback(ip: str) -> bool:
    """Whether ``ip`` is this very machine, written plainly."""
    return ip_address(ip).is_loopback


def _public_4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and address != ANYCAST_6TO4


def _public_6(address: IPv6Address) -> bool:
    if address in NAT64:
        return _public_4(IPv4Address(int(address) & 0xFFFFFFFF))
    tunnelled = address.sixtofour is not None or address.teredo is not None
    return address in UNICAST and address.is_global and not tunnelled
