"""What counts as one caller when uses are counted by address."""

from ipaddress import IPv6Address, ip_address, ip_network


def caller(ip: str) -> str:
    """An IPv4 address, or the /64 that a household gets in IPv6 (RFC 6177)."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return ip
