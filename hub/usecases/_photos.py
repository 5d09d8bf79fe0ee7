"""Photos that acts about other things show."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from hub.errors import Invalid, NotFound
from hub.ids import MediaId, UserId
from hub.photo import MAX_PER_ITEM
from hub.ports import Ports

UNSHOWN: Final = timedelta(hours=24)
"""How long a photo stays that nothing shows."""


async def claim_photos(ports: Ports, owner: UserId, media: Sequence[MediaId]) -> None:
    """See that all are this person's, and keep them until what shows them is stored: call it just before that.

    NotFound("photo_not_found"), Invalid("too_many") for more than a thing may show or one that comes twice.
    """
    if len(media) > MAX_PER_ITEM or len(set(media)) < len(media):
        raise Invalid("too_many", {"field": "media", "max": MAX_PER_ITEM})
    now = ports.clock.real()
    if media and not await ports.media.claim(owner, media, now, now + UNSHOWN):
        raise NotFound("photo_not_found")
