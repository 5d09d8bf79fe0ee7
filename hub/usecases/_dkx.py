"""Small steps shared by the acts that handle DKX-1 documents."""

from hub.ports import Ports


def now_ms(ports: Ports) -> int:
    """The real time as documents write it: milliseconds since 1970."""
    return int(ports.clock.real().timestamp() * 1000)
