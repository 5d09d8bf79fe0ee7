"""Typed ids: 16 random bytes, written as 32 lower-case hex digits everywhere but inside DKX-1 bytes."""

import hashlib
import re
import secrets
from typing import NewType

UserId = NewType("UserId", str)
SessionId = NewType("SessionId", str)
DeviceId = NewType("DeviceId", str)
LinkId = NewType("LinkId", str)
ItemId = NewType("ItemId", str)
PlaceId = NewType("PlaceId", str)
RentalId = NewType("RentalId", str)
RoomId = NewType("RoomId", str)
MediaId = NewType("MediaId", str)
FileId = NewType("FileId", str)
ReviewId = NewType("ReviewId", str)
NotificationId = NewType("NotificationId", str)
ReportId = NewType("ReportId", str)
BlockId = NewType("BlockId", str)
PasskeyId = NewType("PasskeyId", str)
IdentityId = NewType("IdentityId", str)
ProtocolId = NewType("ProtocolId", str)
SubscriptionId = NewType("SubscriptionId", str)
ExportId = NewType("ExportId", str)
CommandId = NewType("CommandId", str)
"""Chosen by the client, unique per rental: the same command sent twice is applied once."""

ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """128 random bits as 32 hex digits; wrap it in the id type it is for."""
    return secrets.token_hex(16)


def derived_id(*parts: str) -> str:
    """Always the same for the same parts, for what follows from something and must exist once."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
