"""One example for each act: what is asked and what is answered. The documentation shows them; tests run them.

Everything but ids and bytes is as the hub writes it.
"""

from typing import Final

from api.examples import (
    agreement,
    backup,
    block,
    changing,
    condition,
    consent,
    contract,
    device,
    export,
    feed,
    file,
    item,
    key,
    lending,
    link,
    media,
    notification,
    passkey,
    person,
    place,
    rental,
    report,
    review,
    room,
)
from api.examples.sample import Example

EXAMPLES: Final[dict[str, Example]] = (
    person.EXAMPLES
    | passkey.EXAMPLES
    | export.EXAMPLES
    | consent.EXAMPLES
    | block.EXAMPLES
    | notification.EXAMPLES
    | device.EXAMPLES
    | key.EXAMPLES
    | link.EXAMPLES
    | backup.EXAMPLES
    | place.EXAMPLES
    | item.EXAMPLES
    | feed.EXAMPLES
    | media.EXAMPLES
    | file.EXAMPLES
    | rental.EXAMPLES
    | review.EXAMPLES
    | lending.EXAMPLES
    | report.EXAMPLES
    | agreement.EXAMPLES
    | changing.EXAMPLES
    | condition.EXAMPLES
    | contract.EXAMPLES
    | room.EXAMPLES
)
