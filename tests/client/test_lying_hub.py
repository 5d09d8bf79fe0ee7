"""A hub that tampers, reorders, drops, injects and swaps keys: nothing false is shown, each lie has its name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client.errors import Alarm
from client.wanting import Wanting
from client.when import now_ms
from crypto import b64
from crypto.dkx import roster
from crypto.dkx.devlist import Device
from crypto.dkx.roster import Member, Role, Roster
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, SigningKey, new_id
from crypto.dkx.sealing.signing import certify, first_devlist, next_devlist, next_roster
from tests.client.conftest import Village
from tests.client.paper_hub import PaperHub, PaperNeighbour

Item = dict[str, Any]


def flip(text: str, at: int = 150) -> str:
    raw = bytearray(b64.decode(text))
    raw[at] ^= 1
    return b64.encode(bytes(raw))


def last(village: Village) -> Item:
    return village.hub.logs[village.room][-1]


async def test_a_changed_ciphertext_is_not_shown(village: Village):
    await village.tim.send(village.room, "wahr")
    last(village)["env"] = flip(last(village)["env"])
    await village.marta.catch_up(village.room)
    line = village.marta.timeline(village.room)[-1]
    assert (line.kind, line.reason, line.text) == ("unreadable", "altered", "")
    assert village.marta.warned() == ["altered"]
    assert village.marta.store.log.cursor(village.room) == 2


@pytest.mark.parametrize("field", ["dev", "cid"])
async def test_a_message_labelled_as_another_is_not_shown(village: Village, field: str):
    await village.tim.send(village.room, "wahr")
    last(village)[field] = new_id().hex()
    await village.marta.catch_up(village.room)
    assert village.marta.timeline(village.room)[-1].reason == "altered"


async def test_the_author_shown_is_the_one_whose_key_it_is(village: Village):
    await village.tim.send(village.room, "von Tim")
    last(village)["from"] = village.marta.user
    await village.marta.catch_up(village.room)
    assert village.marta.timeline(village.room)[-1].author == village.tim.user
    assert village.marta.warned() == ["author_differs"]


async def test_messages_in_another_order_are_noticed(village: Village):
    await village.tim.send(village.room, "erst")
    await village.tim.catch_up(village.room)
    await village.tim.send(village.room, "dann")
    log = village.hub.logs[village.room]
    log[1], log[2] = log[2] | {"seq": 2}, log[1] | {"seq": 3}
    village.hub.keys[village.room, 2] = village.hub.keys[village.room, 2]
    await village.marta.catch_up(village.room)
    assert "history_differs" in village.marta.warned()


async def test_a_dropped_message_is_noticed_by_its_index(village: Village):
    for text in ("eins", "zwei", "drei"):
        await village.tim.send(village.room, text)
    log = village.hub.logs[village.room]
    log[2:] = [log[3] | {"seq": 3}]
    await village.marta.catch_up(village.room)
    assert "messages_missing" in village.marta.warned()


async def test_messages_dropped_at_the_end_of_a_chain_are_noticed_by_the_next(village: Village):
    await village.tim.send(village.room, "eins")
    await village.tim.send(village.room, "zwei")
    village.tim.store.chains.discard(village.room)
    await village.tim.send(village.room, "drei")
    log = village.hub.logs[village.room]
    log[2:] = [log[3] | {"seq": 3}]
    village.hub.keys[village.room, 3] = village.hub.keys[village.room, 4]
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == ["eins", "drei"]
    assert "messages_missing" in village.marta.warned()


async def test_a_message_delivered_twice_is_shown_once(village: Village):
    await village.tim.send(village.room, "einmal")
    village.hub.append(village.room, {**last(village), "seq": 3})
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == ["einmal"]
    assert village.marta.store.log.cursor(village.room) == 3


async def test_another_envelope_at_a_used_index_is_refused(village: Village):
    sending = village.tim.store.chains.sending(village.room)
    assert sending is None
    await village.tim.send(village.room, "echt")
    before = village.tim.store.chains.sending(village.room)
    await village.tim.send(village.room, "zwei")
    village.tim.store.chains.keep_sending(before)
    await village.tim.send(village.room, "anders")
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == ["echt", "zwei"]
    assert "replayed" in village.marta.warned()


async def test_a_rental_event_that_was_changed_is_not_shown_as_true(village: Village):
    village.hub.append_event(village.room, village.tim.user, "offer_made", {"price": 1200})
    last(village)["data"]["price"] = 1
    await village.marta.catch_up(village.room)
    assert village.marta.timeline(village.room)[-1].reason == "altered"
    assert village.marta.warned() == ["event_chain"]


async def test_a_dropped_rental_event_breaks_the_chain_of_the_next(village: Village):
    village.hub.append_event(village.room, village.tim.user, "offer_made", {"price": 1200})
    village.hub.append_event(village.room, village.marta.user, "offer_accepted", {})
    log = village.hub.logs[village.room]
    log[1:] = [log[2] | {"seq": 2}]
    await village.marta.catch_up(village.room)
    assert "event_chain" in village.marta.warned()


async def test_nothing_is_applied_beyond_a_hole_in_the_log(village: Village):
    await village.tim.send(village.room, "eins")
    village.hub.logs[village.room][-1]["seq"] = 4
    village.marta.sync.connected({village.room: 4})
    await village.marta.sync._fetch([village.room])
    assert village.marta.store.log.cursor(village.room) == 1
    assert village.marta.warned() == ["log_hole"]


def forged_list(village: Village, victim: PaperNeighbour, *, own_aik: bool) -> Item:
    """A list with a device of the hub: under a key of its own, or on top of the true list with a wrong signature."""
    aik, dlk, dsk, dbk = SigningKey.generate(), SigningKey.generate(), SigningKey.generate(), BoxKey.generate()
    account = bytes.fromhex(victim.user)
    spy = Device(new_id(), dsk.public, dbk.public, 1)
    cert = certify(aik, account, 1, dlk.public, now_ms=1)
    if own_aik:
        return _entry(aik.public, cert.raw, first_devlist(dlk, account, [spy], now_ms=1).raw, 1)
    true = victim.store.identity
    grown = next_devlist(dlk, true.devlist, [*true.devlist.devices, spy], now_ms=1)
    return _entry(true.own().aik, true.cert.raw, grown.raw, 2)


def _entry(aik: bytes, cert: bytes, devlist: bytes, version: int) -> Item:
    documents = {"aik": b64.encode(aik), "cert": b64.encode(cert), "list": b64.encode(devlist)}
    return {**documents, "epoch": 1, "version": version}


async def test_an_injected_device_gets_no_key(village: Village):
    village.hub.devices[village.marta.user].append(forged_list(village, village.marta, own_aik=False))
    with pytest.raises(Alarm, match="devlist_invalid"):
        await village.tim.trust.refresh(village.marta.user)
    village.tim.write(village.room, "nur für Marta")
    with pytest.raises(Alarm, match="devlist_invalid"):
        await village.tim.sender.seal(village.tim.store.outgoing.next(village.room))
    assert not village.hub.sent
    assert "devlist_invalid" in village.tim.warned()


async def test_after_a_change_of_identity_nothing_is_sent_until_the_person_decides(village: Village):
    village.hub.devices[village.marta.user] = [forged_list(village, village.marta, own_aik=True)]
    with pytest.raises(Alarm, match="identity_changed"):
        await village.tim.trust.refresh(village.marta.user)
    village.tim.write(village.room, "geheim")
    with pytest.raises(Alarm, match="identity_changed"):
        await village.tim.sender.seal(village.tim.store.outgoing.next(village.room))
    assert not village.hub.sent
    await village.tim.trust.accept_identity(village.marta.user)
    village.tim.trust.check_unchanged([village.marta.user])


async def test_a_roster_with_a_stranger_in_ones_place_is_an_alarm(hub: PaperHub, tmp_path: Path):
    marta, tim = PaperNeighbour(hub, tmp_path / "m"), PaperNeighbour(hub, tmp_path / "t")
    mallory = PaperNeighbour(hub, tmp_path / "x")
    for neighbour in (marta, tim, mallory):
        await neighbour.settle_in()
    room = await tim.open_room(hub, mallory)
    with pytest.raises(Alarm, match="own_row"):
        await marta.rosters.newest(room)
    for neighbour in (marta, tim, mallory):
        neighbour.store.abandon()


def impostor(village: Village, ghost: PaperNeighbour, *, version: int) -> Roster:
    """A roster as old as the hills that names Tim with another identity, and a stranger beside the two."""
    known = Roster.parse(b64.decode(village.hub.rosters[village.room]))
    own = ghost.store.identity.own()
    rows = [row._replace(aik=SigningKey.generate().public) if row.role is Role.RENTER else row for row in known.members]
    rows.append(Member(own.account, own.aik, Role.OBSERVER))
    place = {"version": version, "prev_hash": known.hash if version > 1 else bytes(32)}
    body = roster.unsigned(room=known.room, signer=(own.account, own.device), created=1, members=rows, **place)
    return Roster.parse(body + own.dsk.sign(roster.LABEL, body))


async def test_nobody_signs_for_a_stranger_by_being_told_that_their_own_row_is_of_former_times(
    village: Village, tmp_path: Path
):
    ghost = PaperNeighbour(village.hub, tmp_path / "x")
    await ghost.settle_in()
    village.hub.former_rosters[village.room] = village.hub.roster_history(village.room)
    village.hub.rosters[village.room] = b64.encode(impostor(village, ghost, version=2).raw)
    told = village.hub.rosters[village.room]
    with pytest.raises(Alarm, match="own_row"):
        await village.tim.rosters.catch_up(village.room)
    assert village.hub.rosters[village.room] == told
    ghost.store.abandon()


async def test_who_comes_back_with_other_keys_takes_nobody_along_but_the_other_party(village: Village, tmp_path: Path):
    ghost, room = PaperNeighbour(village.hub, tmp_path / "x"), village.room
    await ghost.settle_in()
    own = village.tim.store.identity.own()
    rows = impostor(village, ghost, version=2).members
    body = roster.unsigned(
        room=bytes.fromhex(room),
        version=1,
        prev_hash=bytes(32),
        signer=(own.account, own.device),
        created=1,
        members=rows,
    )
    village.hub.rosters[room] = b64.encode(body + bytes(64))
    village.tim.store._db.execute("DELETE FROM rosters")
    back = await village.tim.rosters.catch_up(room)
    assert {member.account.hex() for member in back.members} == {village.tim.user, village.marta.user}
    assert back.names(own.account, own.aik)
    ghost.store.abandon()


async def test_a_message_whose_key_comes_late_heals_where_it_stands(village: Village):
    await village.tim.send(village.room, "wartet kurz")
    packets = village.hub.keys.pop((village.room, 2))
    await village.marta.catch_up(village.room)
    assert village.marta.timeline(village.room)[-1].reason == "no_key"
    header = village.hub.sent[0]
    device = village.tim.line.device
    village.marta.keyring.note(village.room, device, header["chain"], packets[village.marta.line.device])
    await village.marta.applier.heal(village.room)
    assert village.marta.texts(village.room) == ["wartet kurz"]
    assert not village.marta.store.log.unreadable()


async def test_a_key_packet_of_a_stranger_opens_nothing(village: Village, tmp_path: Path):
    stranger = PaperNeighbour(village.hub, tmp_path / "stranger")
    await stranger.settle_in()
    stranger.rosters = village.tim.rosters
    await village.tim.send(village.room, "echt")
    village.hub.keys[village.room, 2] = {
        village.marta.line.device: flip(next(iter(village.hub.keys[village.room, 2].values())))
    }
    await village.marta.catch_up(village.room)
    assert village.marta.timeline(village.room)[-1].reason == "bad_key"
    stranger.store.abandon()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda item: item.pop("env"),
        lambda item: item.update(env=7),
        lambda item: item.update(env="%%%"),
        lambda item: item.update(env=b64.encode(bytes(360))),
        lambda item: item.update(ts=2**70),
        lambda item: item.update(ts=None),
        lambda item: item.update(kind="event"),
        lambda item: item.pop("kind"),
    ],
    ids=["missing", "a number", "not base64", "zeros", "huge", "no time", "no event", "no kind"],
)
async def test_rubbish_in_place_of_a_message_stops_nothing(village: Village, spoil: Callable[[Item], Any]):
    await village.tim.send(village.room, "davor")
    spoil(last(village))
    await village.marta.send(village.room, "danach")
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == ["danach"]
    assert json.dumps(village.marta.warned()).count("altered") == 1


async def test_an_erased_message_leaves_its_place_and_nothing_to_read(village: Village):
    await village.tim.send(village.room, "doch nicht")
    await village.tim.send(village.room, "aber das")
    await village.marta.catch_up(village.room)
    village.marta.applier.erase(village.room, 2)
    assert [line.kind for line in village.marta.timeline(village.room)] == ["event", "gone", "text"]
    assert "doch nicht" not in repr(village.marta.store.log.of(village.room))


async def test_what_was_erased_before_one_came_is_not_called_missing(village: Village):
    for text in ("eins", "zwei", "drei"):
        await village.tim.send(village.room, text)
    log = village.hub.logs[village.room]
    log[2] = {"seq": 3, "kind": "gone", "from": village.tim.user, "ts": log[2]["ts"]}
    await village.marta.catch_up(village.room)
    assert [line.kind for line in village.marta.timeline(village.room)] == ["event", "text", "gone", "text"]
    assert not village.marta.warned()


async def test_an_echo_that_does_not_open_takes_nothing_out_of_the_outbox(village: Village):
    village.hub.silent = 1
    cid = village.tim.write(village.room, "meins")
    sealed = await village.tim.sender.seal(village.tim.store.outgoing.next(village.room))
    village.hub.append(village.room, village.hub._item(village.tim.user, {**sealed, "env": flip(sealed["env"])}))
    await village.tim.catch_up(village.room)
    assert village.tim.store.outgoing.get(cid) is not None


async def second_device(village: Village, tmp_path: Path) -> PaperNeighbour:
    """Marta's tablet, with her account's keys as a linking hands them over."""
    first = village.marta.store.identity
    own = OwnDevice(first.own().account, new_id(), first.own().aik, SigningKey.generate(), BoxKey.generate())
    tablet = PaperNeighbour(village.hub, tmp_path / "tablet", village.marta.user)
    tablet.store.identity.adopt(own, first.keys(), first.cert, first.devlist)
    tablet.line.device = own.device.hex()
    await tablet.trust.refresh(tablet.user)
    await tablet.desk.join()
    await tablet.desk.prove()
    return tablet


async def remove(village: Village, gone: PaperNeighbour) -> None:
    device = bytes.fromhex(gone.line.device)
    await village.marta.desk.change(lambda rows: [row for row in rows if row.id != device])
    await village.tim.trust.refresh(village.marta.user)


async def test_a_roster_signed_by_a_device_that_was_removed_before_is_refused(village: Village, tmp_path: Path):
    tablet = await second_device(village, tmp_path)
    await tablet.rosters.catch_up(village.room)
    await village.tim.trust.refresh(village.marta.user)
    await remove(village, tablet)
    known = await village.tim.rosters.newest(village.room)
    later = now_ms() + 1000
    forged = next_roster(tablet.store.identity.own(), known, known.members, now_ms=later)
    await village.marta.line.command(f"/v1/rooms/{village.room}/roster", {"roster": b64.encode(forged.raw)})
    with pytest.raises(Alarm, match="roster_invalid"):
        await village.tim.rosters.catch_up(village.room)
    assert village.tim.store.log.roster(village.room).version == 1
    tablet.store.abandon()


async def test_a_chain_that_a_removed_device_begins_afterwards_opens_nothing(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tablet = await second_device(village, tmp_path)
    await village.tim.trust.refresh(village.marta.user)
    await remove(village, tablet)
    monkeypatch.setattr("client.sender.now_ms", lambda: now_ms() + 3_600_000)
    await tablet.catch_up(village.room)
    await tablet.send(village.room, "noch da")
    await village.tim.catch_up(village.room)
    assert village.tim.timeline(village.room)[-1].reason == "bad_key"
    tablet.store.abandon()


async def test_a_withheld_roster_is_noticed(village: Village):
    first = await village.tim.rosters.newest(village.room)
    second = next_roster(village.marta.store.identity.own(), first, first.members, now_ms=now_ms())
    third = next_roster(village.marta.store.identity.own(), second, first.members, now_ms=now_ms())
    village.hub.rosters[village.room] = b64.encode(third.raw)
    with pytest.raises(Alarm, match="roster_gap"):
        await village.tim.rosters.catch_up(village.room)


async def test_a_frozen_list_is_noticed(village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Tim is shown Marta's devices as they were two days ago: she sees that what he writes is not for her tablet."""
    frozen = list(village.hub.devices[village.marta.user])
    tablet = await second_device(village, tmp_path)
    newest, village.hub.devices[village.marta.user] = village.hub.devices[village.marta.user], frozen
    await village.tim.send(village.room, "nicht für das Tablet")
    village.hub.devices[village.marta.user] = newest
    await village.marta.trust.refresh(village.marta.user)
    monkeypatch.setattr("client.rosters.now_ms", lambda: now_ms() + 49 * 3_600_000)
    await village.marta.catch_up(village.room)
    assert village.marta.timeline(village.room)[-1].text == "nicht für das Tablet"
    await village.marta.applier.settle_doubts()
    assert "peers_differ" not in village.marta.warned()
    monkeypatch.setattr("client.applying.now_ms", lambda: now_ms() + 11 * 60_000)
    await village.marta.applier.settle_doubts()
    assert "peers_differ" in village.marta.warned()
    tablet.store.abandon()


async def test_a_device_that_came_later_gets_no_key_whatever_the_hub_says(village: Village, tmp_path: Path):
    await village.tim.send(village.room, "nur fürs Handy")
    sent = village.hub.sent[-1]
    tablet = await second_device(village, tmp_path)
    wanting = Wanting(village.tim.store, village.tim.rosters, village.tim.keyring, village.tim.line)
    want = {"room": village.room, "device": village.tim.line.device, "chain": sent["chain"]}
    await village.tim.trust.refresh(village.marta.user)
    await wanting.answer({**want, "to": tablet.line.device})
    assert village.hub.answered == []
    await wanting.answer({**want, "to": village.marta.line.device})
    assert [answer["to"] for answer in village.hub.answered] == [village.marta.line.device]
    await remove(village, tablet)
    village.hub.answered.clear()
    await wanting.answer({**want, "to": tablet.line.device})
    assert village.hub.answered == []
    tablet.store.abandon()
