"""Certificates of device-list keys: one per epoch, never from the future, never going back."""

import pytest

from crypto.dkx import dlkcert
from crypto.dkx.dlkcert import DlkCert, check_successor
from crypto.dkx.error import DlkCertError, DlkCertForkError, DlkCertRollbackError
from crypto.dkx.primitive import DAY_MS
from crypto.dkx.sealing import signing
from tests.crypto.cast import AIK_A, AIK_B, ANNA, BERND, CERT_A, CERT_B, DLK_A, DLK_B, T, cert_of_epoch, resigned


def test_the_identity_of_another_is_refused() -> None:
    with pytest.raises(DlkCertError):
        CERT_A.verify(BERND.aik, T)


def test_a_day_in_the_future_is_grace_and_more_is_not() -> None:
    CERT_A.verify(ANNA.aik, T - DAY_MS)
    with pytest.raises(DlkCertError, match="not valid yet"):
        CERT_A.verify(ANNA.aik, T - DAY_MS - 1)


def test_epochs_start_at_1() -> None:
    body = dlkcert.unsigned(ANNA.account, 0, DLK_A.public, T)
    with pytest.raises(DlkCertError, match="epochs"):
        DlkCert.parse(resigned(body, AIK_A, dlkcert.LABEL))


@pytest.mark.parametrize("magic", [b"\x02\x01", b"\x01\x02", b"\x01\x05"])
def test_another_type_or_version_is_refused_though_signed(magic: bytes) -> None:
    body = magic + CERT_A.raw[2:-64]
    with pytest.raises(DlkCertError, match="unknown"):
        DlkCert.parse(resigned(body, AIK_A, dlkcert.LABEL))


def test_a_higher_epoch_follows() -> None:
    check_successor(None, CERT_A)
    check_successor(CERT_A, CERT_A)
    check_successor(CERT_A, cert_of_epoch(2, DLK_B))
    check_successor(CERT_A, cert_of_epoch(7, DLK_B))


def test_two_certificates_of_one_epoch_are_a_fork() -> None:
    with pytest.raises(DlkCertForkError):
        check_successor(CERT_A, cert_of_epoch(1, DLK_B))


def test_a_lower_epoch_is_a_rollback() -> None:
    with pytest.raises(DlkCertRollbackError):
        check_successor(cert_of_epoch(2, DLK_B), CERT_A)


def test_another_account_does_not_follow() -> None:
    with pytest.raises(DlkCertError):
        check_successor(CERT_A, signing.certify(AIK_B, BERND.account, 2, DLK_B.public, now_ms=T))
    with pytest.raises(DlkCertError):
        check_successor(CERT_A, CERT_B)
