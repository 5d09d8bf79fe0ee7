"""Examples of notifications."""

from typing import Final

from api.examples.sample import NOTICE, NOTIFICATION, Example

EXAMPLES: Final = {
    "notification:list": Example({}, {"notifications": [NOTICE], "unread": 1}),
    "notification:read": Example({"notification": NOTIFICATION, "older": True}, {"unread": 0}),
}
