"""Envelopes: what a malicious sender with good keys may try, and what everyone else may."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings

from crypto.dkx.envelope import SIZES, EnvelopeHeader
from crypto.dkx.error import ChainError, EnvelopeError
from crypto.dkx.primitive import h32, label
from crypto.dkx.rest import MAX_BODY, ContentType, Rest, commitment
from crypto.dkx.sealing.chain import SendingChain
from crypto.dkx.sealing.keys import SigningKey
from crypto.dkx.sealing.message import open_envelope, seal
from crypto.dkx.sealing.record import ChainRecord
from tests.crypto.cast import ANNA, BERND, CHAIN, CID, CSK, RECORD, ROOM, SENDING, T, id16, seed

KF = seed(14)


def say(body: bytes, after_seq: int = 0, after_hash: bytes = bytes(16)) -> Rest:
    return Rest(ContentType.TEXT, T, after_seq, after_hash, id16(2), body)


RAW = say(b"hallo").to_bytes()


def forge(plaintext: bytes, rest: bytes = RAW, *, magic: bytes = b"\x01\x10\x01\x00", index: int = 0) -> bytes:
    """An envelope with a good signature and authenticator over whatever the sender likes."""
    header = magic + EnvelopeHeader(ROOM, ANNA.device, CHAIN, index, CID, bytes(32)).to_bytes()[4:72]
    header += commitment(header, KF, rest)
    key = RECORD.message_key(min(index, 1023))
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, header, bytes(24), key)
    return header + bytes(24) + sealed + CSK.sign(label("msg"), header + bytes(24) + sealed)


def padded(rest: bytes, region: int = 256) -> bytes:
    return (KF + rest).ljust(region, b"\0")


def with_length(length: int) -> bytes:
    return RAW[:49] + length.to_bytes(4, "big") + RAW[53:]


def test_the_forge_makes_good_envelopes_too() -> None:
    assert open_envelope(forge(padded(RAW)), RECORD).rest == say(b"hallo")


MALICIOUS: dict[str, Callable[[], bytes]] = {
    "len4 over": lambda: forge(padded(with_length(6)), with_length(6)),
    "len4 under": lambda: forge(padded(with_length(4)), with_length(4)),
    "len4 past the region": lambda: forge(padded(with_length(200)), with_length(200)),
    "len4 of 4 GiB": lambda: forge(padded(with_length(2**32 - 1)), with_length(2**32 - 1)),
    "wrong bucket": lambda: forge(padded(RAW, 512)),
    "widest bucket": lambda: forge(padded(RAW, 65536)),
    "no bucket": lambda: forge(padded(RAW, 300)),
    "short plaintext": lambda: forge(KF + RAW),
    "no plaintext": lambda: forge(b""),
    "padding not zero": lambda: forge(padded(RAW)[:-1] + b"\x01"),
    "padding right after the body": lambda: forge(KF + RAW + b"\x01" + bytes(256 - 33 - len(RAW))),
    "flags": lambda: forge(padded(RAW), magic=b"\x01\x10\x01\x01"),
    "suite": lambda: forge(padded(RAW), magic=b"\x01\x10\x02\x00"),
    "type": lambda: forge(padded(RAW), magic=b"\x01\x20\x01\x00"),
    "version": lambda: forge(padded(RAW), magic=b"\x02\x10\x01\x00"),
    "another commitment": lambda: forge(padded(RAW), say(b"HALLO").to_bytes()),
    "another commitment key": lambda: forge(seed(15) + padded(RAW)[32:]),
    "unknown content type": lambda: forge(padded(b"\x0a" + RAW[1:]), b"\x0a" + RAW[1:]),
    "a hash without its seq": lambda: forge(padded(RAW[:17] + id16(1) + RAW[33:]), RAW[:17] + id16(1) + RAW[33:]),
    "a seq without its hash": lambda: forge(padded(RAW[:16] + b"\x01" + RAW[17:]), RAW[:16] + b"\x01" + RAW[17:]),
    "an index out of reach": lambda: forge(padded(RAW), index=1024),
    "the last index": lambda: forge(padded(RAW), index=2**32 - 1),
}


@pytest.mark.parametrize("case", MALICIOUS)
def test_a_malicious_sender_with_good_keys_is_refused(case: str) -> None:
    with pytest.raises(EnvelopeError):
        open_envelope(MALICIOUS[case](), RECORD)


def test_words_hidden_in_the_padding_are_refused() -> None:
    raw = with_length(5) + b"more"
    with pytest.raises(EnvelopeError, match="padding"):
        open_envelope(forge(padded(raw), raw), RECORD)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=700), st.integers(0, 99))
def test_what_is_sealed_opens_to_the_same_words(body: bytes, index: int) -> None:
    chain = SENDING
    for _ in range(index):
        _, chain = chain.advance()
    envelope, after = seal(chain, CID, say(body, 17, id16(1)))
    opened = open_envelope(envelope, RECORD)
    assert opened.rest == say(body, 17, id16(1))
    assert (opened.author, opened.header.index, after.index) == (ANNA.account, index, index + 1)


@pytest.mark.parametrize("length", [0, 171, 172, 65450, MAX_BODY])
def test_every_length_fits_its_region(length: int) -> None:
    envelope, _ = seal(SENDING, CID, say(b"x" * length))
    assert len(envelope) in SIZES
    assert len(open_envelope(envelope, RECORD).rest.body) == length


def test_a_body_beyond_the_largest_region_is_not_sealed() -> None:
    with pytest.raises(EnvelopeError):
        seal(SENDING, CID, say(b"x" * (MAX_BODY + 1)))


def test_the_same_words_never_look_alike() -> None:
    first, second = (seal(SENDING, CID, say(b"hallo"))[0] for _ in range(2))
    assert first[72:104] != second[72:104]
    assert first[104:128] != second[104:128]


def test_another_member_cannot_speak_as_the_owner_of_a_chain() -> None:
    """Readers know the chain's keys but not its signing key."""
    stolen = replace(SENDING, csk=SigningKey.generate())
    with pytest.raises(EnvelopeError, match="signed"):
        open_envelope(seal(stolen, CID, say(b"hallo"))[0], RECORD)


@pytest.mark.parametrize("other", [{"room": id16(9)}, {"device": BERND.device}, {"id": id16(9)}])
def test_a_member_s_chain_names_no_other_room_or_device(other: dict[str, bytes]) -> None:
    envelope, _ = seal(replace(SENDING, **other), CID, say(b"hallo"))
    with pytest.raises(EnvelopeError, match="another chain"):
        open_envelope(envelope, RECORD)


def test_a_message_before_the_start_of_what_was_told_stays_closed() -> None:
    chain: SendingChain = SENDING
    envelope, chain = seal(chain, CID, say(b"hallo"))
    late = ChainRecord.of(chain, ANNA.account)
    with pytest.raises(EnvelopeError):
        open_envelope(envelope, late)
    with pytest.raises(ChainError):
        late.message_key(0)


def test_words_are_not_shown_in_logs() -> None:
    shown = repr(open_envelope(seal(SENDING, CID, say(b"hallo"))[0], RECORD))
    assert "hallo" not in shown
    assert "kf=" not in shown


def test_a_label_separates_commitment_from_other_hashes() -> None:
    assert commitment(bytes(104), KF, RAW) != h32(bytes(72) + RAW, key=KF)
