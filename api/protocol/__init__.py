"""THE table: each act of the hub once, with its event, route, wire model, use case, who may, how often and the answer.

Both doors and the documentation are generated from it; what live sockets are told is the closed set in ``api.tells``.
The rows stand by topic in the modules beside this one.
"""

from collections.abc import Mapping
from typing import Final

from api.protocol import (
    agreement,
    backup,
    block,
    changing,
    condition,
    consent,
    contract,
    device,
    export,
    failing,
    feed,
    file,
    item,
    key,
    lending,
    link,
    media,
    mediation,
    notification,
    passkey,
    person,
    place,
    rental,
    report,
    review,
    room,
)
from api.protocol.act import Act, Raw

__all__ = ["ACTS", "BY_EVENT", "Act", "Raw"]

ACTS: Final[tuple[Act, ...]] = (
    *person.ACTS,
    *passkey.ACTS,
    *export.ACTS,
    *consent.ACTS,
    *block.ACTS,
    *notification.ACTS,
    *device.ACTS,
    *key.ACTS,
    *link.ACTS,
    *backup.ACTS,
    *place.ACTS,
    *item.ACTS,
    *feed.ACTS,
    *media.ACTS,
    *file.ACTS,
    *rental.ACTS,
    *review.ACTS,
    *changing.ACTS,
    *lending.ACTS,
    *failing.ACTS,
    *condition.ACTS,
    *contract.ACTS,
    *mediation.ACTS,
    *report.ACTS,
    *agreement.ACTS,
    *room.ACTS,
)

BY_EVENT: Final[Mapping[str, Act]] = {row.event: row for row in ACTS}
