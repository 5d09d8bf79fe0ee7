"""Examples of things."""

from typing import Final

from api.examples.sample import DATES, ITEM, LINE, MONEY, OTHER, Example

RULES: Final = {
    "lead_min": 0, "horizon_days": 365, "min_min": 60, "max_days": 30, "turnaround_min": 60, "offer_ttl_min": None,
    "pending_blocks": False,
}  # fmt: skip
LISTING: Final = {
    "id": ITEM, "owner": OTHER, "title": "Bohrmaschine", "description": "Mit Koffer und Bohrern.",
    "tz": "Europe/Berlin", "tariff": {"day": 1200, "deposit": 5000, "cur": "EUR"}, "units": 1, "rules": RULES,
    "place": {"lat": 52.520212, "lon": 13.404953, "cell_m": 500}, "status": "active", "rev": 1,
    "created_at": "2026-06-27T08:00:00Z",
}  # fmt: skip

EXAMPLES: Final = {
    "item:create": Example(
        {"title": "Bohrmaschine", "description": "Mit Koffer und Bohrern.", "tariff": {"day": 1200, "deposit": 5000},
         "place": {"label": "Werkstatt", "address": "Dorfstraße 1", "lat": 52.521, "lon": 13.403},
         "rules": {"turnaround_min": 60}},
        LISTING),
    "item:get": Example({"item": ITEM}, LISTING),
    "item:list": Example({"limit": 20}, {"items": [LISTING]}),
    "item:calendar": Example({"item": ITEM}, {
        "item": ITEM, "rev": 3, "tz": "Europe/Berlin", "cap": 1,
        "full": [{"s": "2026-07-04T07:00:00Z", "e": "2026-07-05T09:00:00Z"}]}),
    "item:quote": Example({"item": ITEM, **DATES, "q": 1}, {"lines": [LINE], **MONEY, "days": 1}),
}  # fmt: skip
