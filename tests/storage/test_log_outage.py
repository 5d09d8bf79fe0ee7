"""The log when MongoDB's answers are lost, late or never come. Each test fails without the handling it is named for."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.errors import Unavailable
from hub.ids import DeviceId, RoomId, new_id
from storage.embedded import embedded_servers
from storage.mongo import commit
from storage.mongo import database as opening
from storage.mongo.database import migrate, open_client
from storage.mongo.entry import stretch
from storage.mongo.log import GroupCommitLog
from storage.mongo.store import Database
from storage.servers import Servers
from tests.storage.lossy import Wire, lossy, once
from tests.storage.world import RING, Listener, message
from tests.support.processes import kill, pids_naming, until

INSERT = b"insert\0\x08\0\0\0entries\0"
"""What an insert into the log looks like on the wire."""


@pytest.fixture
def room() -> RoomId:
    return RoomId(new_id())


@pytest.fixture
async def wire(servers: Servers, db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Wire, Database]]:
    monkeypatch.setattr(opening, "SELECTION_MS", 300)
    async with lossy(servers.mongodb_uri) as (wire, uri), open_client(uri) as client:
        yield wire, client[db.name]


@pytest.fixture
async def far(wire: tuple[Wire, Database], heard: Listener) -> AsyncIterator[GroupCommitLog]:
    log = GroupCommitLog(wire[1], RING.mark, heard)
    log.start()
    yield log
    wire[0].cut = False
    await log.stop()


async def test_an_answer_lost_after_the_write_is_found_out_and_told_once(
    wire: tuple[Wire, Database], far: GroupCommitLog, heard: Listener, room: RoomId
) -> None:
    await far.submit(message(room))
    wire[0].lose_answer = once(INSERT)
    stored = await asyncio.gather(*(far.submit(message(room)) for _ in range(5)))
    wire[0].lose_answer = lambda _: False
    assert wire[0].lost >= 1
    assert [(one.seq, one.duplicate) for one in stored] == [(seq, False) for seq in range(2, 7)]
    assert (await far.submit(message(room))).seq == 7
    assert heard.seqs(room) == list(range(1, 8))


async def test_a_lost_answer_is_read_back_before_anything_is_written_again(
    wire: tuple[Wire, Database], far: GroupCommitLog, room: RoomId
) -> None:
    questions: list[bytes] = []

    def lose(question: bytes) -> bool:
        questions.append(question)
        return INSERT in question and sum(INSERT in one for one in questions) == 1

    wire[0].lose_answer = lose
    assert (await far.submit(message(room))).seq == 1
    assert sum(INSERT in one for one in questions) == 1


async def test_a_question_lost_before_the_write_is_asked_again(
    wire: tuple[Wire, Database], far: GroupCommitLog, db: Database, room: RoomId
) -> None:
    wire[0].lose_question = once(INSERT, times=3)
    stored = await asyncio.gather(*(far.submit(message(room)) for _ in range(5)))
    assert wire[0].lost >= 3
    assert [one.seq for one in stored] == [1, 2, 3, 4, 5]
    assert await db.entries.count_documents(stretch(room)) == 5


async def test_after_long_enough_the_outcome_is_unknown_and_never_failed(
    wire: tuple[Wire, Database], far: GroupCommitLog, room: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "GIVE_UP_S", 0.5)
    sent = message(room)
    wire[0].lose_answer = once(INSERT, times=99)
    wire[0].lose_question = once(b"find\0", times=99)
    with pytest.raises(Unavailable, match="unknown_outcome"):
        await far.submit(sent)
    wire[0].lose_answer = wire[0].lose_question = lambda _: False
    again = await far.submit(sent)
    assert (again.seq, again.duplicate) == (1, True)


async def test_what_follows_a_given_up_message_in_its_chain_is_given_up_too(
    wire: tuple[Wire, Database], far: GroupCommitLog, room: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, chain = DeviceId(new_id()), os.urandom(16)
    wire[0].cut = True
    monkeypatch.setattr(commit, "GIVE_UP_S", 0.4)
    first = far.submit(message(room, device=device, chain=chain, index=0))
    monkeypatch.setattr(commit, "GIVE_UP_S", 20)
    await asyncio.sleep(0.1)  # the first is being written when the second comes
    second = far.submit(message(room, device=device, chain=chain, index=1))
    other = far.submit(message(room))
    answers = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    wire[0].cut = False
    assert (await other).seq == 1


async def test_while_mongod_stands_still_messages_wait_and_none_is_doubled(
    db: Database, servers: Servers, log: GroupCommitLog, room: RoomId, servers_dir: Path
) -> None:
    (pid,) = pids_naming(servers_dir / "mongo").values()
    writing = [asyncio.ensure_future(log.submit(message(room))) for _ in range(50)]
    os.kill(pid, signal.SIGSTOP)
    try:
        writing += [asyncio.ensure_future(log.submit(message(room))) for _ in range(50)]
        await asyncio.sleep(0.3)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert [stored.seq for stored in await asyncio.gather(*writing)] == list(range(1, 101))


async def test_a_killed_mongod_loses_no_acked_message_and_leaves_no_gap(tmp_path: Path) -> None:
    heard, rooms = Listener(), [RoomId(new_id()) for _ in range(3)]
    async with embedded_servers(tmp_path) as own, open_client(own.mongodb_uri) as client:
        await migrate(database := client["kill"])
        log = GroupCommitLog(database, RING.mark, heard)
        log.start()
        acked = [asyncio.ensure_future(log.submit(message(rooms[n % 3]))) for n in range(300)]
        await until(lambda: any(one.done() for one in acked))
        kill(pids_naming(tmp_path / "mongo")["mongod"])
        acked += [asyncio.ensure_future(log.submit(message(rooms[n % 3]))) for n in range(300)]
        stored = await asyncio.gather(*acked)
        await log.stop()
        assert {one.duplicate for one in stored} == {False}
        for room in rooms:
            assert heard.seqs(room) == list(range(1, 201))
            assert await database.entries.count_documents(stretch(room)) == 200
