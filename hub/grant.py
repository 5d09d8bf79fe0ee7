"""Letting an app of the operator's choice act for a person, without it ever seeing a password (OAuth 2.1). Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.ids import SessionId, UserId

_LOOPBACK: Final = re.compile(r"http://(127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?(/.*)?")


@dataclass(frozen=True, slots=True)
class App:
    """A public client: it cannot keep a secret, so what counts is where codes are sent and who can redeem them."""

    id: str
    name: str
    redirects: tuple[str, ...]

    def may_redirect(self, wanted: str) -> bool:
        """Exactly one of its addresses; on the person's own machine any port will do (RFC 8252 section 7.3)."""
        return wanted in self.redirects or _without_port(wanted) in self.redirects


@dataclass(frozen=True, slots=True)
class Grant:
    """What stands behind a code, for a minute: ``challenge`` is the hash of what its redeemer must know.

    ``session`` is the one that the code will open; ``confirmed_at`` is when the person proved to be there.
    """

    user: UserId
    app: str
    redirect: str
    challenge: str
    session: SessionId
    confirmed_at: datetime
    expires_at: datetime


def _without_port(address: str) -> str:
    found = _LOOPBACK.fullmatch(address)
    return f"http://{found[1]}{found[3] or ''}" if found and found[2] else ""
