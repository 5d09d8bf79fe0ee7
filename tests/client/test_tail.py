"""Live entries are hints: dropped, buffered or fetched by where they stand to the cursor."""

import asyncio

from client.sync import BUFFERED, GAP_WAIT_S, RoomTail
from tests.client.conftest import Village


def entry(seq: int) -> dict[str, int]:
    return {"seq": seq}


def test_old_news_is_dropped():
    tail = RoomTail(cursor=5)
    tail.take(entry(5), now=1.0)
    assert not tail.waiting
    assert tail.due is None


def test_the_next_entry_is_ready_at_once():
    tail = RoomTail(cursor=5)
    tail.take(entry(6), now=1.0)
    assert tail.next() == entry(6)


def test_what_is_ahead_waits_a_little_and_then_the_gap_is_fetched():
    tail = RoomTail(cursor=5)
    tail.take(entry(8), now=1.0)
    assert tail.next() is None
    assert tail.due == 1.0 + GAP_WAIT_S
    tail.take(entry(9), now=1.1)
    assert tail.due == 1.0 + GAP_WAIT_S


def test_when_the_gap_closes_the_buffer_drains_and_nothing_is_fetched():
    tail = RoomTail(cursor=5)
    for seq in (8, 7, 6):
        tail.take(entry(seq), now=1.0)
    applied = []
    while (item := tail.next()) is not None:
        applied.append(item["seq"])
        tail.moved(item["seq"], now=1.0)
    assert applied == [6, 7, 8]
    assert tail.due is None


def test_the_buffer_is_bounded_and_the_head_is_remembered():
    tail = RoomTail(cursor=0)
    for seq in range(2, 1000):
        tail.take(entry(seq), now=1.0)
    assert len(tail.waiting) == BUFFERED
    assert tail.head == 999


def test_a_head_that_is_behind_the_cursor_asks_for_nothing():
    tail = RoomTail(cursor=5)
    tail.expect(5, due=1.0)
    assert tail.due is None


async def test_a_gap_in_what_is_told_live_is_fetched_after_the_wait(village: Village):
    task = asyncio.create_task(village.marta.sync.run())
    village.marta.sync.connected({})
    await asyncio.sleep(0.05)
    syncs = village.hub.syncs
    for n in range(4):
        await village.tim.send(village.room, str(n))
    village.marta.sync.take(village.room, village.hub.logs[village.room][4])
    async for happened in village.marta.happenings.listen():
        if happened.data.get("seq") == 5:
            break
    task.cancel()
    assert village.marta.texts(village.room) == ["0", "1", "2", "3"]
    assert village.hub.syncs == syncs + 1


async def test_every_room_is_read_to_its_end_page_by_page(village: Village):
    for n in range(230):
        village.tim.write(village.room, str(n))
    village.tim.outbox.nudge(village.room)
    await village.tim.sent(village.room)
    await village.marta.catch_up(village.room)
    assert len(village.marta.texts(village.room)) == 230
