"""Neighbours want the same days at the same moment, on two workers, one of them killed: the calendar decides, once."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Awaitable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from client.errors import HubRefused
from client.neighbour import Neighbour
from client.rentals import terms
from tests.e2e.village import DAY, kept_back, list_trailer, living, looked_into, morning, patient, request
from tests.support.far_server import far_server
from tests.support.hub_process import HubProcess, running_hub

ROUNDS = int(os.environ.get("DORFKISTE_RACE_ROUNDS", "8"))
MIXED_ROUNDS = int(os.environ.get("DORFKISTE_MIXED_ROUNDS", "3"))
RIVALS = 20
OCCUPYING = {"held", "confirmed", "active", "returned", "lost"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    env = {
        "MAX_OPEN_RENTALS": "100000",
        "MAX_NEGOTIATIONS": "1000",
        "CONNECTS_PER_MIN_IP": "10000",
        "OUTBOUND_LOOPBACK": "1",
    }
    with running_hub(tmp_path_factory.mktemp("race"), workers=2, env=env) as running:
        yield running


async def accept(rival: Neighbour, rental: str) -> str:
    """``confirmed``, or the code of the refusal."""
    try:
        return str((await rival.rentals.accept(rental, 2))["rental"]["state"])
    except HubRefused as refusal:
        return refusal.code


async def bargain(owner: Neighbour, rival: Neighbour, item: str, day: int) -> str:
    """A request and the owner's counter-offer, so that it is the neighbour's turn to accept."""
    rental = await request(rival, item, day, price=1000)
    start = morning(day)
    await owner.rentals.counter(rental["id"], 1, terms(start, start + 2 * DAY, 1500, negotiated=True))
    return str(rental["id"])


def calendar_differences(hub: HubProcess) -> int:
    checked = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "api.cli", "verify-calendars", "--data-dir", str(hub.data_dir)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "ENVIRONMENT": "test", "NO_COLOR": "1"},
        check=False,
    )
    assert checked.returncode in {0, 1}, checked.stderr
    return checked.returncode


@pytest.mark.parametrize("units", [1, 3])
async def test_twenty_accept_at_once_and_nobody_is_booked_twice(hub: HubProcess, tmp_path: Path, units: int):
    names = [f"owner{units}", *(f"rival{units}-{n:02}" for n in range(RIVALS))]
    async with living(tmp_path, hub.url, names) as (owner, *rivals):
        item = (await list_trailer(owner, units=units))["id"]
        for round_number in range(ROUNDS):
            day = 3 + 3 * round_number
            rentals = await asyncio.gather(*(bargain(owner, rival, item, day) for rival in rivals))
            outcomes = await asyncio.gather(*(accept(rival, r) for rival, r in zip(rivals, rentals, strict=True)))
            assert outcomes.count("confirmed") == units, json.dumps(outcomes)
            assert outcomes.count("slot_unavailable") == RIVALS - units, json.dumps(outcomes)
        full = (await owner.rentals.calendar(item))["full"]
        assert len(full) == ROUNDS
    assert calendar_differences(hub) == 0


async def outcome(act: Awaitable[dict[str, Any]]) -> str:
    """``done``, or the code of the refusal."""
    try:
        await act
    except HubRefused as refusal:
        return refusal.code
    return "done"


async def agreed(owner: Neighbour, renter: Neighbour, item: str, day: int) -> str:
    rental = await request(renter, item, day)
    await owner.rentals.accept(rental["id"], 1)
    return str(rental["id"])


async def everything_at_once(owner: Neighbour, people: list[Neighbour], item: str, day: int, feed: str) -> list[str]:
    """Two accepts, two bookings, a change into the days, a cancellation out of them, the owner's own block, and another
    calendar that keeps a unit back.

    Answers the rentals that want two days from ``day`` on.
    """
    leaving, moving, *asking = people
    left, moved = await agreed(owner, leaving, item, day), await agreed(owner, moving, item, day + 4)
    wanted = [(await request(one, item, day))["id"] for one in asking[:2]]
    start = morning(day)
    price = (await patient(lambda: moving.changes.quote(moved, start, start + 2 * DAY)))["price"]
    await moving.changes.propose(moved, terms(start, start + 2 * DAY, price))
    quote = await patient(lambda: owner.rentals.quote(item, start, start + 2 * DAY))
    booked = terms(start, start + 2 * DAY, quote["price"])
    acts = [
        leaving.rentals.cancel(left, "illness"),
        owner.changes.accept(moved, 1),
        *(owner.rentals.accept(rental, 1) for rental in wanted),
        *(patient(partial(one.rentals.book, item, booked)) for one in asking[2:4]),
        patient(lambda: owner.calendars.subscribe(item, feed, 1)),
        patient(partial(owner.things.block, item, secrets.token_hex(16), start, start + DAY, q=1)),
    ]
    outcomes = await asyncio.gather(*(outcome(act) for act in acts))
    assert set(outcomes) <= {"done", "slot_unavailable"}, outcomes
    assert outcomes[0] == outcomes[-1] == "done"
    return [left, moved, *wanted, *[view["id"] for one in asking[2:4] for view in await patient(one.rentals.mine)]]


async def kill_a_worker(hub: HubProcess) -> None:
    await asyncio.sleep(0.05)
    os.kill(hub.workers()[0], signal.SIGKILL)


async def test_everything_that_takes_days_races_through_a_crash(hub: HubProcess, tmp_path: Path):
    names = ["keeper", *(f"mixed{n}" for n in range(6))]
    async with living(tmp_path, hub.url, names) as (owner, *people), far_server() as elsewhere:
        elsewhere.says(kept_back(5), "Content-Type: text/calendar")
        for number in range(MIXED_ROUNDS):
            item = (await patient(lambda: list_trailer(owner, units=3, rules={"instant": True})))["id"]
            acts = [everything_at_once(owner, people, item, 5, f"{elsewhere.url}/cal.ics")]
            killing = [kill_a_worker(hub)] if number % 2 else []
            (rentals, *_) = await asyncio.gather(*acts, *killing)
            await looked_into(owner, item)
            views = [
                view
                for one in set(rentals)
                if (view := await patient(partial(owner.rentals.get, one)))["item"]["id"] == item
            ]
            terms_of = [view["offer"]["terms"] for view in views if view["state"] in OCCUPYING]
            there = [one for one in terms_of if one["start"] <= f"{morning(5):%Y-%m-%dT%H:%M:%SZ}" < one["end"]]
            assert 1 <= len(there) <= 3, views
    assert calendar_differences(hub) == 0
