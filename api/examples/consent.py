"""Examples of the operator's texts and consents to them."""

from typing import Final

from api.examples.sample import MS, Example

TERMS: Final = {"doc": "terms", "version": 2, "at": MS}
CONSENTS: Final = {"given": [TERMS], "due": [{"doc": "privacy", "version": 1, "at": MS}]}

EXAMPLES: Final = {
    "terms:list": Example({}, {"terms": [TERMS]}),
    "terms:get": Example(
        {"doc": "terms", "version": 2}, TERMS | {"texts": {"de": "# Regeln\n…", "en": "# Rules\n…"}}),
    "consent:give": Example({"doc": "terms", "version": 2}, CONSENTS),
    "consent:list": Example({}, CONSENTS),
}  # fmt: skip
