"""Twenty neighbours accept the same days at the same moment, on two workers: the calendar decides, once."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from client.errors import HubRefused
from client.neighbour import Neighbour
from client.rentals import terms
from tests.e2e.village import DAY, list_trailer, living, morning, request
from tests.support.hub_process import HubProcess, running_hub

ROUNDS = int(os.environ.get("DORFKISTE_RACE_ROUNDS", "20"))
RIVALS = 20


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    env = {"MAX_OPEN_RENTALS": "100000", "MAX_NEGOTIATIONS": "1000", "CONNECTS_PER_MIN_IP": "10000"}
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
