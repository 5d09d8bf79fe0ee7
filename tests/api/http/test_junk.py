"""Whatever is sent, the answer is a typed refusal; the hub stays as it was and tells no secrets."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.asking import code_of
from tests.support.live_hub import LiveHub, Village

RAW = {
    "no JSON": b"{",
    "NaN": b'{"day": NaN}',
    "a lone surrogate": b'{"title": "\\ud800"}',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "invalid UTF-8": b'{"title": "\xff"}',
    "seventeen levels": b'{"a":' * 17 + b"1" + b"}" * 17,
    "a million brackets": b"[" * 60_000,
}
VALUES: dict[str, Any] = {
    "an operator": {"$ne": None},
    "a huge number": 2**70,
    "a negative number": -1,
    "a fraction": 1.5,
    "a boolean": True,
    "NUL": "a\0b",
    "another type": ["Bohrmaschine"],
    "nothing": None,
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
async def test_a_body_that_is_no_plain_object_is_refused(raw: bytes, live: LiveHub, village: Village) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await live.call("POST", "/v1/items", village.owner.actor, content=raw, headers=headers)
    assert (answer.status_code, code_of(answer)) == (422, "bad_request")


@pytest.mark.parametrize("field", ["title", "units", "tariff", "place"])
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
async def test_a_field_takes_nothing_but_its_type(field: str, value: Any, live: LiveHub, village: Village) -> None:
    thing = {
        "title": "Säge",
        "description": "scharf",
        "tariff": {"day": 100},
        "place": {"label": "Hof", "address": "Weg 1", "lat": 52.5, "lon": 13.4},
    }
    answer = await live.call("POST", "/v1/items", village.owner.actor, json={**thing, field: value})
    assert (answer.status_code, code_of(answer)) == (422, "bad_request")
    assert answer.json()["data"]["fields"][0]["path"].startswith(field)


async def test_unknown_fields_are_refused(live: LiveHub, village: Village) -> None:
    answer = await live.call("POST", "/v1/devices/challenge", village.owner.actor, json={"admin": True})
    assert answer.json()["data"] == {"fields": [{"path": "admin", "reason": "extra_forbidden"}]}


async def test_a_password_cannot_be_an_operator(live: LiveHub) -> None:
    answer = await live.call("POST", "/v1/sessions", json={"email": {"$gt": ""}, "password": {"$ne": ""}})
    assert (answer.status_code, code_of(answer)) == (422, "bad_request")


async def test_an_oversize_body_is_refused_before_it_is_read(live: LiveHub, village: Village) -> None:
    answer = await live.call("POST", "/v1/items", village.owner.actor, json={"title": "a" * 70_000})
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


async def test_messages_may_be_larger_than_other_bodies(live: LiveHub, village: Village) -> None:
    path = f"/v1/rooms/{village.ids['room']}/messages"
    larger = await live.call("POST", path, village.renter.actor, json={"env": "A" * 100_000})
    assert (larger.status_code, code_of(larger)) == (422, "bad_request")
    too_large = await live.call("POST", path, village.renter.actor, json={"env": "A" * 170_000})
    assert (too_large.status_code, code_of(too_large)) == (413, "too_large")


async def test_only_json_is_understood(live: LiveHub, village: Village) -> None:
    answer = await live.call("POST", "/v1/items", village.owner.actor, data={"title": "Säge"})
    assert (answer.status_code, code_of(answer)) == (415, "json_expected")


async def test_a_name_in_the_query_counts_once(live: LiveHub) -> None:
    answer = await live.call("GET", "/v1/items?limit=2&limit=3")
    assert answer.json()["data"] == {"fields": [{"path": "limit", "reason": "given_twice"}]}


async def test_a_command_has_no_query(live: LiveHub, village: Village) -> None:
    answer = await live.call("POST", "/v1/devices/challenge?device=1", village.owner.actor, json={})
    assert answer.json()["data"] == {"fields": [{"path": "query", "reason": "not_expected"}]}


async def test_path_and_body_cannot_disagree(live: LiveHub, village: Village) -> None:
    path = f"/v1/rooms/{village.ids['room']}/receipt"
    answer = await live.call("PUT", path, village.renter.actor, json={"room": "0" * 32, "read": 1})
    assert answer.json()["data"] == {"fields": [{"path": "room", "reason": "differs_from_path"}]}


@pytest.mark.parametrize("item", ["x", "%00", "..", "ABCDEF" * 6, "$ne", "a" * 3000])
async def test_an_id_is_an_id(item: str, live: LiveHub) -> None:
    answer = await live.http.get(f"/v1/items/{item}/calendar")
    assert answer.status_code in {404, 422}
    assert code_of(answer) in {"bad_request", "route_unknown"}


async def test_a_route_that_is_not_there_says_so(live: LiveHub) -> None:
    answer = await live.call("GET", "/v1/nothing")
    assert (answer.status_code, code_of(answer)) == (404, "route_unknown")


async def test_a_wrong_method_names_the_right_ones(live: LiveHub) -> None:
    answer = await live.call("DELETE", "/v1/me")
    assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


async def test_a_refusal_never_repeats_what_was_sent(live: LiveHub) -> None:
    canary = "kanarienvogel"
    answer = await live.call("POST", "/v1/sessions", json={"email": canary * 30, "password": [canary], canary: 1})
    assert answer.status_code == 422
    said = json.dumps([fault for fault in answer.json()["data"]["fields"] if fault["path"] != canary])
    assert canary not in said


async def test_a_body_of_unknown_length_is_bounded_too(live: LiveHub, village: Village) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"a" * 1000

    headers = {"Content-Type": "application/json"}
    answer = await live.call("POST", "/v1/items", village.owner.actor, content=endless(), headers=headers)
    assert (answer.status_code, code_of(answer)) == (413, "too_large")
