"""Messages through crashes: a worker, Valkey and mongod are killed -9 while neighbours write, and nothing is lost.

The senders' own record of acks is the judge: every acked message stands once, at the acked seq, on every device.
"""

import asyncio
import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from client.neighbour import Neighbour
from tests.e2e.village import list_trailer, living, request
from tests.support.hub_process import HubProcess, running_hub

MESSAGES = int(os.environ.get("DORFKISTE_TORTURE_MESSAGES", "800"))
ROOMS = int(os.environ.get("DORFKISTE_TORTURE_ROOMS", "5"))
PATIENCE_S = 60 + MESSAGES / 40

Acks = dict[str, dict[str, int]]
"""room → text → the seq that was acked"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    generous = {
        "MESSAGE_BURST": "1000000", "MESSAGE_PER_S": "1000000", "ROOM_PER_MIN": "1000000",
        "CONNECTS_PER_MIN_IP": "100000", "MAX_UNAUTH_SOCKETS_PER_IP": "1000",
    }  # fmt: skip
    with running_hub(tmp_path_factory.mktemp("torture"), workers=2, env=generous) as running:
        yield running


async def note_acks(person: Neighbour, texts: dict[str, str], acks: Acks) -> None:
    async for happening in person.happenings():
        assert happening.kind != "failed", happening
        if happening.kind == "sent" and happening.data["seq"]:
            acks[str(happening.room)][texts[happening.data["cid"]]] = happening.data["seq"]


async def kill_one_after_another(hub: HubProcess, pause_s: float) -> None:
    for victim in (lambda: hub.workers()[0], lambda: hub.server("valkey"), lambda: hub.server("mongod")):
        await asyncio.sleep(pause_s)
        os.kill(victim(), signal.SIGKILL)


async def pair_up(owners: Sequence[Neighbour], renters: Sequence[Neighbour]) -> list[str]:
    rooms = []
    for owner, renter in zip(owners, renters, strict=True):
        item = (await list_trailer(owner))["id"]
        rooms.append((await request(renter, item, 5))["room"])
    return rooms


async def everything_is_there(people: Sequence[tuple[Neighbour, str]], wanted: int) -> None:
    """Until each device shows ``wanted`` messages of its room and has nothing left to send."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        shown = [Counter(line.kind for line in person.timeline(room)) for person, room in people]
        if all(kinds["text"] >= wanted and not kinds["sending"] for kinds in shown):
            return
        assert time.monotonic() < deadline, shown
        await asyncio.sleep(0.2)


def texts_by_seq(person: Neighbour, room: str) -> dict[int, str]:
    lines = person.timeline(room)
    seqs = [line.seq for line in lines]
    assert seqs == list(range(1, len(lines) + 1)), "a gap, a repeat or a hole in the order"
    return {int(line.seq or 0): line.text for line in lines if line.kind == "text"}


async def test_no_acked_message_is_lost_doubled_or_moved_when_everything_is_killed(hub: HubProcess, tmp_path: Path):
    names = [f"{role}{n}" for role in ("owner", "renter") for n in range(ROOMS)]
    each = MESSAGES // (2 * ROOMS)
    async with living(tmp_path, hub.url, names) as people:
        owners, renters = people[:ROOMS], people[ROOMS:]
        rooms = await pair_up(owners, renters)
        acks: Acks = defaultdict(dict)
        texts: dict[str, str] = {}
        listeners = [asyncio.create_task(note_acks(person, texts, acks)) for person in people]
        await asyncio.sleep(0)
        killer = asyncio.create_task(kill_one_after_another(hub, max(0.5, MESSAGES / 2500)))
        seated = [*zip(owners, rooms, strict=True), *zip(renters, rooms, strict=True)]
        for number in range(each):
            for person, room in seated:
                text = f"{person.user[:6]} #{number}"
                texts[person.send_text(room, text)] = text
            await asyncio.sleep(0.01)
        await killer
        await everything_is_there(seated, 2 * each)
        for listener in listeners:
            listener.cancel()
        for owner, renter, room in zip(owners, renters, rooms, strict=True):
            mine, theirs = texts_by_seq(owner, room), texts_by_seq(renter, room)
            assert mine == theirs
            assert len(mine) == len(set(mine.values())) == 2 * each
            assert {text: mine.get(seq) for text, seq in acks[room].items()} == {text: text for text in acks[room]}
            for person in (owner, renter):
                own = [text for text in mine.values() if text.startswith(person.user[:6])]
                assert own == [f"{person.user[:6]} #{number}" for number in range(each)]
        assert sum(len(acked) for acked in acks.values()) > MESSAGES // 2
