"""Attachments: taken in parts, resumed, read by who may read their message, and gone with it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from api.adapters import SystemClock
from crypto import b64
from crypto.dkx import dkf1
from crypto.dkx.roster import Role, Roster
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.file import FileSecret, Sealer
from hub.errors import Conflict, Invalid, NotFound, Unauthenticated
from hub.file import PART, File
from hub.ids import FileId, RoomId, new_id
from hub.ports import Ports
from hub.report import Outcome, Reason
from hub.room import Stored
from hub.usecases.files import (
    AT_A_TIME,
    BeginFile,
    DeleteFile,
    PutFile,
    ShowFile,
    begin_file,
    delete_file,
    put_file,
    show_file,
    sweep_files,
)
from hub.usecases.messaging import PublishRoster, RedactMessage, SendMessage, publish_roster, redact_message
from hub.usecases.reporting import CloseReport, Disclosed, SendReport, close_report, send_report
from tests.support.lending import appoint
from tests.support.world import Neighbour, Pen, World, cmd_id, now_ms

BYTES = ("hdr104", "kf", "rest", "ft")


class LaterClock(SystemClock):
    """Both clocks ``later``: upkeep goes by the real one, the end of rentals by the other."""

    def __init__(self, later: timedelta) -> None:
        super().__init__()
        self._later = later

    def real(self) -> datetime:
        return datetime.now(UTC) + self._later


def later(ports: Ports, **by: float) -> Ports:
    return replace(ports, clock=LaterClock(timedelta(**by)))


def sealed(size: int = 5 * PART) -> bytes:
    sealer = Sealer(FileSecret.generate(), size)
    return b"".join(sealer.pieces(BytesIO(bytes(size)).read))


@dataclass
class Chat:
    """Two parties in a room, a message that is sealed and not yet sent, and a stranger with a room of her own."""

    world: World
    owner: Neighbour
    renter: Neighbour
    stranger: Neighbour
    pen: Pen
    sent: SendMessage

    @property
    def room(self) -> RoomId:
        return self.pen.room

    def ask(self, content: bytes, **changes: object) -> BeginFile:
        return replace(BeginFile(FileId(new_id()), self.room, self.sent.cid, len(content)), **changes)

    async def begin(self, content: bytes, ports: Ports | None = None) -> File:
        return await begin_file(ports or self.world.ports, self.renter.actor, self.ask(content))

    async def put(self, file: File, content: bytes, offset: int = 0, by: Neighbour | None = None) -> File:
        command = PutFile(file.id, offset, parts(content[offset:]))
        return await put_file(self.world.ports, (by or self.renter).actor, command)

    async def whole(self, content: bytes | None = None) -> File:
        content = content or sealed()
        return await self.put(await self.begin(content), content)

    async def send(self) -> int:
        return (await self.pen.send(self.sent)).seq

    def reported(self, stored: Stored) -> dict[str, Any]:
        return self.pen.reported(self.sent, stored)

    async def sees(self, reader: Neighbour, file: File) -> bool:
        asking = show_file(self.world.ports, reader.actor, ShowFile(file.id))
        (found,) = await asyncio.gather(asking, return_exceptions=True)
        assert found == file or (isinstance(found, NotFound) and found.code == "file_not_found")
        return isinstance(found, File)

    async def kept(self) -> tuple[int, int, int]:
        """How many files, blobs and chunks there are."""
        names = ("files", "blobs.files", "blobs.chunks")
        files, blobs, chunks = [await self.world.database[name].count_documents({}) for name in names]
        return files, blobs, chunks


@pytest.fixture
async def chat(world: World) -> Chat:
    owner, renter, stranger = [await world.person() for _ in range(3)]
    item = await world.item(owner)
    asking = world.asking(renter, owner, item)
    await world.request(renter, owner, item, room=asking.room, roster=asking.roster)
    pen = Pen(world, renter, [owner, renter], asking.room, Roster.parse(asking.roster))
    return Chat(world, owner, renter, stranger, pen, pen.write('{"t":"Anbei."}'))


async def parts(content: bytes, step: int = 50_000) -> AsyncIterator[bytes]:
    for at in range(0, len(content), step):
        yield content[at : at + step]


async def content_of(world: World, file: File) -> bytes:
    found = await world.ports.blobs.read(file.id)
    assert found is not None
    return b"".join([part async for part in found])


async def test_what_was_sent_comes_back(chat: Chat) -> None:
    content = sealed(20 * PART + 5)
    file = await chat.whole(content)
    assert file.complete
    assert await content_of(chat.world, file) == content


async def test_whole_parts_of_a_body_that_breaks_off_stay_and_the_rest_goes_on_from_there(chat: Chat) -> None:
    content = sealed(8 * PART)
    file = await chat.begin(content)
    for cut, kept in ((1000, 0), (PART - 1, 0), (PART + 1, PART), (3 * PART + 7, 3 * PART), (7 * PART, 7 * PART)):
        file = await chat.put(file, content[:cut], file.offset)
        assert file.offset == kept
        again = await begin_file(
            chat.world.ports, chat.renter.actor, BeginFile(file.id, chat.room, chat.sent.cid, len(content))
        )
        assert again.offset == kept
    assert (await chat.put(file, content, file.offset)).complete
    assert await content_of(chat.world, file) == content


@pytest.mark.parametrize("offset", [1, PART - 1, 2 * PART, 10**9])
async def test_another_offset_is_refused_with_the_right_one(offset: int, chat: Chat) -> None:
    content = sealed()
    file = await chat.put(await chat.begin(content), content[: PART + 5])
    with pytest.raises(Conflict) as refused:
        await chat.put(file, content, offset)
    assert (refused.value.code, refused.value.data) == ("file_offset", {"offset": PART})


async def test_two_senders_at_one_offset_never_mix(chat: Chat) -> None:
    content = sealed(3 * AT_A_TIME)
    file = await chat.begin(content)
    other = content[:28] + bytes(len(content) - 28)
    done = await asyncio.gather(
        *(put_file(chat.world.ports, chat.renter.actor, PutFile(file.id, 0, parts(each))) for each in (content, other)),
        return_exceptions=True,
    )
    whole = [one for one in done if isinstance(one, File)]
    assert len(whole) == 1
    assert [one.code for one in done if isinstance(one, Conflict)] == ["file_offset"]
    assert await content_of(chat.world, file) in {content, other}


async def test_more_than_was_announced_is_refused_and_less_is_no_file(chat: Chat) -> None:
    content = sealed()
    file = await chat.begin(content)
    with pytest.raises(Invalid, match="too_large"):
        await chat.put(file, content + b"x")
    assert not await chat.world.ports.blobs.size(file.id)
    short = await chat.put(await chat.begin(content), content[:-1])
    assert not short.complete
    assert await chat.world.ports.blobs.size(short.id) is None


async def test_what_is_no_sealed_file_is_refused(chat: Chat) -> None:
    for size in (0, 27, 43, 1000, PART + 27):
        with pytest.raises(Invalid) as refused:
            await chat.begin(bytes(size))
        assert (refused.value.code, refused.value.data) == ("bad_file", {"reason": "size"})
    with pytest.raises(Invalid, match="too_large"):
        await begin_file(chat.world.ports, chat.renter.actor, chat.ask(b"", size=dkf1.stored_size(dkf1.MAX_SIZE) + 1))
    plain = b"%PDF-1.7" + bytes(len(sealed()) - 8)
    with pytest.raises(Invalid) as refused:
        await chat.put(await chat.begin(plain), plain)
    assert (refused.value.code, refused.value.data) == ("bad_file", {"reason": "header"})


async def test_only_a_member_announces_and_only_from_a_proven_device(chat: Chat) -> None:
    with pytest.raises(NotFound, match="room_not_found"):
        await begin_file(chat.world.ports, chat.stranger.actor, chat.ask(sealed()))
    with pytest.raises(NotFound, match="room_not_found"):
        await begin_file(chat.world.ports, chat.renter.actor, chat.ask(sealed(), room=RoomId(new_id())))
    with pytest.raises(Unauthenticated, match="device_required"):
        await begin_file(chat.world.ports, replace(chat.renter.actor, device=None), chat.ask(sealed()))


async def test_only_who_announced_it_sends_it(chat: Chat) -> None:
    content = sealed()
    file = await chat.begin(content)
    for other in (chat.owner, chat.stranger):
        with pytest.raises(NotFound, match="file_not_found"):
            await chat.put(file, content, by=other)
        with pytest.raises(NotFound, match="file_not_found"):
            await delete_file(chat.world.ports, other.actor, DeleteFile(file.id))
    taken = BeginFile(file.id, chat.room, chat.sent.cid, len(content))
    with pytest.raises(Conflict, match="file_taken"):
        await begin_file(chat.world.ports, chat.owner.actor, taken)


async def test_who_may_read_the_message_may_read_the_file(chat: Chat) -> None:
    file = await chat.whole()
    people = (chat.renter, chat.owner, chat.stranger)
    assert [await chat.sees(person, file) for person in people] == [True, False, False]
    seq = await chat.send()
    assert [await chat.sees(person, file) for person in people] == [True, True, False]
    await redact_message(chat.world.ports, chat.renter.actor, RedactMessage(chat.room, seq))
    assert [await chat.sees(person, file) for person in people] == [False, False, False]


async def test_who_joins_later_sees_the_files_of_later_messages(chat: Chat) -> None:
    before = await chat.whole()
    await chat.send()
    members = [*chat.pen.roster.members, chat.stranger.member(Role.OBSERVER)]
    joined = signing.next_roster(chat.renter.device, chat.pen.roster, members, now_ms=now_ms())
    await publish_roster(chat.world.ports, chat.renter.actor, PublishRoster(cmd_id(), chat.room, joined.raw))
    pen = Pen(chat.world, chat.renter, [chat.owner, chat.renter, chat.stranger], chat.room, joined)
    chat.sent = pen.write()
    after = await chat.whole()
    await pen.send(chat.sent)
    assert [await chat.sees(chat.stranger, file) for file in (before, after)] == [False, True]


async def test_ones_space_ends_in_bytes_and_in_number(chat: Chat) -> None:
    content = sealed()
    for policy, full in (
        ({"max_files_bytes": 2 * len(content)}, {"of": "bytes", "max": 2 * len(content)}),
        ({"max_files": 2}, {"of": "files", "max": 2}),
    ):
        await chat.world.database.files.delete_many({})
        ports = replace(chat.world.ports, policy=replace(chat.world.ports.policy, **policy))
        first, _ = await chat.begin(content, ports), await chat.begin(content, ports)
        with pytest.raises(Conflict) as refused:
            await chat.begin(content, ports)
        assert (refused.value.code, refused.value.data) == ("files_full", full)
        await delete_file(ports, chat.renter.actor, DeleteFile(first.id))
        await chat.begin(content, ports)


async def test_files_side_by_side_do_not_go_beyond_ones_space(chat: Chat) -> None:
    content = sealed()
    ports = replace(chat.world.ports, policy=replace(chat.world.ports.policy, max_files=3))
    done = await asyncio.gather(*(chat.begin(content, ports) for _ in range(8)), return_exceptions=True)
    assert all(isinstance(one, File) or (isinstance(one, Conflict) and one.code == "files_full") for one in done)
    assert (await chat.kept())[0] <= 3


async def test_an_operator_may_set_a_smaller_bound(chat: Chat) -> None:
    ports = replace(chat.world.ports, policy=replace(chat.world.ports.policy, max_file=4 * PART))
    with pytest.raises(Invalid) as refused:
        await chat.begin(sealed(), ports)
    assert (refused.value.code, refused.value.data) == ("too_large", {"max": dkf1.stored_size(4 * PART)})


async def test_a_file_given_up_leaves_no_byte(chat: Chat) -> None:
    content = sealed()
    file = await chat.put(await chat.begin(content), content[: 3 * PART])
    await chat.whole()
    await delete_file(chat.world.ports, chat.renter.actor, DeleteFile(file.id))
    assert (await chat.kept())[:2] == (1, 1)
    assert file.id not in await chat.world.database["blobs.chunks"].distinct("files_id")


async def test_a_file_of_a_message_goes_only_with_it(chat: Chat) -> None:
    file = await chat.whole()
    seq = await chat.send()
    with pytest.raises(Conflict, match="file_in_use"):
        await delete_file(chat.world.ports, chat.renter.actor, DeleteFile(file.id))
    await redact_message(chat.world.ports, chat.renter.actor, RedactMessage(chat.room, seq))
    assert await chat.kept() == (0, 0, 0)


async def test_what_was_never_sent_goes_after_a_day_half_or_whole(chat: Chat) -> None:
    content = sealed()
    await chat.whole()
    await chat.put(await chat.begin(content), content[: 2 * PART])
    assert await sweep_files(later(chat.world.ports, hours=23)) == 0
    assert await sweep_files(later(chat.world.ports, hours=25)) == 2
    assert await chat.kept() == (0, 0, 0)


async def test_what_is_announced_again_stays_a_day_longer(chat: Chat) -> None:
    content = sealed()
    file = await chat.whole(content)
    again = BeginFile(file.id, chat.room, chat.sent.cid, len(content))
    await begin_file(later(chat.world.ports, hours=20), chat.renter.actor, again)
    assert await sweep_files(later(chat.world.ports, hours=25)) == 0
    assert await sweep_files(later(chat.world.ports, hours=45)) == 1


async def test_the_file_of_a_message_stays_until_a_year_after_its_rental(chat: Chat) -> None:
    file = await chat.whole()
    await chat.send()
    for days in (2, 400):
        assert await sweep_files(later(chat.world.ports, days=days)) == 0
    closed = {"$set": {"state": "completed", "updated_at": datetime.now(UTC) + timedelta(days=50)}}
    await chat.world.database.rentals.update_one({"room": chat.room}, closed)
    assert await sweep_files(later(chat.world.ports, days=414)) == 0
    assert await sweep_files(later(chat.world.ports, days=422)) == 1
    assert not await chat.sees(chat.owner, file)


async def test_what_an_interrupted_erasure_or_sweep_left_goes_with_the_next(chat: Chat) -> None:
    file = await chat.whole()
    seq = await chat.send()
    assert await chat.world.ports.log.redact(chat.room, seq, chat.renter.user.id)
    await chat.world.ports.files.of(file.message, datetime.now(UTC))
    assert await chat.world.ports.files.retire(file.id)
    assert await sweep_files(chat.world.ports) == 1
    assert await chat.kept() == (0, 0, 0)


async def test_a_reported_file_outlives_its_message_until_the_report_is_closed(chat: Chat) -> None:
    world, file = chat.world, await chat.whole()
    stored = await chat.pen.send(chat.sent)
    moderator = await appoint(world)
    assert not await chat.sees(moderator, file)
    told = {name: b64.decode(value) if name in BYTES else value for name, value in chat.reported(stored).items()}
    command = SendReport(cmd_id(), chat.room, Reason.THREAT, (Disclosed(**told),))
    report = (await send_report(world.ports, chat.owner.actor, command)).report

    await redact_message(world.ports, chat.renter.actor, RedactMessage(chat.room, stored.seq))
    await delete_file(world.ports, chat.renter.actor, DeleteFile(file.id))
    assert await sweep_files(later(world.ports, days=400)) == 0
    party = replace(chat.owner, actor=replace(chat.owner.actor, roles=moderator.actor.roles))
    seeing = [await chat.sees(person, file) for person in (moderator, party, chat.renter, chat.stranger)]
    assert seeing == [True, False, False, False]
    assert "file_read" in [one.act async for one in world.ports.audit.concerning(chat.renter.user.id)]

    await close_report(world.ports, moderator.actor, CloseReport(report.id, Outcome.ACTED, "Verwarnt."))
    assert not await chat.sees(moderator, file)
    assert await sweep_files(later(world.ports, days=402)) == 1
    assert await chat.kept() == (0, 0, 0)


async def test_several_may_sweep_at_once(chat: Chat) -> None:
    for _ in range(3):
        await chat.whole()
    ports = later(chat.world.ports, hours=25)
    assert sum(await asyncio.gather(*(sweep_files(ports) for _ in range(3)))) >= 3
    assert await chat.kept() == (0, 0, 0)
