"""What the hub takes into a room's log and what it refuses, with real keys and real envelopes."""

import asyncio
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crypto import b64
from crypto.dkx.devlist import DevList
from crypto.dkx.roster import Roster
from crypto.dkx.sealing import signing
from hub.burst import Bursts
from hub.errors import Conflict, HubError, Invalid, NotFound, RateLimited, Unauthenticated
from hub.ids import DeviceId, RoomId, new_id
from hub.presence import PresenceState
from hub.room import EventEntry, MessageEntry
from hub.usecases.booking import AcceptOffer, DeclineRental, accept_offer, decline_rental
from hub.usecases.messaging import (
    AddressedKey,
    GetRoom,
    LastChainIndex,
    ListRooms,
    PageHistory,
    PutReceipt,
    RedactMessage,
    SetTyping,
    SyncRooms,
    get_room,
    last_chain_index,
    list_rooms,
    message_at_once,
    page_history,
    put_receipt,
    queue_message,
    redact_message,
    set_typing,
    sync_rooms,
)
from hub.usecases.presence import BeatPresence, beat_presence
from hub.usecases.sessions import check_session
from tests.support.world import Neighbour, Pen, World, cmd_id, now_ms


class Chat:
    """Anna and Bernd in the room of one rental, each with a device."""

    def __init__(self, world: World, anna: Neighbour, bernd: Neighbour, room: RoomId, roster: Roster) -> None:
        self.world, self.ports = world, world.ports
        self.anna, self.bernd, self.room, self.roster = anna, bernd, room, roster
        self.pen = self.write_as(bernd)

    def write_as(self, author: Neighbour) -> Pen:
        return Pen(self.world, author, [self.anna, self.bernd], self.room, self.roster)


async def open_chat(world: World, anna: Neighbour, bernd: Neighbour) -> Chat:
    applied = await world.request(bernd, anna, await world.item(anna))
    room = await world.ports.rooms.get(applied.sheet.rental.room)
    assert room is not None
    return Chat(world, anna, bernd, room.id, Roster.parse(room.roster))


@pytest.fixture
async def chat(world: World) -> Chat:
    return await open_chat(world, await world.person(), await world.person())


def refused(code: str, kind: type[HubError] = Conflict) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def test_messages_stand_in_the_log_in_the_order_they_were_sent(chat: Chat) -> None:
    sent = [chat.pen.write(f"{n}") for n in range(5)]
    waiting = [await queue_message(chat.ports, chat.bernd.actor, message) for message in sent]
    stored = await asyncio.gather(*waiting)
    assert [answer.seq for answer in stored] == [2, 3, 4, 5, 6]
    page = await page_history(chat.ports, chat.anna.actor, PageHistory(chat.room))
    assert [entry.envelope for entry in page.entries if isinstance(entry, MessageEntry)] == [m.env for m in sent]


async def test_a_room_takes_messages_until_thirty_days_after_its_rental_is_over(chat: Chat) -> None:
    early = chat.pen.write("noch verhandelt")
    first = await chat.pen.send(early)
    room = await get_room(chat.ports, chat.anna.actor, GetRoom(chat.room))
    await decline_rental(chat.ports, chat.anna.actor, DeclineRental(cmd_id(), room.room.rental, "not_available"))
    chat.world.clock.moved += timedelta(days=30, seconds=-60)
    await chat.pen.send(chat.pen.write("Schade."))
    chat.world.clock.moved += timedelta(seconds=120)
    with refused("room_closed") as refusal:
        await chat.pen.send(chat.pen.write("Noch da?"))
    assert set(refusal.value.data or {}) == {"since"}
    assert (await chat.pen.send(early)).seq == first.seq
    shown = await get_room(chat.ports, chat.bernd.actor, GetRoom(chat.room))
    assert shown.room.talk_until is not None


async def test_the_first_message_of_a_chain_brings_each_device_its_key(chat: Chat) -> None:
    sent = chat.pen.write()
    await chat.pen.send(sent)
    (synced,) = (await sync_rooms(chat.ports, chat.anna.actor, SyncRooms({chat.room: 0}))).pages.values()
    message = synced.entries[-1]
    assert isinstance(message, MessageEntry)
    assert [message.key] == [key.pkt for key in sent.keys]


async def test_the_same_message_again_gets_the_same_place(chat: Chat) -> None:
    first, second = chat.pen.write(), chat.pen.write()
    one, _ = await chat.pen.send(first), await chat.pen.send(second)
    again = await chat.pen.send(first)
    assert (again.seq, again.ts, again.ft, again.duplicate) == (one.seq, one.ts, one.ft, True)


async def test_a_message_is_recognised_while_its_first_copy_is_still_on_its_way(chat: Chat) -> None:
    await chat.pen.send(chat.pen.write())
    message = chat.pen.write()
    waiting = [await queue_message(chat.ports, chat.bernd.actor, message) for _ in range(3)]
    stored = await asyncio.gather(*waiting)
    assert len({answer.seq for answer in stored}) == 1
    assert [answer.duplicate for answer in stored] == [False, True, True]


async def test_a_message_is_recognised_even_after_the_devices_changed(chat: Chat) -> None:
    message = chat.pen.write()
    stored = await chat.pen.send(message)
    await chat.world.add_device(chat.anna)
    again = await chat.pen.send(message)
    assert (again.seq, again.duplicate) == (stored.seq, True)


async def test_another_message_under_the_same_cid_is_refused(chat: Chat) -> None:
    first = chat.pen.write()
    await chat.pen.send(first)
    forged = replace(first, env=first.env[:-1] + bytes([first.env[-1] ^ 1]))
    with refused("cid_mismatch"):
        await chat.pen.send(forged)


async def test_the_next_message_of_an_open_chain_is_taken_at_once(chat: Chat) -> None:
    await chat.pen.send(chat.pen.write())
    waiting = [message_at_once(chat.ports, chat.bernd.actor, chat.pen.write()) for _ in range(3)]
    assert [(await queued).seq for queued in waiting if queued] == [3, 4, 5]


async def test_what_is_not_surely_the_next_message_of_a_chain_is_not_taken_at_once(chat: Chat) -> None:
    first, second = chat.pen.write(), chat.pen.write()
    stranger, actor = await chat.world.person(), chat.bernd.actor
    assert message_at_once(chat.ports, actor, first) is None, "it opens its chain"
    await chat.pen.send(first)
    stamps = dict(second.dl)
    doubtful = [
        (actor, first),
        (actor, chat.pen.write()),
        (actor, replace(second, keys=first.keys)),
        (actor, replace(second, roster=second.roster + 1)),
        (actor, replace(second, dl=stamps | {chat.anna.user.id: (1, 9)})),
        (actor, replace(second, dl=stamps | {stranger.user.id: (1, 1)})),
        (actor, replace(second, dl={chat.anna.user.id: stamps[chat.anna.user.id]})),
        (actor, replace(second, room=RoomId(new_id()))),
        (actor, replace(second, chain=secrets.token_bytes(16))),
        (replace(actor, device=None), second),
        (replace(actor, device=DeviceId(new_id())), second),
        (replace(actor, user=stranger.user.id), second),
        (stranger.actor, second),
        (chat.anna.actor, second),
    ]
    for who, message in doubtful:
        assert message_at_once(chat.ports, who, message) is None
    assert (await chat.pen.send(second)).seq == 3


async def test_a_message_taken_at_once_counts_against_the_rate_and_must_be_what_it_says(chat: Chat) -> None:
    await chat.pen.send(chat.pen.write())
    message = chat.pen.write()
    policy = replace(chat.ports.policy, message_burst=2, message_per_s=0.001)
    ports = replace(chat.ports, policy=policy, bursts=Bursts())
    forged = replace(message, env=b"\x02" + message.env[1:])
    for _ in range(2):
        with refused("bad_envelope", Invalid):
            message_at_once(ports, chat.bernd.actor, forged)
    with refused("rate_limited", RateLimited):
        message_at_once(ports, chat.bernd.actor, message)


async def test_a_new_device_is_told_to_the_sender_before_anything_is_stored(chat: Chat) -> None:
    await chat.pen.send(chat.pen.write())
    late = chat.pen.write()
    await chat.world.add_device(chat.anna)
    with refused("devices_stale") as refusal:
        await chat.pen.send(late)
    (newer,) = refusal.value.data["lists"].values()
    assert DevList.parse(b64.decode(newer["list"])).hash == chat.anna.list.hash
    assert "roster" not in refusal.value.data
    assert (await chat.ports.log.heads([chat.room]))[chat.room] == 2


@pytest.mark.parametrize("change", ["older", "missing", "extra", "roster"])
async def test_a_message_for_other_devices_or_members_than_the_newest_is_refused(chat: Chat, change: str) -> None:
    message = chat.pen.write()
    stamps = dict(message.dl)
    if change == "older":
        stamps[chat.anna.user.id] = (1, 9)
    elif change == "missing":
        del stamps[chat.anna.user.id]
    elif change == "extra":
        stamps[(await chat.world.person()).user.id] = (1, 1)
    stale = replace(message, dl=stamps, roster=message.roster + (change == "roster"))
    with refused("devices_stale") as refusal:
        await chat.pen.send(stale)
    assert ("roster" in refusal.value.data) == (change == "roster")


async def test_a_chain_made_for_older_lists_is_refused(chat: Chat) -> None:
    await chat.pen.send(chat.pen.write())
    await chat.world.add_device(chat.anna)
    with refused("chain_stale"):
        await chat.pen.send(chat.pen.write())


async def test_keys_for_every_other_device_are_demanded(chat: Chat) -> None:
    message = chat.pen.write()
    with refused("keys_missing") as refusal:
        await chat.pen.send(replace(message, keys=()))
    assert refusal.value.data == {"devices": [chat.anna.device.device.hex()]}
    assert (await chat.pen.send(message)).seq == 2


async def test_ones_own_other_devices_get_keys_too(chat: Chat) -> None:
    old = chat.bernd.device.device.hex()
    await chat.world.add_device(chat.bernd)
    pen = chat.write_as(chat.bernd)
    message = pen.write()
    with refused("keys_missing") as refusal:
        await pen.send(replace(message, keys=tuple(key for key in message.keys if key.to != old)))
    assert refusal.value.data == {"devices": [old]}


async def test_key_packets_must_name_what_stands_around_them(chat: Chat) -> None:
    message = chat.pen.write()
    (key,) = message.keys
    other = await open_chat(chat.world, await chat.world.person(), chat.bernd)
    foreign = other.write_as(chat.bernd).write().keys[0]
    flipped = AddressedKey(key.to, key.pkt[:25] + bytes([key.pkt[25] ^ 1]) + key.pkt[26:])
    stranger = AddressedKey(DeviceId(new_id()), key.pkt)
    for keys in (
        (flipped,),
        (key, key),
        (key, stranger),
        (AddressedKey(key.to, foreign.pkt),),
        (AddressedKey(key.to, b"x"),),
    ):
        with refused("bad_keys", Invalid):
            await chat.pen.send(replace(message, keys=keys))


async def test_indices_of_a_chain_have_no_gap(chat: Chat) -> None:
    await chat.pen.send(chat.pen.write())
    chat.pen.write()
    with refused("chain_index") as refusal:
        await chat.pen.send(chat.pen.write())
    assert refusal.value.data == {"expected": 1}


async def test_the_fields_around_an_envelope_must_be_its_own(chat: Chat) -> None:
    message = chat.pen.write()
    other = await open_chat(chat.world, chat.anna, chat.bernd)
    wrong = [
        replace(message, cid=secrets.token_bytes(16)),
        replace(message, chain=secrets.token_bytes(16)),
        replace(message, idx=message.idx + 1),
        replace(message, room=other.room),
        replace(message, env=message.env[:-1]),
        replace(message, env=b"\x02" + message.env[1:]),
    ]
    for changed in wrong:
        with refused("bad_envelope", Invalid):
            await chat.pen.send(changed)
    with refused("bad_envelope", Invalid):
        await queue_message(chat.ports, chat.anna.actor, message)


async def test_an_envelope_beyond_the_bound_is_refused(chat: Chat) -> None:
    with refused("too_large", Invalid):
        await chat.pen.send(replace(chat.pen.write(), env=bytes(65_745)))


async def test_a_session_without_a_proven_device_cannot_write(chat: Chat) -> None:
    with refused("device_required", Unauthenticated):
        await queue_message(chat.ports, replace(chat.bernd.actor, device=None), chat.pen.write())


async def test_a_device_that_is_no_longer_listed_cannot_write(chat: Chat) -> None:
    old_pen, old_actor = chat.pen, chat.bernd.actor
    await old_pen.send(old_pen.write())
    message = old_pen.write()
    rows = [await chat.world.add_device(chat.bernd)]
    chat.bernd.devlist = signing.next_devlist(
        chat.bernd.dlk,
        chat.bernd.list,
        [row for row in chat.bernd.list.devices if row.id == rows[0].device],
        now_ms=now_ms(),
    )
    await chat.world.publish(chat.bernd)
    forged = replace(message, dl=message.dl | {chat.bernd.user.id: chat.bernd.stamp})
    with refused("device_unknown", Unauthenticated):
        await queue_message(chat.ports, old_actor, forged)
    with refused("session_revoked", Unauthenticated):
        await check_session(chat.ports, old_actor)


async def test_a_stranger_learns_nothing_of_a_room(chat: Chat) -> None:
    stranger = await chat.world.person()
    ports, actor, room = chat.ports, stranger.actor, chat.room
    tries = [
        queue_message(ports, actor, chat.pen.write()),
        redact_message(ports, actor, RedactMessage(room, 1)),
        sync_rooms(ports, actor, SyncRooms({room: 0})),
        page_history(ports, actor, PageHistory(room)),
        get_room(ports, actor, GetRoom(room)),
        last_chain_index(ports, actor, LastChainIndex(room, bytes(16))),
        put_receipt(ports, actor, PutReceipt(room, read=1)),
        set_typing(ports, actor, SetTyping(room, on=True)),
    ]
    for attempt in tries:
        with refused("room_not_found", NotFound):
            await attempt
    assert await list_rooms(ports, actor, ListRooms()) == []


async def test_one_foreign_room_spoils_a_sync(chat: Chat) -> None:
    with refused("room_not_found", NotFound):
        await sync_rooms(chat.ports, chat.anna.actor, SyncRooms({chat.room: 0, RoomId(new_id()): 0}))


async def test_a_device_that_writes_too_much_waits(chat: Chat) -> None:
    ports = replace(chat.ports, policy=replace(chat.ports.policy, message_burst=3))
    for _ in range(3):
        await (await queue_message(ports, chat.bernd.actor, chat.pen.write()))
    with refused("rate_limited", RateLimited) as refusal:
        await queue_message(ports, chat.bernd.actor, chat.pen.write())
    assert 0 < (refusal.value.after_ms or 0) <= 1001


async def test_a_sync_pages_forward_until_nothing_is_left(chat: Chat) -> None:
    for n in range(7):
        await chat.pen.send(chat.pen.write(f"{n}"))
    cursor, seen, more = 0, [], True
    while more:
        synced = await sync_rooms(chat.ports, chat.anna.actor, SyncRooms({chat.room: cursor}, limit=3))
        page = synced.pages[chat.room]
        seen += [entry.seq for entry in page.entries]
        cursor, more = seen[-1], page.more
    assert seen == list(range(1, 9))


async def test_history_pages_backwards(chat: Chat) -> None:
    for n in range(4):
        await chat.pen.send(chat.pen.write(f"{n}"))
    newest = await page_history(chat.ports, chat.anna.actor, PageHistory(chat.room, limit=2))
    assert ([entry.seq for entry in newest.entries], newest.more, newest.head) == ([4, 5], True, 5)
    older = await page_history(chat.ports, chat.anna.actor, PageHistory(chat.room, before=4, limit=10))
    assert ([entry.seq for entry in older.entries], older.more) == ([1, 2, 3], False)


async def test_a_sync_tells_who_is_here_while_a_rental_is_open(chat: Chat) -> None:
    await beat_presence(chat.ports, chat.anna.actor, BeatPresence(PresenceState.ACTIVE, "c1"))
    synced = await sync_rooms(chat.ports, chat.bernd.actor, SyncRooms({chat.room: 0}))
    assert synced.presence == {chat.anna.user.id: PresenceState.ACTIVE}
    room = await chat.ports.rooms.get(chat.room)
    assert room is not None
    chat.world.clock.moved = chat.world.clock.moved.__class__(days=2)
    await chat.world.fire_due()
    assert (await sync_rooms(chat.ports, chat.bernd.actor, SyncRooms({chat.room: 0}))).presence == {}


async def test_one_erases_ones_own_message_and_nobody_elses(chat: Chat) -> None:
    stored = await chat.pen.send(chat.pen.write())
    with refused("message_not_found", NotFound):
        await redact_message(chat.ports, chat.anna.actor, RedactMessage(chat.room, stored.seq))
    with refused("message_not_found", NotFound):
        await redact_message(chat.ports, chat.bernd.actor, RedactMessage(chat.room, 1))
    await redact_message(chat.ports, chat.bernd.actor, RedactMessage(chat.room, stored.seq))
    page = await page_history(chat.ports, chat.anna.actor, PageHistory(chat.room))
    gone = page.entries[-1]
    assert isinstance(gone, MessageEntry)
    assert (gone.seq, gone.envelope, gone.key) == (stored.seq, b"", None)
    assert chat.world.ear.of("message:gone") == [{"room": chat.room, "seq": stored.seq}]
    assert (await chat.pen.send(chat.pen.write())).seq == stored.seq + 1


async def test_the_hub_says_how_far_it_followed_a_chain(chat: Chat) -> None:
    first = chat.pen.write()
    asked = LastChainIndex(chat.room, first.chain)
    assert await last_chain_index(chat.ports, chat.bernd.actor, asked) is None
    await chat.pen.send(first)
    await chat.pen.send(chat.pen.write())
    assert await last_chain_index(chat.ports, chat.bernd.actor, asked) == 1


async def test_receipts_only_grow_and_reading_is_receiving(chat: Chat) -> None:
    await chat.pen.send(chat.pen.write())
    await put_receipt(chat.ports, chat.anna.actor, PutReceipt(chat.room, read=2))
    await put_receipt(chat.ports, chat.anna.actor, PutReceipt(chat.room, delivered=1))
    sheet = await get_room(chat.ports, chat.bernd.actor, GetRoom(chat.room))
    assert [(receipt.user, receipt.delivered, receipt.read) for receipt in sheet.receipts] == [
        (chat.anna.user.id, 2, 2)
    ]
    assert len(chat.world.ear.of("receipt:changed")) == 1
    with refused("bad_receipt", Invalid):
        await put_receipt(chat.ports, chat.anna.actor, PutReceipt(chat.room, read=3))


async def test_typing_is_told_and_not_stored(chat: Chat) -> None:
    await set_typing(chat.ports, chat.anna.actor, SetTyping(chat.room, on=True))
    (told,) = chat.world.ear.of("typing:changed")
    assert (told["user"], told["on"]) == (chat.anna.user.id, True)


async def test_messages_and_rental_rows_share_one_count(chat: Chat) -> None:
    room = await chat.ports.rooms.get(chat.room)
    assert room is not None
    messages = [chat.pen.write() for _ in range(6)]
    await chat.pen.send(messages[0])
    accept = accept_offer(chat.ports, chat.anna.actor, AcceptOffer(cmd_id(), room.rental, 1))
    waiting = [await queue_message(chat.ports, chat.bernd.actor, message) for message in messages[1:]]
    await asyncio.gather(accept, *waiting)
    page = await page_history(chat.ports, chat.anna.actor, PageHistory(chat.room))
    assert [entry.seq for entry in page.entries] == list(range(1, 9))
    assert sum(isinstance(entry, EventEntry) for entry in page.entries) == 2
