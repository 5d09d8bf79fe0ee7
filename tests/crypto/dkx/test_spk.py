"""Signed prekeys: the newest counts, and nobody can hand out an older one unnoticed."""

import pytest

from crypto.dkx import spk
from crypto.dkx.error import SpkError, SpkForkError, SpkRollbackError
from crypto.dkx.primitive import DAY_MS
from crypto.dkx.sealing.keys import BoxKey
from crypto.dkx.sealing.signing import sign_spk
from crypto.dkx.spk import Spk, check_successor
from tests.crypto.cast import ANNA, BERND, OPK_B, SIGNED_SPK_B, SPK_B, T, resigned


def test_the_signature_of_another_device_is_refused() -> None:
    with pytest.raises(SpkError):
        SIGNED_SPK_B.verify(ANNA.dsk.public, T)


def test_a_day_in_the_future_is_grace_and_more_is_not() -> None:
    SIGNED_SPK_B.verify(BERND.dsk.public, T - DAY_MS)
    with pytest.raises(SpkError, match="future"):
        SIGNED_SPK_B.verify(BERND.dsk.public, T - DAY_MS - 1)


@pytest.mark.parametrize(("spk_id", "public"), [(0, SPK_B.public), (7, bytes(32))])
def test_id_zero_and_a_key_of_zeros_are_refused_though_signed(spk_id: int, public: bytes) -> None:
    body = spk.unsigned(BERND.device, spk_id, public, T)
    with pytest.raises(SpkError):
        Spk.parse(resigned(body, BERND.dsk, spk.LABEL))


def test_a_newer_prekey_follows() -> None:
    check_successor(None, SIGNED_SPK_B)
    check_successor(SIGNED_SPK_B, SIGNED_SPK_B)
    check_successor(SIGNED_SPK_B, sign_spk(BERND, 8, BoxKey.generate(), now_ms=T))


def test_the_same_id_with_another_key_is_a_fork() -> None:
    with pytest.raises(SpkForkError):
        check_successor(SIGNED_SPK_B, sign_spk(BERND, 7, OPK_B, now_ms=T))


@pytest.mark.parametrize(("spk_id", "now_ms"), [(6, T + 1), (8, T - 1)])
def test_a_lower_id_or_an_earlier_time_is_old(spk_id: int, now_ms: int) -> None:
    with pytest.raises(SpkRollbackError):
        check_successor(SIGNED_SPK_B, sign_spk(BERND, spk_id, OPK_B, now_ms=now_ms))


def test_another_device_does_not_follow() -> None:
    with pytest.raises(SpkError):
        check_successor(SIGNED_SPK_B, sign_spk(ANNA, 8, OPK_B, now_ms=T))
