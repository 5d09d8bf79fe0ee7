"""Examples of one's own calendar."""

from typing import Final

from api.examples.sample import Example

SINCE: Final = "2026-06-27T08:00:00Z"

EXAMPLES: Final = {
    "feed:get": Example({}, {"since": SINCE, "url": None}),
    "feed:renew": Example({}, {"since": SINCE, "url": "https://kiste.example/feeds/" + "A" * 42 + "E.ics"}),
    "feed:revoke": Example({}, {"since": None, "url": None}),
}
