"""The rooms' log: one order, nothing twice, nothing missing, whoever writes at the same time."""

import asyncio
import random
import secrets
from dataclasses import replace
from itertools import pairwise

import pytest

from hub.errors import Conflict, Unavailable
from hub.ids import DeviceId, RoomId, UserId, new_id
from hub.room import MessageEntry, NewMessage
from storage.mongo import commit
from storage.mongo.commit import GroupCommit
from storage.mongo.entry import entry_id, stretch
from storage.mongo.heads import read_heads
from storage.mongo.log import GroupCommitLog
from storage.mongo.store import Database
from tests.storage.world import RING, Listener, message


@pytest.fixture
def room() -> RoomId:
    return RoomId(new_id())


async def seqs_in(db: Database, room: RoomId) -> list[int]:
    found = db.entries.find(stretch(room), {"_id": 1}).sort("_id")
    return [int.from_bytes(document["_id"][16:], "big") async for document in found]


async def test_a_message_comes_back_as_it_was_sent(log: GroupCommitLog, room: RoomId) -> None:
    device = DeviceId(new_id())
    sent = message(room, keys={device: b"packet", DeviceId(new_id()): b"other"})
    stored = await log.submit(sent)
    page = await log.forward(room, 0, 10, device)
    entry = MessageEntry(1, sent.account, sent.envelope, stored.ts, stored.kid, stored.ft, b"packet")
    assert (page.entries, page.head, page.more) == ((entry,), 1, False)


async def test_the_mark_is_the_hubs_for_this_place_and_sender(log: GroupCommitLog, room: RoomId) -> None:
    sent = message(room)
    stored = await log.submit(sent)
    assert RING.mark(sent.header, stored.seq, bytes.fromhex(sent.account), stored.ts) == (stored.kid, stored.ft)


async def test_messages_stand_in_the_order_of_their_submission(
    log: GroupCommitLog, heard: Listener, room: RoomId
) -> None:
    stored = await asyncio.gather(*(log.submit(message(room)) for _ in range(2500)))
    assert [one.seq for one in stored] == list(range(1, 2501))
    assert heard.seqs(room) == list(range(1, 2501))
    assert all(before.ts <= after.ts for before, after in pairwise(stored))


async def test_the_same_message_later_answers_its_first_seq(log: GroupCommitLog, heard: Listener, room: RoomId) -> None:
    sent = message(room)
    first = await log.submit(sent)
    await log.submit(message(room))
    assert await log.submit(sent) == replace(first, duplicate=True)
    assert heard.seqs(room) == [1, 2]


async def test_the_same_message_twice_in_one_batch_is_stored_once(
    log: GroupCommitLog, db: Database, room: RoomId
) -> None:
    sent = message(room)
    first, second, third = await asyncio.gather(log.submit(sent), log.submit(sent), log.submit(message(room)))
    assert (first.seq, first.duplicate, second.seq, second.duplicate, third.seq) == (1, False, 1, True, 2)
    assert await seqs_in(db, room) == [1, 2]


async def test_a_repeat_amid_a_batch_does_not_hold_up_the_others(
    log: GroupCommitLog, db: Database, heard: Listener, room: RoomId
) -> None:
    known = message(room)
    await log.submit(known)
    others = [message(room if n % 2 else RoomId(new_id())) for n in range(20)]
    batch = [*others[:10], known, *others[10:]]
    stored = await asyncio.gather(*(log.submit(one) for one in batch))
    assert stored[10].duplicate
    assert await seqs_in(db, room) == list(range(1, 12)) == heard.seqs(room)


async def test_other_bytes_under_a_known_cid_are_refused_and_nothing_else(
    log: GroupCommitLog, db: Database, room: RoomId
) -> None:
    sent = message(room)
    forged = replace(sent, envelope=sent.header + bytes(360))
    await log.submit(sent)
    answers = await asyncio.gather(log.submit(forged), log.submit(message(room)), return_exceptions=True)
    assert isinstance(answers[0], Conflict)
    assert answers[0].code == "cid_mismatch"
    assert await seqs_in(db, room) == [1, 2]


async def test_other_bytes_under_a_cid_still_on_its_way_are_refused(log: GroupCommitLog, room: RoomId) -> None:
    sent = message(room)
    under_way = log.submit(sent)
    with pytest.raises(Conflict, match="cid_mismatch"):
        await log.submit(replace(sent, envelope=sent.header + bytes(360)))
    assert (await under_way).seq == 1


async def test_what_was_submitted_before_is_found_again(log: GroupCommitLog, room: RoomId) -> None:
    sent = message(room)
    assert await log.repeated(sent) is None
    under_way = log.submit(sent)
    assert await log.repeated(sent) == replace(await under_way, duplicate=True)
    assert await log.repeated(sent) == replace(await under_way, duplicate=True)
    with pytest.raises(Conflict, match="cid_mismatch"):
        await log.repeated(replace(sent, envelope=sent.header + bytes(360)))


async def test_two_workers_write_the_same_rooms_without_gap_or_repeat(db: Database) -> None:
    rooms = [RoomId(new_id()) for _ in range(5)]
    heard = [Listener(), Listener()]
    workers = [GroupCommitLog(db, RING.mark, listener) for listener in heard]
    sent: dict[int, list[NewMessage]] = {0: [], 1: []}

    async def talk(n: int) -> None:
        for _ in range(60):
            burst = [message(random.choice(rooms)) for _ in range(random.randrange(1, 6))]
            sent[n] += burst
            await asyncio.gather(*(workers[n].submit(one) for one in burst))

    for worker in workers:
        worker.start()
    await asyncio.gather(talk(0), talk(1))
    for worker in workers:
        await worker.stop()
    for room in rooms:
        mine = [[m.cid for m in sent[n] if m.room == room] for n in (0, 1)]
        told = [[m.cid for m, _ in heard[n].told if m.room == room] for n in (0, 1)]
        assert told == mine, "each worker tells its own in the order they came"
        assert await seqs_in(db, room) == list(range(1, len(mine[0]) + len(mine[1]) + 1))
        assert sorted(heard[0].seqs(room) + heard[1].seqs(room)) == await seqs_in(db, room)
        assert heard[0].seqs(room) == sorted(heard[0].seqs(room))


async def test_a_head_that_is_out_of_date_costs_a_retry_and_no_seq(
    log: GroupCommitLog, db: Database, room: RoomId
) -> None:
    await log.submit(message(room))
    elsewhere = GroupCommitLog(db, RING.mark, Listener())
    elsewhere.start()
    assert [(await elsewhere.submit(message(room))).seq for _ in range(3)] == [2, 3, 4]
    await elsewhere.stop()
    assert [(await log.submit(message(room))).seq for _ in range(2)] == [5, 6]


async def test_a_false_hint_leaves_no_hole(log: GroupCommitLog, room: RoomId) -> None:
    await log.submit(message(room))
    log.saw(room, 99)
    assert (await log.submit(message(room))).seq == 2


async def test_who_tells_may_fail_and_the_log_goes_on(db: Database, room: RoomId) -> None:
    def deaf(_: object) -> None:
        raise ValueError("nobody listens")

    log = GroupCommitLog(db, RING.mark, deaf)
    log.start()
    assert [(await log.submit(message(room))).seq for _ in range(2)] == [1, 2]
    await log.stop()


async def test_a_sender_who_left_does_not_stop_the_batch(log: GroupCommitLog, db: Database, room: RoomId) -> None:
    gone, stays = asyncio.ensure_future(log.submit(message(room))), log.submit(message(room))
    gone.cancel()
    assert (await stays).seq == 2
    assert await seqs_in(db, room) == [1, 2]


async def test_what_was_taken_before_the_end_is_written(db: Database, room: RoomId) -> None:
    log = GroupCommitLog(db, RING.mark, Listener())
    log.start()
    taken = [log.submit(message(room)) for _ in range(1500)]
    await log.stop()
    assert [(await one).seq for one in taken] == list(range(1, 1501))
    with pytest.raises(Unavailable):
        await log.submit(message(room))


async def test_a_full_queue_refuses_instead_of_growing(
    db: Database, room: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "QUEUE_MESSAGES", 3)
    log = GroupCommitLog(db, RING.mark, Listener())
    taken = [log.submit(message(room)) for _ in range(3)]
    with pytest.raises(Unavailable, match="overloaded"):
        await log.submit(message(room))
    log.start()
    assert [(await one).seq for one in taken] == [1, 2, 3]
    await log.stop()


async def test_an_entry_the_database_refuses_fails_alone(
    log: GroupCommitLog, room: RoomId, monkeypatch: pytest.MonkeyPatch, db: Database
) -> None:
    number = GroupCommit._number

    def spoil(self: GroupCommit, batch: list[commit.Pending]) -> None:
        number(self, batch)
        for pending in batch:
            if pending.message.index == 666:
                pending.document["_id"] = [1]  # no _id may be an array

    monkeypatch.setattr(GroupCommit, "_number", spoil)
    batch = [log.submit(message(room, index=index)) for index in (0, 666, 1)]
    answers = await asyncio.gather(*batch, return_exceptions=True)
    assert isinstance(answers[1], Unavailable)
    assert await seqs_in(db, room) == [1, 2]


async def test_pages_meet_without_overlap_in_both_directions(log: GroupCommitLog, room: RoomId) -> None:
    await asyncio.gather(*(log.submit(message(room)) for _ in range(25)))
    forward, after = [], 0
    while True:
        page = await log.forward(room, after, 10, None)
        forward += [entry.seq for entry in page.entries]
        after = forward[-1]
        if not page.more:
            break
    assert forward == list(range(1, 26))
    back, before = [], 26
    while True:
        page = await log.back(room, before, 10, None)
        back = [entry.seq for entry in page.entries] + back
        before = back[0]
        if not page.more:
            break
    assert back == forward


async def test_a_page_of_large_messages_ends_early_and_says_so(log: GroupCommitLog, room: RoomId) -> None:
    await asyncio.gather(*(log.submit(message(room, body=secrets.token_bytes(65_000))) for _ in range(20)))
    page = await log.forward(room, 0, 100, None)
    assert page.more
    assert 15 < len(page.entries) < 20
    assert page.entries[-1].seq == len(page.entries)


async def test_a_redacted_message_keeps_its_place_and_loses_its_bytes(
    log: GroupCommitLog, db: Database, room: RoomId
) -> None:
    sent = message(room, keys={DeviceId(new_id()): b"packet"})
    stored = await log.submit(sent)
    assert not await log.redact(room, 1, UserId(new_id()))
    assert not await log.redact(room, 2, sent.account)
    assert await log.redact(room, 1, sent.account)
    assert await log.redact(room, 1, sent.account)
    (entry,) = (await log.forward(room, 0, 10, None)).entries
    assert entry == MessageEntry(1, sent.account, b"", stored.ts, stored.kid, stored.ft, None)
    left = await db.entries.find_one({"_id": entry_id(room, 1)})
    assert left is not None
    assert not left.keys() & {"env", "keys", "chain", "idx", "push"}


async def test_a_redacted_message_sent_again_does_not_come_back(log: GroupCommitLog, room: RoomId) -> None:
    sent = message(room)
    first = await log.submit(sent)
    await log.redact(room, 1, sent.account)
    assert await log.submit(sent) == replace(first, duplicate=True)
    with pytest.raises(Conflict, match="cid_mismatch"):
        await log.submit(replace(sent, envelope=sent.header + bytes(360)))
    assert (await log.forward(room, 0, 10, None)).entries[0].envelope == b""  # type: ignore[union-attr]  # a message


async def test_heads_of_many_rooms_come_together(log: GroupCommitLog, db: Database) -> None:
    rooms = [RoomId(new_id()) for _ in range(120)]
    await asyncio.gather(*(log.submit(message(room)) for n, room in enumerate(rooms) for _ in range(n % 3)))
    assert await log.heads(rooms) == {room: n % 3 for n, room in enumerate(rooms)}
    assert await read_heads(db, []) == {}
