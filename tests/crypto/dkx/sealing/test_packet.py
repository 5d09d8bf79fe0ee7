"""Key packets open for one device, from one device, with the prekeys they name."""

from dataclasses import replace

import pytest

from crypto.dkx.error import KeyMaterialError, KeyPacketError
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.sealing import body, packet
from crypto.dkx.sealing.body import ChainBody, ForwardBody
from crypto.dkx.sealing.keys import BoxKey, OwnDevice, Party, SigningKey
from crypto.dkx.sealing.packet import Address, OneTimeKey, open_packet, seal
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, BODY, CHAIN, OPK_B, ROOM, SIGNED_SPK_B, SPK_B, T, hexed, id16, seed

TO = Address(BERND.party, SIGNED_SPK_B)
TO_OPK = Address(BERND.party, SIGNED_SPK_B, OneTimeKey(42, OPK_B.public))
FORWARD = ForwardBody(3, seed(10), cast.CSK.public, seed(1), id16(9), T)
PACKET = seal(BODY, ANNA, TO, room=ROOM, chain=CHAIN)
MALLORY = cast.stranger(0x66)


def open_as_bernd(sealed: KeyPacket, sender: Party = ANNA.party, own: OwnDevice = BERND) -> ChainBody | ForwardBody:
    return open_packet(sealed, sender, own, SPK_B)


def test_bernd_opens_what_anna_sealed() -> None:
    assert open_as_bernd(PACKET) == BODY


def test_with_a_one_time_prekey_it_opens_with_that_only() -> None:
    sealed = seal(FORWARD, ANNA, TO_OPK, room=ROOM, chain=CHAIN)
    assert open_packet(sealed, ANNA.party, BERND, SPK_B, OPK_B) == FORWARD
    with pytest.raises(KeyPacketError):
        open_packet(sealed, ANNA.party, BERND, SPK_B)
    with pytest.raises(KeyPacketError):
        open_packet(sealed, ANNA.party, BERND, SPK_B, BoxKey.generate())
    with pytest.raises(KeyPacketError):
        open_packet(PACKET, ANNA.party, BERND, SPK_B, OPK_B)


def test_no_two_packets_look_alike() -> None:
    again = seal(BODY, ANNA, TO, room=ROOM, chain=CHAIN)
    assert again.ephemeral != PACKET.ephemeral
    assert again.raw[108:132] != PACKET.raw[108:132]


def test_it_opens_for_nobody_else() -> None:
    with pytest.raises(KeyPacketError):
        open_as_bernd(PACKET, own=MALLORY)
    with pytest.raises(KeyPacketError):
        open_as_bernd(PACKET, own=replace(MALLORY, device=BERND.device))
    with pytest.raises(KeyPacketError):
        open_packet(PACKET, ANNA.party, BERND, BoxKey.generate())


@pytest.mark.parametrize("key", ["aik", "dsk", "dbk"])
def test_another_pinned_key_of_the_sender_does_not_open_it(key: str) -> None:
    with pytest.raises(KeyPacketError):
        open_as_bernd(PACKET, sender=replace(ANNA.party, **{key: getattr(MALLORY.party, key)}))


def test_another_identity_of_the_reader_does_not_open_it() -> None:
    with pytest.raises(KeyPacketError):
        open_as_bernd(PACKET, own=replace(BERND, aik=MALLORY.aik))


@pytest.mark.parametrize("place", [4, 20, 36, 52, 68], ids=["room", "from", "to", "chain", "spk"])
def test_replayed_to_another_place_it_does_not_open(place: int) -> None:
    raw = bytearray(PACKET.raw)
    raw[place] ^= 1
    moved = KeyPacket.parse(bytes(raw))
    with pytest.raises(KeyPacketError):
        open_packet(
            moved,
            replace(ANNA.party, device=moved.from_dev),
            replace(BERND, device=moved.to_dev),
            SPK_B,
        )


def test_an_ephemeral_key_of_zeros_is_refused() -> None:
    with pytest.raises(KeyPacketError):
        open_as_bernd(KeyPacket.parse(PACKET.raw[:76] + bytes(32) + PACKET.raw[108:]))


def test_nothing_is_sealed_to_keys_that_agree_on_nothing_or_to_another_s_prekey() -> None:
    with pytest.raises(KeyMaterialError):
        seal(BODY, ANNA, Address(replace(BERND.party, dbk=bytes(32)), SIGNED_SPK_B), room=ROOM, chain=CHAIN)
    with pytest.raises(KeyMaterialError):
        seal(BODY, ANNA, Address(BERND.party, SIGNED_SPK_B, OneTimeKey(1, bytes(32))), room=ROOM, chain=CHAIN)
    with pytest.raises(KeyPacketError):
        seal(BODY, ANNA, Address(MALLORY.party, SIGNED_SPK_B), room=ROOM, chain=CHAIN)


@pytest.mark.parametrize("key", ["chain_body", "chain_body_sent_before_41", "forward_body"])
def test_a_body_is_written_as_it_was_read(key: str) -> None:
    assert body.parse(hexed(key)).to_bytes() == hexed(key)


BODIES = {
    "unknown kind": ("chain_body", 0, b"\x03"),
    "reserved bytes of a chain": ("chain_body", 121, b"\x01"),
    "last byte of a chain": ("chain_body", 127, b"\x01"),
    "reserved bytes of a forward": ("forward_body", 125, b"\x01"),
    "no list epoch": ("chain_body", 101, bytes(4)),
    "no list version": ("chain_body", 105, bytes(4)),
    "a bad signing key": ("chain_body", 37, bytes(32)),
    "a bad signing key forwarded": ("forward_body", 37, b"\x01" + bytes(31)),
}


@pytest.mark.parametrize("case", BODIES)
def test_an_odd_body_is_refused_though_sealed_well(case: str) -> None:
    key, place, value = BODIES[case]
    good = hexed(key)
    with pytest.raises(KeyPacketError):
        body.parse(good[:place] + value + good[place + len(value) :])


def test_a_body_of_another_length_is_refused() -> None:
    for raw in (b"", hexed("chain_body")[:-1], hexed("chain_body") + b"\0"):
        with pytest.raises(KeyPacketError):
            body.parse(raw)


def test_secrets_are_not_shown_in_logs() -> None:
    assert "ck=" not in repr(BODY)
    assert "secret" not in repr(BoxKey.generate())
    assert "secret" not in repr(SigningKey.generate())


def test_the_private_half_takes_randomness_only_from_itself() -> None:
    fresh = BoxKey.generate(), bytes(24)
    assert packet._seal(BODY, ANNA, TO, (ROOM, CHAIN), fresh) == packet._seal(BODY, ANNA, TO, (ROOM, CHAIN), fresh)
