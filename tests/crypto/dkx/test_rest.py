"""The committed part of a message, judged alike by its reader and by whoever gets a report of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.dkx import rest
from crypto.dkx.envelope import HEADER
from crypto.dkx.error import EnvelopeError
from crypto.dkx.rest import MAX_BODY, ContentType, Rest, check_opened
from crypto.dkx.sealing.message import open_envelope
from tests.crypto.cast import RECORD, T, hexed, id16

ENVELOPE = hexed("envelope")
OPENED = open_envelope(ENVELOPE, RECORD)
GOOD = OPENED.rest
RAW = GOOD.to_bytes()


def test_a_report_opens_what_was_said() -> None:
    header, said = check_opened(ENVELOPE[:HEADER], OPENED.kf, RAW)
    assert (header, said) == (OPENED.header, OPENED.rest)


def test_a_reporter_cannot_put_words_into_another_s_mouth() -> None:
    for forged in (RAW[:-1] + b"!", RAW[:-4] + b"!!!!", bytes([9]) + RAW[1:]):
        with pytest.raises(EnvelopeError, match="committed"):
            check_opened(ENVELOPE[:HEADER], OPENED.kf, forged)
    for kf in (bytes(32), OPENED.kf[:-1], OPENED.kf + b"\0", bytes(65)):
        with pytest.raises(EnvelopeError, match="committed"):
            check_opened(ENVELOPE[:HEADER], kf, RAW)


@pytest.mark.parametrize("place", range(4, 72, 4))
def test_what_was_said_cannot_be_moved_to_another_place(place: int) -> None:
    header = bytearray(ENVELOPE[:HEADER])
    header[place] ^= 1
    with pytest.raises(EnvelopeError, match="committed"):
        check_opened(bytes(header), OPENED.kf, RAW)


@given(
    st.sampled_from(ContentType),
    st.integers(0, 2**64 - 1),
    st.integers(1, 2**64 - 1),
    st.binary(min_size=16, max_size=16).filter(any),
    st.binary(max_size=300),
)
def test_what_is_written_is_read_again(
    ctype: ContentType, sent_at: int, after_seq: int, after_hash: bytes, body: bytes
) -> None:
    said = Rest(ctype, sent_at, after_seq, after_hash, id16(1), body)
    assert Rest.parse(said.to_bytes()) == said


@pytest.mark.parametrize("ctype", sorted(set(range(256)) - set(ContentType)))
def test_an_unknown_content_type_is_refused(ctype: int) -> None:
    with pytest.raises(EnvelopeError):
        Rest.parse(bytes([ctype]) + RAW[1:])


@pytest.mark.parametrize(("after_seq", "after_hash"), [(0, id16(1)), (1, bytes(16))])
def test_a_place_in_the_log_comes_with_its_hash(after_seq: int, after_hash: bytes) -> None:
    with pytest.raises(EnvelopeError):
        Rest(ContentType.TEXT, T, after_seq, after_hash, id16(1), b"").to_bytes()


def test_the_first_message_of_a_room_comes_after_nothing() -> None:
    said = Rest(ContentType.TEXT, T, 0, bytes(16), id16(1), b"")
    assert Rest.parse(said.to_bytes()) == said


@pytest.mark.parametrize("length", [0, len(GOOD.body) - 1, len(GOOD.body) + 1, MAX_BODY, 2**32 - 1])
def test_a_wrong_length_is_refused(length: int) -> None:
    with pytest.raises(EnvelopeError):
        Rest.parse(RAW[:49] + length.to_bytes(4, "big") + RAW[53:])


def test_the_longest_body_fits_and_one_more_byte_does_not() -> None:
    head = RAW[:49]
    assert rest.MAX_BODY == 65451
    Rest.parse(head + MAX_BODY.to_bytes(4, "big") + bytes(MAX_BODY))
    with pytest.raises(EnvelopeError):
        Rest.parse(head + (MAX_BODY + 1).to_bytes(4, "big") + bytes(MAX_BODY + 1))
