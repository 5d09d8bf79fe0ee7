"""Whatever is sent, the answer is a typed refusal; the hub stays as it was and tells no secrets."""

import json

import pytest

from tests.support.asking import code_of
from tests.support.live_hub import LiveHub, Village


async def test_unknown_fields_are_refused(live: LiveHub, village: Village) -> None:
    answer = await live.call("POST", "/v1/devices/challenge", village.owner.actor, json={"admin": True})
    assert answer.json()["data"] == {"fields": [{"path": "admin", "reason": "extra_forbidden"}]}


async def test_a_password_cannot_be_an_operator(live: LiveHub) -> None:
    answer = await live.call("POST", "/v1/sessions", json={"email": {"$gt": ""}, "password": {"$ne": ""}})
    assert (answer.status_code, code_of(answer)) == (422, "bad_request")


async def test_messages_may_be_larger_than_other_bodies(live: LiveHub, village: Village) -> None:
    path = f"/v1/rooms/{village.ids['room']}/messages"
    larger = await live.call("POST", path, village.renter.actor, json={"env": "A" * 100_000})
    assert (larger.status_code, code_of(larger)) == (422, "bad_request")
    too_large = await live.call("POST", path, village.renter.actor, json={"env": "A" * 170_000})
    assert (too_large.status_code, code_of(too_large)) == (413, "too_large")


async def test_only_json_is_understood(live: LiveHub, village: Village) -> None:
    answer = await live.call("POST", "/v1/items", village.owner.actor, data={"title": "Säge"})
    assert (answer.status_code, code_of(answer)) == (415, "json_expected")


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
    answer = await live.call("DELETE", "/v1/categories")
    assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


async def test_a_refusal_never_repeats_what_was_sent(live: LiveHub) -> None:
    canary = "kanarienvogel"
    answer = await live.call("POST", "/v1/sessions", json={"email": canary * 30, "password": [canary], canary: 1})
    assert answer.status_code == 422
    said = json.dumps([fault for fault in answer.json()["data"]["fields"] if fault["path"] != canary])
    assert canary not in said
