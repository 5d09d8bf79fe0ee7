"""Somebody as another server knows them: the issuer and its name for them, never an e-mail address."""

from dataclasses import dataclass
from datetime import datetime

from hub.ids import IdentityId, UserId


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a provider said, checked. ``email`` only where it has verified it; the rest are suggestions."""

    provider: str
    issuer: str
    subject: str
    email: str = ""
    name: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """By this a person may sign in; ``provider`` is the operator's name for the issuer."""

    id: IdentityId
    user: UserId
    provider: str
    issuer: str
    subject: str
    created_at: datetime
    used_at: datetime | None = None
