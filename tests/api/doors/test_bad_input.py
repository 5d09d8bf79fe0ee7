"""Odd and hostile input into every field of every row, at both doors: a typed refusal, one ack, nothing stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.errors import STATUS
from api.http.body import MAX_LARGE
from api.protocol import ACTS, Act
from tests.api.doors.asking import in_path, is_refused, over_http
from tests.api.doors.hubs import Worker, fingerprint
from tests.api.doors.street import Street
from tests.support.raw_socket import RawSocket

OPERATOR = {"$ne": None}
HUGE = 2**70
LONE = "a\ud800b"
KINDS = STATUS.keys() - {"internal"}
HOSTILE: tuple[Any, ...] = (OPERATOR, [OPERATOR], HUGE, LONE, "a\0b", float("nan"), float("inf"), "x" * 100_000)
RAW_BODIES = {
    "not JSON": b"{",
    "NaN": b'{"a": NaN}',
    "not UTF-8": b'{"a": "\xff"}',
    "a list": b"[1]",
    "a number": b"1",
    "a lone surrogate": b'{"a": "\\ud800"}',
    "a number without end": b'{"a": 1e999}',
    "deep": b'{"a":' * 20 + b"1" + b"}" * 20,
    "very deep": b"[" * 30_000,
}


def rows(door: str) -> list[Any]:
    return [pytest.param(row, id=row.event) for row in ACTS if row.doors != door]


def spoiled(payload: Any) -> Iterator[Any]:
    """The payload again and again, each time with one place of it made bad."""
    for name, value in payload.items():
        for bad in HOSTILE:
            yield payload | {name: bad}
        if isinstance(value, dict):
            yield from (payload | {name: inner} for inner in spoiled(value))


def bad_payloads(row: Act, payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Each field spoiled, also those that the example leaves out; one too many; one missing."""
    absent = [
        payload | {name: bad} for name in row.wire.model_fields if name not in payload for bad in (OPERATOR, HUGE)
    ]
    required = [name for name, field in row.wire.model_fields.items() if field.is_required()]
    lacking = [{key: value for key, value in payload.items() if key != name} for name in required]
    return [*spoiled(payload), *absent, *lacking, payload | {"surplus": 1}, payload | {"$where": "1"}]


def is_typed(error: dict[str, Any]) -> bool:
    return isinstance(error.get("code"), str) and error.get("kind") in KINDS


async def one_ack_each(raw: RawSocket, name: str, payloads: list[Any]) -> list[dict[str, Any]]:
    """Send all, then ask for something ordinary; every ack that came before its answer, in order of its event."""
    acks: dict[int, list[dict[str, Any]]] = {number: [] for number in range(1, len(payloads) + 2)}
    for number, payload in enumerate(payloads, 1):
        await raw.send(f"42/hub,{number}{json.dumps([name, payload])}")
        await _acks_until(raw, acks, number)
    fence = len(payloads) + 1
    await raw.emit("me:get", {}, fence)
    await _acks_until(raw, acks, fence)
    assert acks.pop(fence)[0]["ok"]
    assert {len(found) for found in acks.values()} <= {1}
    return [found[0] for found in acks.values()]


async def _acks_until(raw: RawSocket, acks: dict[int, list[dict[str, Any]]], wanted: int) -> None:
    while not acks[wanted]:
        packet = await raw.packet()
        if packet.startswith("43/hub,"):
            number, _, answer = packet[7:].partition("[")
            acks[int(number)].append(json.loads("[" + answer)[0])


@pytest.mark.parametrize("row", rows("http"))
async def test_bad_input_into_a_socket_is_refused_once_and_stores_nothing(
    row: Act, hub: Worker, street: Street
) -> None:
    payloads = bad_payloads(row, street.payload(row))
    before = await fingerprint(hub.world.database)
    async with hub.live(street.renter) as raw:
        answers = await one_ack_each(raw, row.event, payloads)
    taken = [payload for payload, answer in zip(payloads, answers, strict=True) if answer["ok"]]
    assert not taken
    assert all(is_typed(answer["error"]) for answer in answers)
    assert await fingerprint(hub.world.database) == before


@pytest.mark.parametrize("row", rows("socket"))
async def test_bad_input_over_http_is_a_problem_and_stores_nothing(row: Act, hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    for payload in bad_payloads(row, street.payload(row)):
        if not _sendable(row, payload):
            continue
        response = await over_http(hub, row, payload, street.renter)
        assert response.headers["Content-Type"] == "application/problem+json", payload
        assert 400 <= response.status_code < 500, (payload, response.json())
        assert is_typed(response.json())
    assert await fingerprint(hub.world.database) == before


def _sendable(row: Act, payload: dict[str, Any]) -> bool:
    """What httpx can write: path and query are text, bodies are JSON; the raw ones are tried below."""
    if not in_path(row) <= payload.keys():
        return False
    if row.method == "GET" and not isinstance(payload.get("text", ""), str):
        return False  # in a query it is a text like any other, and looked for
    named = json.dumps(payload)
    body = row.method in {"POST", "PUT"} and not row.raw
    in_url = json.dumps({name: payload[name] for name in in_path(row)}) if body else named
    return len(in_url) < 60_000 and not any(odd in named for odd in ("\\ud800", "NaN", "Infinity"))


@pytest.mark.parametrize("what", RAW_BODIES)
async def test_a_body_that_is_no_json_object_is_a_problem(what: str, hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    headers = {"Content-Type": "application/json"}
    for row in ACTS:
        if row.method in {"POST", "PUT"} and row.path and not in_path(row) and not row.raw:
            response = await hub.ask(row.method, row.path, street.renter, content=RAW_BODIES[what], headers=headers)
            is_refused(response, 422, "bad_request")
    assert await fingerprint(hub.world.database) == before


async def test_a_body_that_is_too_large_is_not_read(hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    headers = {"Content-Type": "application/json"}
    for path in ("/v1/items", f"/v1/rooms/{street.room}/messages"):
        body = b'{"env":"' + b"A" * MAX_LARGE + b'"}'
        response = await hub.ask("POST", path, street.renter, content=body, headers=headers)
        is_refused(response, 413, "too_large")
    assert await fingerprint(hub.world.database) == before


async def test_a_body_of_unknown_length_is_bounded_too(hub: Worker, street: Street) -> None:
    async def endless() -> Any:
        for _ in range(200):
            yield b"A" * 10_000

    headers = {"Content-Type": "application/json"}
    response = await hub.ask("POST", "/v1/items", street.renter, content=endless(), headers=headers)
    is_refused(response, 413, "too_large")


async def test_a_name_given_twice_is_refused(hub: Worker, street: Street) -> None:
    response = await hub.ask("GET", "/v1/items?limit=1&limit=2")
    is_refused(response, 422, "bad_request")
    body = {"room": "0" * 32, "read": 1}
    response = await hub.ask("PUT", f"/v1/rooms/{street.room}/receipt", street.renter, json=body)
    is_refused(response, 422, "bad_request")


async def test_an_event_that_is_unknown_is_acked_as_that(hub: Worker, street: Street) -> None:
    async with hub.live(street.renter) as raw:
        for name in ("nothing:here", "connect", "disconnect", "session:open", "device:prove", "__class__", ""):
            answer = await raw.call(name, {})
            assert (answer["ok"], answer["error"]["code"]) == (False, "unknown_event"), name
        assert (await raw.call("me:get", {}))["ok"]


@pytest.mark.parametrize("frame", ["NaN", "[", "{}", '"me:get"', '["me:get"]', '["me:get",[]]', '["me:get",{},{}]'])
async def test_an_event_that_is_no_event_is_acked_and_the_socket_lives(frame: str, hub: Worker, street: Street) -> None:
    async with hub.live(street.renter) as raw:
        await raw.send(f"42/hub,7{frame}")
        assert not (await raw.ack(7))["ok"]
        assert (await raw.call("me:get", {}))["ok"]


async def test_five_bad_frames_end_the_socket_and_four_do_not(hub: Worker, street: Street) -> None:
    async with hub.live(street.renter) as raw:
        for _ in range(hub.hub.limits.bad_frames - 1):
            await raw.send("42/hub,{")
        assert (await raw.call("me:get", {}))["ok"]
        await raw.send("42/hub,{")
        assert (await raw.heard("bye"))["code"]
        await raw.until_closed()


async def test_a_frame_over_the_limit_ends_the_socket_and_stores_nothing(hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    async with hub.live(street.renter) as raw:
        await raw.emit("message:send", {"env": "A" * hub.hub.limits.frame}, 1)
        assert await raw.until_closed() == 1009
    assert await fingerprint(hub.world.database) == before
