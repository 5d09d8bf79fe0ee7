"""Lending through crashes: a worker and mongod are killed -9 while neighbours hand over, return, pay and settle."""

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from client.neighbour import Neighbour
from client.rentals import terms
from tests.e2e.village import list_trailer, living
from tests.support.hub_process import running_hub

DEALS = 6
STEPS = [
    "rental_requested",
    "offer_accepted",
    "payment_claimed",
    "payment_confirmed",
    "rental_handed_over",
    "rental_returned",
    "damage_reported",
    "case_settled",
    "return_confirmed",
]


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with running_hub(tmp_path_factory.mktemp("crash"), workers=2, env={"CONNECTS_PER_MIN_IP": "10000"}) as running:
        yield running


async def ask(owner: Neighbour, renter: Neighbour) -> dict[str, Any]:
    """A rental that was asked for, to begin in an hour."""
    item = (await list_trailer(owner))["id"]
    start = (datetime.now(UTC) + timedelta(hours=1)).replace(second=0, microsecond=0)
    days = start, start + timedelta(days=1)
    quote = await renter.rentals.quote(item, *days)
    asked: dict[str, Any] = (await renter.rentals.request(item, terms(*days, quote["price"])))["rental"]
    return asked


async def lend(owner: Neighbour, renter: Neighbour, rental: str) -> None:
    """The whole way, each command sent until its outcome is known."""
    await owner.rentals.accept(rental, 1)
    await renter.lending.claim_payment(rental, "deposit_in", 5000)
    await owner.lending.confirm_payment(rental, 1)
    await owner.lending.hand_over(rental)
    await renter.lending.give_back(rental)
    await owner.lending.report_damage(rental, "Delle in der Klappe", 3000)
    await renter.lending.agree(rental, 1, 3000)
    await owner.lending.confirm_return(rental)


async def kill(hub, pause_s: float) -> None:
    for victim in (lambda: hub.workers()[0], lambda: hub.server("mongod"), lambda: hub.workers()[0]):
        await asyncio.sleep(pause_s)
        os.kill(victim(), signal.SIGKILL)


async def test_every_command_counts_once_when_workers_and_mongod_are_killed(hub, tmp_path: Path):
    names = [f"{role}{n}" for role in ("lender", "borrower") for n in range(DEALS)]
    async with living(tmp_path, hub.url, names) as people:
        pairs = list(zip(people[:DEALS], people[DEALS:], strict=True))
        asked = [await ask(owner, renter) for owner, renter in pairs]
        killer = asyncio.create_task(kill(hub, 0.15))
        await asyncio.gather(*(lend(*pair, rental["id"]) for pair, rental in zip(pairs, asked, strict=True)))
        await killer
        for (owner, renter), rental in zip(pairs, asked, strict=True):
            view = await owner.rentals.get(rental["id"])
            assert (view["state"], view["rev"]) == ("completed", 9)
            assert [case["state"] for case in view["cases"]] == ["settled"]
            assert [entry["confirmed_at"] is not None for entry in view["ledger"]] == [True]
            for person in (owner, renter):
                await shown(person, rental["room"])


async def shown(person: Neighbour, room: str) -> None:
    """Each step once, in order, on the device."""
    happenings = person.happenings()
    while len(steps := [line.event for line in person.timeline(room) if line.kind == "event"]) < len(STEPS):
        await anext(happenings)
    assert steps == STEPS
