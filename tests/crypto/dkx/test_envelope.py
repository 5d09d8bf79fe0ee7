"""What the hub reads of an envelope and of a key packet."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.dkx import envelope, keypacket
from crypto.dkx.envelope import EnvelopeHeader
from crypto.dkx.error import EnvelopeError, KeyPacketError
from crypto.dkx.keypacket import KeyPacket
from tests.crypto.cast import ANNA, BERND, CHAIN, CID, ROOM, hexed

ENVELOPE = hexed("envelope")
PACKET = hexed("keypkt_opk")
ids = st.binary(min_size=16, max_size=16)
keys = st.binary(min_size=32, max_size=32)
u32 = st.integers(0, 2**32 - 1)


def test_a_header_says_where_the_message_stands() -> None:
    header = EnvelopeHeader.of(ENVELOPE)
    assert (header.room, header.device, header.chain, header.index, header.cid) == (ROOM, ANNA.device, CHAIN, 0, CID)
    assert header == EnvelopeHeader.parse(ENVELOPE[:104])


@given(st.builds(EnvelopeHeader, room=ids, device=ids, chain=ids, index=u32, cid=ids, commit=keys))
def test_any_header_is_read_as_it_was_written(header: EnvelopeHeader) -> None:
    assert EnvelopeHeader.parse(header.to_bytes()) == header


@pytest.mark.parametrize("place", range(4))
def test_unknown_type_version_suite_or_flags_are_refused(place: int) -> None:
    raw = bytearray(ENVELOPE)
    raw[place] ^= 2
    with pytest.raises(EnvelopeError):
        EnvelopeHeader.of(bytes(raw))


@given(st.integers(0, 70_000))
def test_only_nine_lengths_are_envelopes(length: int) -> None:
    raw = ENVELOPE[:104].ljust(length, b"\0")[:length]
    if length in envelope.SIZES:
        assert EnvelopeHeader.of(raw).cid == CID
        return
    with pytest.raises(EnvelopeError):
        EnvelopeHeader.of(raw)


def test_the_shortest_envelope_has_464_bytes_and_the_longest_65744() -> None:
    assert (min(envelope.SIZES), max(envelope.SIZES), len(envelope.SIZES)) == (464, 65744, 9)


def test_a_packet_says_who_tells_whom_of_which_chain() -> None:
    packet = KeyPacket.parse(PACKET)
    assert (packet.room, packet.from_dev, packet.to_dev, packet.chain) == (ROOM, ANNA.device, BERND.device, CHAIN)
    assert (packet.spk_id, packet.opk_id) == (7, 42)


packet_fields = st.fixed_dictionaries({
    "room": ids, "from_dev": ids, "to_dev": ids, "chain": ids,
    "spk_id": st.integers(1, 2**32 - 1), "opk_id": u32, "ephemeral": keys,
})  # fmt: skip


@given(packet_fields)
def test_any_packet_header_is_read_as_it_was_written(fields: dict[str, Any]) -> None:
    header = keypacket.header(**fields)
    packet = KeyPacket.parse(header + bytes(168))
    assert packet.header == header
    assert {name: getattr(packet, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, b"\x02"), (1, b"\x10"), (2, b"\x02"), (3, b"\0"), (3, b"\x03"), (68, bytes(4)), (72, bytes(4))],
)
def test_a_packet_whose_ids_and_flags_do_not_fit_is_refused(place: int, value: bytes) -> None:
    with pytest.raises(KeyPacketError):
        KeyPacket.parse(PACKET[:place] + value + PACKET[place + len(value) :])
