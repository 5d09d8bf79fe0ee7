"""An opened packet is believed only if its sender belongs where it claims to be."""

from dataclasses import replace

import pytest

from crypto.dkx.error import DevListMissingError, KeyPacketError
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.roster import Role
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.accept import accept_chain, accept_forward, author_of
from crypto.dkx.sealing.body import ForwardBody
from crypto.dkx.sealing.packet import Address, seal
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, BODY, CHAIN, LIST_A, LIST_B, LISTS, ROOM, ROSTER, T, id16, member

TO_BERND = Address(BERND.party, cast.SIGNED_SPK_B)
PACKET = seal(BODY, ANNA, TO_BERND, room=ROOM, chain=CHAIN)
LAPTOP_B = cast.device(0xB3, BERND.account, BERND.aik)
OWN_LIST = signing.next_devlist(cast.DLK_B, LIST_B, [cast.row(BERND), cast.row(LAPTOP_B)], now_ms=T)
FORWARD = ForwardBody(5, BODY.ck, BODY.csk, ROSTER.hash, ANNA.device, T)
FORWARDED = seal(FORWARD, LAPTOP_B, TO_BERND, room=ROOM, chain=CHAIN)
WITHOUT_HER_PHONE = signing.next_devlist(cast.DLK_A, LIST_A, [], now_ms=T)
VERSIONS = {ANNA.account: [LIST_A], BERND.account: [LIST_B, OWN_LIST]}


def test_a_member_s_chain_is_filed_under_its_author() -> None:
    record = accept_chain(PACKET, BODY, ROSTER, LISTS)
    assert record == cast.RECORD
    assert record.account == ANNA.account


def test_a_device_of_no_member_is_not_believed() -> None:
    with pytest.raises(KeyPacketError, match="member"):
        accept_chain(PACKET, BODY, ROSTER, {BERND.account: LIST_B})
    with pytest.raises(KeyPacketError, match="member"):
        accept_chain(PACKET, BODY, ROSTER, {**LISTS, ANNA.account: WITHOUT_HER_PHONE})


def test_a_former_member_is_not_believed_under_the_new_roster() -> None:
    carol = cast.stranger(0x34)
    second = signing.next_roster(BERND, ROSTER, [member(BERND, Role.RENTER), member(carol, Role.MEDIATOR)], now_ms=T)
    body = replace(BODY, roster_hash=second.hash)
    with pytest.raises(KeyPacketError, match="member"):
        accept_chain(PACKET, body, second, LISTS)
    with pytest.raises(KeyPacketError, match="roster"):
        accept_chain(PACKET, BODY, second, LISTS)


def test_a_packet_of_another_room_is_not_believed() -> None:
    moved = KeyPacket.parse(PACKET.raw[:4] + id16(9) + PACKET.raw[20:])
    with pytest.raises(KeyPacketError, match="room"):
        accept_chain(moved, BODY, ROSTER, LISTS)


def test_a_newer_list_of_the_sender_is_fetched_first() -> None:
    body = replace(BODY, devlist=(1, 2))
    with pytest.raises(DevListMissingError):
        accept_chain(PACKET, body, ROSTER, LISTS)
    assert accept_chain(PACKET, body, ROSTER, {**LISTS, ANNA.account: cast.next_list()})


def test_one_s_own_other_device_forwards_a_chain_of_anyone() -> None:
    record = accept_forward(FORWARDED, FORWARD, OWN_LIST, ROSTER, VERSIONS)
    assert (record.device, record.account, record.start) == (ANNA.device, ANNA.account, 5)


def test_nobody_else_forwards() -> None:
    with pytest.raises(KeyPacketError, match="own"):
        accept_forward(seal(FORWARD, ANNA, TO_BERND, room=ROOM, chain=CHAIN), FORWARD, OWN_LIST, ROSTER, VERSIONS)
    with pytest.raises(KeyPacketError, match="own"):
        accept_forward(FORWARDED, FORWARD, LIST_B, ROSTER, VERSIONS)


def test_a_forward_under_another_roster_is_not_believed() -> None:
    with pytest.raises(KeyPacketError, match="roster"):
        accept_forward(FORWARDED, replace(FORWARD, roster_hash=bytes(32)), OWN_LIST, ROSTER, VERSIONS)


def test_the_author_of_a_former_device_is_still_known() -> None:
    assert author_of(LAPTOP_B.device, ROSTER, {BERND.account: [LIST_B, OWN_LIST, LIST_B]}) == BERND.account


def test_a_device_nobody_had_has_no_author() -> None:
    record = accept_forward(FORWARDED, replace(FORWARD, owner_device=id16(7)), OWN_LIST, ROSTER, VERSIONS)
    assert record.account is None
