"""Signing in as a demo neighbour by one click: shown with the demo on, to whoever sits at this machine, to nobody else.

What the buttons press is the ordinary sign-in by password; only that everybody knows this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from quart import Request

LOCAL = "localhost"


@dataclass(frozen=True)
class Resident:
    """Somebody of the demo village."""

    handle: str
    display_name: str
    email: str


@dataclass(frozen=True)
class Residents:
    """``password`` and recovery ``code`` are the same for all of them, and printed when the hub starts."""

    people: Sequence[Resident]
    password: str
    code: str


def at_this_machine(request: Request) -> bool:
    """Whether the request came from here, under a name of here, and through nobody else's hands.

    A tunnel or a proxy on this machine would make strangers look like neighbours; each shows by one of the three.
    """
    named = urlsplit(f"//{request.host}").hostname or ""
    passed_on = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via"))
    return not passed_on and _loopback(request.remote_addr or "") and (named == LOCAL or _loopback(named))


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
