"""Examples of contracts and transfers."""

from typing import Final

from api.examples.sample import DATES, LINE, MONEY, RENTAL, Example

TERMS: Final = {**DATES, "q": 1, **MONEY, "lines": [LINE], "negotiated": False, "place": None}
BILLING: Final = {"holder": "Anna Berg", "iban": "DE02120300000000202051", "trader": None}

EXAMPLES: Final = {
    "contract:get": Example({"rental": RENTAL}, {
        "rental": RENTAL, "legal": "rent", "template": "1", "lang": "de", "agreed_at": "2026-06-27T08:00:00Z",
        "terms": TERMS, "sections": [{"head": "Miete", "text": "Anna Berg vermietet an Bernd Voss eine Säge."}],
        "hash": "7c" * 32}),
    "payment:transfer": Example({"rental": RENTAL}, {
        "holder": "Anna Berg", "iban": "DE02120300000000202051", "amount": 1200, "cur": "EUR",
        "reference": "Bohrmaschine 50cf82a3",
        "girocode": "BCD\n002\n1\nSCT\n\nAnna Berg\nDE02120300000000202051\nEUR12.00\n\n\nBohrmaschine 50cf82a3",
        "svg": "<svg></svg>"}),
    "billing:get": Example({}, BILLING),
    "billing:put": Example({"holder": "Anna Berg", "iban": "DE02 1203 0000 0000 2020 51"}, BILLING),
}  # fmt: skip
