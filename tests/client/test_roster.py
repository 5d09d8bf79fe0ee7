"""Who is in a room: an owner without a device comes in later, and a changed roster begins new chains."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import NotReady
from tests.client.conftest import Village
from tests.client.paper_hub import PaperHub, PaperNeighbour


@pytest.fixture
async def village(hub: PaperHub, tmp_path: Path) -> AsyncIterator[Village]:
    """Marta lends without a device; Tim asks."""
    marta, tim = PaperNeighbour(hub, tmp_path / "marta"), PaperNeighbour(hub, tmp_path / "tim")
    await tim.settle_in()
    village = Village(hub, marta, tim, await tim.open_room(hub, marta))
    yield village
    for neighbour in (marta, tim):
        await neighbour.outbox.stop()
        neighbour.store.abandon()


async def test_the_chat_waits_until_the_other_side_has_a_device(village: Village):
    village.tim.write(village.room, "Hallo?")
    with pytest.raises(NotReady):
        await village.tim.sender.seal(village.tim.store.outgoing.next(village.room))
    assert not village.hub.sent


async def test_once_they_have_one_they_are_taken_into_the_roster_and_the_message_goes_out(village: Village):
    village.tim.write(village.room, "Hallo?")
    village.tim.outbox.nudge(village.room)
    await asyncio.sleep(0.01)
    await village.marta.settle_in()
    village.tim.outbox.nudge(village.room)
    await village.tim.sent(village.room)
    await village.marta.catch_up(village.room)
    await village.tim.catch_up(village.room)
    assert village.marta.texts(village.room) == village.tim.texts(village.room) == ["Hallo?"]
    roster = village.marta.store.log.roster(village.room)
    assert (roster.version, len(roster.members)) == (2, 2)
    assert not village.tim.warned()


async def test_one_who_has_just_settled_in_is_not_alarmed_by_an_older_roster(village: Village):
    await asyncio.sleep(0.01)
    await village.marta.settle_in()
    with pytest.raises(NotReady):
        await village.marta.rosters.newest(village.room)
    assert not village.marta.warned()


async def test_after_a_roster_change_a_message_under_the_old_roster_is_refused(village: Village):
    await village.marta.settle_in()
    await village.tim.send(village.room, "unter Version 2")
    await village.marta.catch_up(village.room)
    log = village.marta.store.log
    entry = log.get(village.room, 3)
    record = village.marta.store.chains.record(village.room, entry.device, entry.chain)
    assert village.marta.reader._roster_fits(replace(entry, seq=4), record)
    log._db.execute("INSERT INTO rosters SELECT room, 3, document, x'00', 3 FROM rosters")
    assert not village.marta.reader._roster_fits(replace(entry, seq=4), record)
