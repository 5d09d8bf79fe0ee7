"""People, their sessions and who is acting: plain data and the checks that need no store."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from hub.errors import Forbidden, Invalid, Unauthenticated
from hub.ids import DeviceId, SessionId, UserId

PASSWORD_MIN, PASSWORD_MAX = 8, 128
RECENT: Final = timedelta(minutes=5)
"""How long a proof of who is there lasts for what should not happen behind somebody's back (security.md N11)."""
NAME_MAX = 60
HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9_-]{1,28})[a-z0-9]")
EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190}")


class UserRole(StrEnum):
    """What a person may do beyond being a member; granted by an admin or the command line."""

    MODERATOR = "moderator"
    ADMIN = "admin"


class Objection(StrEnum):
    """What a person may object to (GDPR Art. 21): uses that rest on the hub's interest and that it can do without."""

    RELIABILITY = "reliability"
    """Figures drawn from how their rentals went, shown to all neighbours."""


@dataclass(frozen=True, slots=True)
class User:
    """One neighbour. ``email`` is normalised and kept encrypted by the store; ``handle`` is public.

    ``restricted_at``: since when what is known of them is kept and not used (GDPR Art. 18): neighbours do not find
    them or their things, nothing new begins, and no term ends.
    """

    id: UserId
    handle: str
    display_name: str
    email: str
    locale: str
    created_at: datetime
    roles: frozenset[UserRole] = frozenset()
    suspended: bool = False
    email_verified: bool = False
    restricted_at: datetime | None = None
    objections: frozenset[Objection] = frozenset()

    @property
    def shown(self) -> bool:
        """Whether strangers may find them."""
        return not self.suspended and self.restricted_at is None

    @property
    def measured(self) -> bool:
        """Whether figures may be drawn from what they did."""
        return self.restricted_at is None and Objection.RELIABILITY not in self.objections


def erased_user(user: UserId) -> User:
    """What is left of somebody who was erased: an id without a name."""
    return User(user, "", "", "", "", datetime.fromtimestamp(0, UTC))


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in. The refresh secret is known only as the hash of its current and previous form.

    ``pending``: the password was right and the second factor is still to come. ``confirmed_at``: when the person last
    proved to be there. ``known``: on a device where they have signed in before. ``app``: for an app that they let in.
    """

    id: SessionId
    user: UserId
    refresh_hash: bytes
    previous_hash: bytes | None
    rotated_at: datetime
    created_at: datetime
    expires_at: datetime
    client: str
    device: DeviceId | None = None
    revoked: bool = False
    pending: bool = False
    confirmed_at: datetime | None = None
    known: bool = False
    app: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a client keeps: a short access token and the refresh token that replaces both.

    ``pending``: with these nothing can be done but to give the second factor, within ten minutes. ``known`` is for the
    next sign-in on the same device, so that nobody is told of a new one; empty while pending.
    """

    user: UserId
    session: SessionId
    access: str
    access_expires: datetime
    refresh: str
    refresh_expires: datetime
    pending: bool = False
    known: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: proven by an access token; ``device`` only after its ``login`` signature.

    ``pending`` and ``confirmed_at`` are the session's.
    """

    user: UserId
    session: SessionId
    device: DeviceId | None = None
    roles: frozenset[UserRole] = frozenset()
    pending: bool = False
    confirmed_at: datetime | None = None

    def proven_device(self) -> DeviceId:
        """The device that signed in, or the refusal that asks for the proof."""
        if self.device is None:
            raise Unauthenticated("device_required")
        return self.device

    def require_recent(self, now: datetime) -> None:
        """Pass only who has shown within the last five minutes that they are there themselves."""
        if self.confirmed_at is None or not now - RECENT <= self.confirmed_at:
            raise Unauthenticated("confirmation_required")

    def has(self, role: UserRole) -> bool:
        return role in self.roles or UserRole.ADMIN in self.roles

    def require(self, role: UserRole) -> None:
        if not self.has(role):
            raise Forbidden("role_required", {"role": role.value})


def normalise_email(raw: str) -> str:
    """Lower-cased and trimmed; refuses what cannot be an address (deliverability is proven by mail, not here)."""
    email = raw.strip().casefold()
    if not EMAIL.fullmatch(email):
        raise Invalid("bad_email", {"field": "email"})
    return email


def check_handle(raw: str) -> str:
    handle = raw.strip().casefold()
    if not HANDLE.fullmatch(handle):
        raise Invalid("bad_handle", {"field": "handle"})
    return handle


def check_display_name(raw: str) -> str:
    name = " ".join(raw.split())
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise Invalid("bad_display_name", {"field": "display_name"})
    return name
