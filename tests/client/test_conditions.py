"""Protocols of condition by the Python client: written without a line, brought in order, confirmed as read."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from client.errors import HubRefused, Offline, ProtocolAltered
from client.neighbour import Neighbour
from client.rentals import terms
from tests.client.test_real_hub import on_a_fixed_port, until
from tests.e2e.village import list_trailer, living
from tests.support.hub_process import HubProcess, running_hub

KIT = [
    {"accessory": "Plane", "qty": 1, "found": 1, "note": ""},
    {"accessory": "Gurt", "qty": 2, "found": 1, "note": ""},
]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


async def agreed(owner: Neighbour, renter: Neighbour) -> str:
    item = (await list_trailer(owner))["id"]
    start = (datetime.now(UTC) + timedelta(minutes=30)).replace(second=0, microsecond=0)
    quote = await renter.rentals.quote(item, start, start + timedelta(days=1))
    rental = (await renter.rentals.request(item, terms(start, start + timedelta(days=1), quote["price"])))["rental"]
    await owner.rentals.accept(rental["id"], 1)
    return str(rental["id"])


async def test_what_was_written_without_a_line_comes_in_order_and_is_confirmed_as_it_was_read(
    hub: HubProcess, tmp_path: Path
) -> None:
    async with living(tmp_path, hub.url, ["osk", "ruth"]) as (owner, renter):
        rental = await agreed(owner, renter)
        first = renter.conditions.draft("hand_over", "good", lines=KIT, meter="km 1200")
        second = renter.conditions.draft("hand_over", "worn", note="Kratzer links", after=first["protocol"])
        with pytest.raises(HubRefused, match="protocol_gap"):
            await renter.conditions.send(rental, second)
        for draft in (first, first, second):
            await renter.conditions.send(rental, draft)
        told = await owner.conditions.all(rental)
        assert [(each["no"], each["condition"], each["made_at"]) for each in told] == [
            (1, "good", first["made_at"]),
            (2, "worn", second["made_at"]),
        ]
        for each in told:
            assert (await owner.conditions.confirm(each))["sealed_at"]
        assert [each["hash"] for each in await renter.conditions.all(rental)] == [each["hash"] for each in told]


async def test_nothing_is_confirmed_that_was_not_read(hub: HubProcess, tmp_path: Path) -> None:
    async with living(tmp_path, hub.url, ["olaf", "rike"]) as (owner, renter):
        rental = await agreed(owner, renter)
        sent = await renter.conditions.send(rental, renter.conditions.draft("hand_over", "good", lines=KIT))
        for altered in ({"note": "alles kaputt"}, {"lines": KIT[:1]}, {"by": "owner"}, {"rental": "0" * 32}):
            with pytest.raises(ProtocolAltered):
                await owner.conditions.confirm(sent | altered)
        with pytest.raises(HubRefused, match="not_your_turn"):
            await renter.conditions.confirm(sent)
        await renter.close()
        with pytest.raises((HubRefused, Offline, RuntimeError)):
            await renter.conditions.send(rental, renter.conditions.draft("hand_over", "good"))
        assert (await owner.conditions.confirm(sent))["by_code"] is False


async def test_a_hub_killed_while_both_confirm_seals_each_protocol_once(tmp_path: Path) -> None:
    mortal = on_a_fixed_port(HubProcess(tmp_path / "hub"))
    await asyncio.to_thread(mortal.start)
    try:
        async with living(tmp_path, mortal.url, ["oda", "ralf"]) as (owner, renter):
            rental = await agreed(owner, renter)
            drafts = [renter.conditions.draft("hand_over", "good", note=f"Blatt {n} \U0001f6d8") for n in range(6)]
            sent = [await renter.conditions.send(rental, draft) for draft in drafts]
            confirming = [asyncio.create_task(owner.conditions.confirm(each)) for each in sent]
            await asyncio.wait(confirming, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.to_thread(mortal.kill)
            await asyncio.gather(*confirming, return_exceptions=True)
            await asyncio.to_thread(mortal.start)
            for each in sent:
                assert (await owner.conditions.confirm(each))["sealed_at"]
            told = await renter.conditions.all(rental)
            assert [each["hash"] for each in told] == [each["hash"] for each in sent]
            room = str((await owner.rentals.get(rental))["room"])
            await until(owner, lambda: len(sealed(owner, room)) >= len(sent))
            assert sorted(sealed(owner, room)) == sorted(each["hash"] for each in sent)
    finally:
        await asyncio.to_thread(mortal.stop)


def sealed(side: Neighbour, room: str) -> list[str]:
    """The seals that the room's log tells of, as this side has read it."""
    return [line.data["seal"] for line in side.timeline(room) if line.event == "protocol_sealed"]
