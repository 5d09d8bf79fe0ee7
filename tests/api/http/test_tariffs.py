"""A tariff on its way through the door: taken whole, refused by the field, and asked with its lines."""

from typing import Any

import pytest

from api.examples.item import TARIFF
from tests.support.asking import code_of
from tests.support.live_hub import LiveHub, Village

PLACE = {"label": "Hof", "address": "Hof 1", "lat": 52.5, "lon": 13.4}


async def listed(live: LiveHub, village: Village, tariff: dict[str, Any]) -> Any:
    ask = {"title": "Zelt", "description": "", "tariff": tariff, "place": PLACE, "units": 2}
    return await live.call("POST", "/v1/items", village.owner.actor, json=ask)


async def test_what_was_said_of_the_price_is_shown_to_everybody(live: LiveHub, village: Village) -> None:
    made = (await listed(live, village, TARIFF)).json()
    assert (await live.call("GET", f"/v1/items/{made['id']}")).json()["tariff"] == TARIFF


async def test_what_is_left_out_has_no_price_of_its_own(live: LiveHub, village: Village) -> None:
    shown = (await listed(live, village, {"day": 1200})).json()["tariff"]
    assert (shown["day"], shown["hour"], shown["season"], shown["late_fee"], shown["cur"]) == (
        1200,
        None,
        [],
        None,
        "EUR",
    )


async def test_a_quote_says_line_by_line_what_it_is_for(live: LiveHub, village: Village) -> None:
    made = (await listed(live, village, TARIFF)).json()
    query = "start=2026-06-01T08:00:00Z&end=2026-06-02T10:00:00Z&q=2"
    asked = (await live.call("GET", f"/v1/items/{made['id']}/quote?{query}")).json()
    assert asked == {
        "lines": [
            {"code": "day", "n": 1, "q": 2, "each": 1200, "amt": 2400},
            {"code": "hour", "n": 2, "q": 2, "each": 300, "amt": 1200},
            {"code": "season", "n": 1, "q": 2, "each": 450, "amt": 900},
        ],
        "price": 4500,
        "deposit": 10_000,
        "cur": "EUR",
        "days": 2,
    }


@pytest.mark.parametrize(
    ("wrong", "data"),
    [
        ({"season": [{"first": "05-01", "last": "05-02", "percent": 110}] * 2}, {"field": "season"}),
        ({"season": [{"first": "02-30", "last": "05-02", "percent": 110}]}, {"field": "season.first"}),
        ({"late_fee": {"cap": 100}}, {"field": "late_fee"}),
        ({"grace_min": 60}, {"field": "grace_min", "min": 0, "max": 59}),
        ({"long": [{"from_days": 14, "percent": 100}]}, {"field": "long.percent", "min": 1, "max": 99}),
        ({"day": None, "hour": None, "week": None}, {"field": "day"}),
    ],
)
async def test_a_bad_tariff_is_refused_by_the_field(
    wrong: dict[str, Any], data: dict[str, Any], live: LiveHub, village: Village
) -> None:
    answer = await listed(live, village, TARIFF | wrong)
    assert (answer.status_code, code_of(answer), answer.json()["data"]) == (422, "bad_tariff", data)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"day": -1}, "tariff.day"),
        ({"hour": 2.5}, "tariff.hour"),
        ({"season": [{"first": "5-1", "last": "05-02", "percent": 110}]}, "tariff.season.0.first"),
        ({"season": [{"from": "05-01", "last": "05-02", "percent": 110}]}, "tariff.season.0.first"),
        ({"long": [{"from_days": 14, "percent": True}]}, "tariff.long.0.percent"),
        ({"pro_tag": 5}, "tariff.pro_tag"),
    ],
)
async def test_what_is_no_tariff_is_refused_by_its_path(
    wrong: dict[str, Any], path: str, live: LiveHub, village: Village
) -> None:
    answer = await listed(live, village, TARIFF | wrong)
    assert code_of(answer) == "bad_request"
    assert path in {fault["path"] for fault in answer.json()["data"]["fields"]}


async def test_nobody_asks_what_a_century_costs(live: LiveHub, village: Village) -> None:
    made = (await listed(live, village, TARIFF)).json()
    answer = await live.call("GET", f"/v1/items/{made['id']}/quote?start=2030-01-01T00:00:00Z&end=2130-01-01T00:00:00Z")
    assert (code_of(answer), answer.json()["data"]) == ("too_long", {"max_days": 366})
