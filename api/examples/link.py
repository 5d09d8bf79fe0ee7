"""Examples of linking a device."""

from typing import Final

from api.examples.sample import BYTES32, LINK, MS, Example

SHOWN: Final = {
    "link": LINK, "step": "revealed", "expires": MS + 300_000, "commit": BYTES32, "eph": BYTES32,
    "revealed": "A" * 170 + "Q",
}  # fmt: skip
BUNDLE: Final = "A" * 120

EXAMPLES: Final = {
    "link:open": Example({"link": LINK, "commit": BYTES32}, SHOWN),
    "link:answer": Example({"link": LINK, "eph": BYTES32}, SHOWN),
    "link:reveal": Example({"link": LINK, "revealed": SHOWN["revealed"]}, SHOWN),
    "link:bundle": Example({"link": LINK, "bundle": BUNDLE}, SHOWN),
    "link:get": Example({"link": LINK}, SHOWN | {"bundle": BUNDLE}),
    "link:list": Example({}, {"links": [SHOWN]}),
    "link:close": Example({"link": LINK}, {}),
}  # fmt: skip
