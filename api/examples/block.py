"""Examples of blocking."""

from typing import Final

from api.examples.sample import NEIGHBOUR, OTHER, Example

EXAMPLES: Final = {
    "block:put": Example({"user": NEIGHBOUR}, {}),
    "block:remove": Example({"user": NEIGHBOUR}, {}),
    "block:list": Example({}, {"blocks": [{"user": OTHER, "since": "2026-06-27T08:00:00Z"}]}),
}
