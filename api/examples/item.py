"""Examples of things."""

from typing import Final

from api.examples.media import PICTURE
from api.examples.place import HOURS
from api.examples.place import NEW as PLACE_NEW
from api.examples.sample import (
    BLOCK,
    DATES,
    ITEM,
    LATER,
    LINE,
    ME,
    MONEY,
    OTHER,
    PHOTO,
    PLACE,
    RENTAL,
    ROOM,
    SUBSCRIPTION,
    Example,
    Json,
)

RULES: Final = {
    "lead_min": 0, "horizon_days": 365, "min_min": 60, "max_days": 30, "turnaround_min": 60, "offer_ttl_min": None,
    "pending_blocks": False, "instant": False, "min_trust": 0, "step_min": 15, "per_person": None,
}  # fmt: skip
TARIFF: Final = {
    "minute": None, "hour": 300, "day": 1200, "weekend": 2000, "week": 5000, "month": None, "min_total": 0,
    "grace_min": 30, "season": [{"first": "05-01", "last": "08-31", "percent": 125}],
    "long": [{"from_days": 14, "percent": 10}], "deposit": 5000,
    "late_fee": {"cap": 6000, "per_hour": None, "per_day": 1500}, "cur": "EUR",
}  # fmt: skip
LISTING: Final = {
    "id": ITEM, "owner": OTHER, "title": "Bohrmaschine", "description": "Mit Koffer und Bohrern.", "lang": "de",
    "translation": {"lang": "en", "title": "Drill", "description": "With case and bits."},
    "category": "power-tools", "fields": {"power_w": 850, "drive": "mains"}, "condition": "good",
    "accessories": [{"name": "Bohrer-Satz", "qty": 1}], "safety": "Schutzbrille tragen.", "policy": "flexible",
    "prereqs": ["deposit"], "photos": [PICTURE],
    "tz": "Europe/Berlin", "tariff": TARIFF, "units": 1, "rules": RULES,
    "place": {"lat": 52.520212, "lon": 13.404953, "cell_m": 500}, "status": "active", "rev": 1,
    "created_at": "2026-06-27T08:00:00Z",
}  # fmt: skip
OWN: Final = LISTING | {
    "owner": ME, "accessories": [{"name": "Bohrer-Satz", "qty": 1, "value": 2500}], "place_id": PLACE, "value": 18_000,
    "media": [PHOTO],
    "unit_labels": ["rot"],
}  # fmt: skip
CONTENT: Final = {
    "title": "Bohrmaschine", "description": "Mit Koffer und Bohrern.", "tariff": TARIFF,
    "rules": {"turnaround_min": 60}, "category": "power-tools", "fields": {"power_w": 850, "drive": "mains"},
    "translation": {"lang": "en", "title": "Drill", "description": "With case and bits."}, "condition": "good",
    "accessories": [{"name": "Bohrer-Satz", "qty": 1, "value": 2500}], "value": 18_000, "unit_labels": ["rot"],
    "safety": "Schutzbrille tragen.", "policy": "flexible",
    "prereqs": ["deposit"],
}  # fmt: skip
BLOCKS: Final = {"item": ITEM, "rev": 4, "blocks": [
    {"id": BLOCK, "start": DATES["start"], "end": DATES["end"], "q": None, "note": "Urlaub"}]}  # fmt: skip
SUBSCRIPTIONS: Final[Json] = {
    "subscriptions": [
        {
            "id": SUBSCRIPTION,
            "host": "calendar.example",
            "q": None,
            "checked_at": "2026-06-27T08:00:00Z",
            "read_at": "2026-06-27T08:00:00Z",
            "events": 3,
            "unread": 0,
            "error": None,
            "clashes": [],
        }
    ]
}
MOVE: Final = {"item": ITEM, "expected_rev": 1}
CATEGORY: Final = {
    "id": "power-tools", "path": ["tools", "power-tools"],
    "names": {"de": "Elektrowerkzeuge", "en": "Power tools"}, "icon": "drill", "order": 1, "flags": [],
    "fields": [
        {"id": "power_w", "names": {"de": "Leistung", "en": "Power"}, "kind": "integer", "unit": "W", "min": 1,
         "max": 20_000, "options": []},
        {"id": "drive", "names": {"de": "Antrieb", "en": "Drive"}, "kind": "choice", "unit": "", "min": None,
         "max": None, "options": [{"id": "mains", "names": {"de": "Netz", "en": "Mains"}}]},
    ],
}  # fmt: skip

EXAMPLES: Final = {
    "category:list": Example({}, {"categories": [CATEGORY]}),
    "item:create": Example({**CONTENT, "place": PLACE_NEW}, OWN),
    "item:update": Example({**CONTENT, "item": ITEM, "expected_rev": 1}, OWN | {"rev": 2}),
    "item:publish": Example(MOVE, OWN | {"rev": 2}),
    "item:pause": Example(MOVE, OWN | {"rev": 2, "status": "paused"}),
    "item:resume": Example(MOVE, OWN | {"rev": 2}),
    "item:archive": Example(MOVE, OWN | {"rev": 2, "status": "archived"}),
    "item:restore": Example(MOVE, OWN | {"rev": 2, "status": "paused"}),
    "item:duplicate": Example({"item": ITEM}, OWN | {"status": "draft"}),
    "item:delete": Example(MOVE, {}),
    "item:get": Example({"item": ITEM}, LISTING),
    "item:search": Example(
        {"text": "Bormaschine", "category": "tools", "lat": 52.52, "lon": 13.41, "within_m": 5000, **DATES,
         "price": 2000, "sort": "distance", "limit": 24},
        {"items": [LISTING | {"distance_m": 700}], "after": "700.0." + ITEM}),
    "item:page": Example({"item": ITEM, "in_month": "2026-07"}, {
        "item": LISTING, "handover": HOURS, "calendar": {
            "item": ITEM, "rev": 3, "tz": "Europe/Berlin", "cap": 1,
            "full": [{"s": "2026-07-04T07:00:00Z", "e": "2026-07-05T09:00:00Z"}]}}),
    "item:list": Example({"limit": 20}, {"items": [LISTING]}),
    "item:mine": Example({"limit": 20}, {"items": [OWN]}),
    "item:calendar": Example({"item": ITEM}, {
        "item": ITEM, "rev": 3, "tz": "Europe/Berlin", "cap": 1,
        "full": [{"s": "2026-07-04T07:00:00Z", "e": "2026-07-05T09:00:00Z"}]}),
    "item:blocks": Example({"item": ITEM}, BLOCKS),
    "item:block": Example({"item": ITEM, "block": BLOCK, **DATES, "note": "Urlaub"}, BLOCKS),
    "item:requests": Example({"item": ITEM}, {"requests": [{
        "rental": RENTAL, "room": ROOM, "renter": OTHER, **DATES, "q": 1, "price": 1200, "cur": "EUR", "by": "renter",
        "expires_at": LATER, "fits": True, "rivals": []}]}),
    "calendar:block": Example({"block": BLOCK, "items": [ITEM], **DATES, "note": "Urlaub"}, {"items": [ITEM]}),
    "calendar:unblock": Example({"block": BLOCK}, {"items": [ITEM]}),
    "item:unblock": Example({"item": ITEM, "block": BLOCK}, {"item": ITEM, "rev": 5, "blocks": []}),
    "item:subscriptions": Example({"item": ITEM}, SUBSCRIPTIONS),
    "item:subscribe": Example(
        {"item": ITEM, "subscription": SUBSCRIPTION, "url": "webcal://calendar.example/secret.ics"}, SUBSCRIPTIONS),
    "item:unsubscribe": Example({"item": ITEM, "subscription": SUBSCRIPTION}, {"subscriptions": []}),
    "item:quote": Example({"item": ITEM, **DATES, "q": 1}, {"lines": [LINE], **MONEY, "days": 1}),
}  # fmt: skip
