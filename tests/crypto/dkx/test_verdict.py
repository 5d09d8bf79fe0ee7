"""A bundle proves what it says, and no changed byte of it is believed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.dkx.agreement import Kind
from crypto.dkx.bundle import Bundle
from crypto.dkx.error import NotaryError
from crypto.dkx.notary import NotaryRecord
from crypto.dkx.roster import Role
from crypto.dkx.verdict import Standing, verify_bundle
from tests.crypto import vectors2
from tests.crypto.cast import ANNA, BERND
from tests.crypto.vectors2 import NOTARY, SIGNED_AT, by_both, documents

WHOLE = vectors2.whole_bundle()
ONE = vectors2.bundled(by_both(documents()["agreement"], SIGNED_AT))


def test_it_says_who_signed_what_and_when() -> None:
    verdict = verify_bundle(WHOLE)
    assert verdict.holds
    assert verdict.notary == NOTARY.public
    assert [document.agreement.kind for document in verdict.documents] == list(Kind)
    renter, owner = verdict.documents[0].signatures
    assert (renter.role, renter.account, renter.aik, renter.device) == (
        Role.RENTER, BERND.account, BERND.aik, BERND.device,
    )  # fmt: skip
    assert (owner.account, owner.signed_at, owner.witnessed_at) == (ANNA.account, SIGNED_AT, SIGNED_AT + 1000)


def test_a_withdrawal_after_both_signed_changes_nothing() -> None:
    assert [document.standing for document in verify_bundle(WHOLE).documents] == [Standing.VALID] * 3 + [Standing.LATE]


def test_the_same_content_makes_the_same_archive() -> None:
    assert Bundle.parse(WHOLE).to_bytes() == WHOLE


@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_each_flipped_byte_is_refused(bit: int) -> None:
    raw = bytearray(ONE)
    for place in range(len(raw)):
        raw[place] ^= bit
        assert not verify_bundle(bytes(raw)).holds, place
        raw[place] ^= bit


@settings(max_examples=60)
@given(st.binary(max_size=400) | st.integers(0, len(ONE)).map(lambda n: ONE[:n]))
def test_anything_else_gets_a_verdict_and_no_exception(raw: bytes) -> None:
    assert verify_bundle(raw).holds == (raw == ONE)


def test_a_bundle_larger_than_1_mb_is_not_read() -> None:
    assert verify_bundle(bytes(1_000_001)).refusal == "not_a_bundle"


def test_a_notary_record_has_one_length_and_a_good_key() -> None:
    record, notary = by_both(documents()["agreement"], SIGNED_AT).signatures[Role.OWNER]
    notary.verify(NOTARY.public, record)
    for raw in (b"", notary.raw[:-1], notary.raw + b"\0"):
        with pytest.raises(NotaryError):
            NotaryRecord.parse(raw)
    with pytest.raises(NotaryError):
        notary.verify(bytes(32), record)
