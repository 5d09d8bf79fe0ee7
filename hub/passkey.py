"""A passkey: a key pair on a person's device that signs them in; the hub knows its public half."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.ids import PasskeyId, UserId

MAX_PASSKEYS: Final = 20


@dataclass(frozen=True, slots=True)
class Passkey:
    """``credential`` is the authenticator's name for it, ``count`` how often it has signed (0 where it never counts).

    ``synced``: its owner has it on other devices, too.
    """

    id: PasskeyId
    user: UserId
    name: str
    credential: bytes
    key: bytes
    count: int
    synced: bool
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """Random bytes to be signed once, before ``expires``."""

    challenge: bytes
    expires: datetime
