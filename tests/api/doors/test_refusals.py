"""Every row of the table at each of its doors: who is not let in is refused as the row says, and changes nothing."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.protocol import ACTS, Act
from tests.api.doors.asking import is_refused, over_http
from tests.api.doors.hubs import Worker, fingerprint
from tests.api.doors.street import Street
from tests.support.raw_socket import RawSocket

BAD_AUTHORIZATION = ("Bearer x.y.z", "Bearer", "Basic YTpi", "Bearer " + "a" * 3000)
OWED = {"session:complete": "bad_code", "passkey:complete": "challenge_expired"}
"""How a sign-in that owes its second factor is refused where it may try."""


def rows(keep: Callable[[Act], object]) -> list[Any]:
    return [pytest.param(row, id=row.event) for row in ACTS if keep(row)]


HTTP_MEMBERS = rows(lambda row: row.path and row.who != ("anyone",))


@pytest.mark.parametrize("row", HTTP_MEMBERS)
async def test_without_a_token_only_anyones_acts_begin(row: Act, hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    response = await over_http(hub, row, street.payload(row), None)
    is_refused(response, 401, "sign_in_required")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert await fingerprint(hub.world.database) == before


@pytest.mark.parametrize("row", HTTP_MEMBERS)
async def test_a_token_that_is_none_opens_nothing(row: Act, hub: Worker, street: Street) -> None:
    for bad in BAD_AUTHORIZATION:
        response = await over_http(hub, row, street.payload(row), None, headers={"Authorization": bad})
        assert response.status_code == 401


@pytest.mark.parametrize("row", rows(lambda row: row.doors != "http"))
async def test_before_connect_no_event_is_answered(row: Act, hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    async with RawSocket.open(hub.port) as raw:
        await raw.emit(row.event, street.payload(row), 1)
        await raw.send('40/hub,{"v":1}')
        refused = await raw.packet()
    assert refused.startswith("44/hub,")
    assert json.loads(refused[7:])["message"] == "bad_token"
    assert await fingerprint(hub.world.database) == before


@pytest.mark.parametrize("row", rows(lambda row: row.path and "device" in row.who))
async def test_without_a_proven_device_its_acts_are_refused(row: Act, hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    response = await over_http(hub, row, street.payload(row), street.renter, device=False)
    is_refused(response, 401, "device_required")
    assert await fingerprint(hub.world.database) == before


async def test_a_socket_without_a_proven_device_is_refused_the_same(hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    asked = [row for row in ACTS if "device" in row.who and row.doors != "http"]
    async with hub.live(street.renter, device=False) as raw:
        assert raw.hello["device"] is None
        refused = {row.event: (await raw.call(row.event, street.payload(row)))["error"] for row in asked}
    expected = {"code": "device_required", "kind": "unauthenticated"}
    assert refused == {row.event: expected for row in asked}
    assert await fingerprint(hub.world.database) == before


@pytest.mark.parametrize("row", HTTP_MEMBERS)
async def test_a_sign_in_that_owes_its_second_factor_may_do_nothing_else(row: Act, hub: Worker, street: Street) -> None:
    await _owe_a_factor(hub, street, True)
    try:
        before = await fingerprint(hub.world.database)
        response = await over_http(hub, row, street.payload(row), street.renter)
        if row.event == "session:challenge":
            assert response.status_code == 201
            return
        is_refused(response, 401, OWED[row.event] if "pending" in row.who else "second_factor_required")
        assert await fingerprint(hub.world.database) == before
    finally:
        await _owe_a_factor(hub, street, False)


async def test_nor_does_a_socket_open_for_it(hub: Worker, street: Street) -> None:
    await _owe_a_factor(hub, street, True)
    async with RawSocket.open(hub.port) as raw:
        await raw.send("40/hub," + json.dumps(hub.auth(street.renter)))
        refused = json.loads((await raw.packet()).removeprefix("44/hub,"))
    await _owe_a_factor(hub, street, False)
    assert refused["message"] == "second_factor_required"


@pytest.mark.parametrize("row", rows(lambda row: row.path and "recent" in row.who))
async def test_what_must_not_happen_behind_ones_back_asks_for_a_proof(row: Act, hub: Worker, street: Street) -> None:
    for proven in (None, hub.world.clock.real() - timedelta(minutes=5, seconds=1)):
        await _confirmed(hub, street, proven)
        before = await fingerprint(hub.world.database)
        response = await over_http(hub, row, street.payload(row), street.renter)
        is_refused(response, 401, "confirmation_required")
        assert await fingerprint(hub.world.database) == before


async def _owe_a_factor(hub: Worker, street: Street, owed: bool) -> None:
    session = {"_id": street.renter.actor.session}
    await hub.world.database.sessions.update_one(session, {"$set": {"pending": owed}})


async def _confirmed(hub: Worker, street: Street, at: datetime | None) -> None:
    session = {"_id": street.renter.actor.session}
    await hub.world.database.sessions.update_one(session, {"$set": {"confirmed_at": at}})


@pytest.mark.parametrize(
    ("event", "side"),
    [
        ("rental:decline", "renter"),
        ("rental:withdraw", "owner"),
        ("rental:hand_over", "renter"),
        ("rental:return", "owner"),
        ("rental:confirm_return", "renter"),
        ("rental:report_damage", "renter"),
        ("rental:claim_missing", "renter"),
        ("rental:dispute_return", "renter"),
        ("rental:amend_return", "owner"),
        ("rental:waive_fee", "renter"),
    ],
)
async def test_each_side_of_a_rental_has_its_own_acts(event: str, side: str, hub: Worker, street: Street) -> None:
    before = await fingerprint(hub.world.database)
    row = next(row for row in ACTS if row.event == event)
    response = await over_http(hub, row, street.payload(row), getattr(street, side))
    is_refused(response, 403, "not_your_role")
    assert await fingerprint(hub.world.database) == before


async def test_a_device_id_that_the_token_does_not_name_is_refused(hub: Worker, street: Street) -> None:
    async with RawSocket.open(hub.port) as raw:
        auth = {**hub.auth(street.renter), "device": street.owner.actor.device}
        await raw.send("40/hub," + json.dumps(auth))
        refused = await raw.packet()
    assert json.loads(refused.removeprefix("44/hub,"))["message"] == "device_required"


@pytest.mark.parametrize("version", [0, 2, "1", None, True])
async def test_another_version_is_refused_with_the_ones_there_are(version: Any, hub: Worker, street: Street) -> None:
    async with RawSocket.open(hub.port) as raw:
        await raw.send("40/hub," + json.dumps({**hub.auth(street.renter), "v": version}))
        refused = json.loads((await raw.packet()).removeprefix("44/hub,"))
    assert refused["message"] == "version"
    assert (refused["data"]["min"], refused["data"]["max"]) == (1, 1)
