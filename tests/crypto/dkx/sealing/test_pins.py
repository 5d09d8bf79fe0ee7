"""What was believed of an account is never believed less."""

from dataclasses import replace

import pytest

from crypto.dkx.error import (
    DevListError,
    DevListForeignError,
    DevListForkError,
    DevListGapError,
    DevListRollbackError,
    DlkCertError,
    DlkCertForkError,
    IdentityChangedError,
    PinError,
    SpkError,
    SpkForkError,
    SpkRollbackError,
)
from crypto.dkx.primitive import DAY_MS
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.account_pin import AccountPin
from crypto.dkx.sealing.keys import BoxKey
from crypto.dkx.sealing.pins import Pins
from crypto.dkx.sealing.prekey import Freshness
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, CERT_A, CERT_B, DLK_B, LIST_A, LIST_B, SIGNED_SPK_B, T, next_list

PHONE = cast.device(0x10)
SECOND = next_list(LIST_A, PHONE)
CERT_2 = cast.cert_of_epoch(2, DLK_B)
RECOVERED = signing.next_devlist(DLK_B, LIST_A, [cast.row(ANNA)], now_ms=T, epoch=2)


@pytest.fixture
def pins() -> Pins:
    """Bernd's memory after he met Anna."""
    pins = Pins()
    for own, cert, known in ((ANNA, CERT_A, LIST_A), (BERND, CERT_B, LIST_B)):
        pins.meet(own.account, own.aik)
        pins.learn_list(cert, known, T)
    return pins


def current(pins: Pins) -> object:
    pin = pins.get(ANNA.account)
    assert pin
    return pin.current


def test_the_first_identity_seen_is_pinned(pins: Pins) -> None:
    assert pins.meet(ANNA.account, ANNA.aik).aik == ANNA.aik


def test_another_identity_stops_everything_until_the_person_decides(pins: Pins) -> None:
    with pytest.raises(IdentityChangedError):
        pins.meet(ANNA.account, BERND.aik)
    pin = pins.get(ANNA.account)
    assert pin
    assert pin.aik == ANNA.aik
    assert pins.replace_identity(ANNA.account, cast.stranger(9).aik).lists == ()


def test_a_new_identity_is_not_verified(pins: Pins) -> None:
    assert pins.set_verified(ANNA.account, True).verified
    with pytest.raises(IdentityChangedError, match="verified before"):
        pins.meet(ANNA.account, BERND.aik)
    assert not pins.replace_identity(ANNA.account, cast.stranger(9).aik).verified
    assert not pins.set_verified(ANNA.account, False).verified


def test_a_bad_identity_key_is_never_pinned(pins: Pins) -> None:
    with pytest.raises(PinError):
        pins.meet(b"x" * 16, bytes(32))


def test_an_account_never_met_teaches_nothing(pins: Pins) -> None:
    carol = cast.stranger(0x34)
    unknown = signing.first_devlist(DLK_B, carol.account, [], now_ms=T)
    with pytest.raises(PinError):
        pins.learn_list(CERT_B, unknown, T)


def test_a_new_device_is_told_and_a_removed_one_too(pins: Pins) -> None:
    assert pins.learn_list(CERT_A, SECOND, T) == ({PHONE.device}, frozenset())
    assert pins.learn_list(CERT_A, SECOND, T) == (frozenset(), frozenset())
    assert pins.learn_list(CERT_A, next_list(SECOND), T) == (frozenset(), {PHONE.device})


def test_a_first_contact_may_start_anywhere() -> None:
    pins = Pins()
    pins.meet(ANNA.account, ANNA.aik)
    assert pins.learn_list(CERT_A, SECOND, T).added == {ANNA.device, PHONE.device}


def test_a_rollback_a_fork_and_a_gap_each_have_their_name(pins: Pins) -> None:
    pins.learn_list(CERT_A, SECOND, T)
    with pytest.raises(DevListRollbackError):
        pins.learn_list(CERT_A, LIST_A, T)
    with pytest.raises(DevListForkError):
        pins.learn_list(CERT_A, next_list(LIST_A), T)
    with pytest.raises(DevListForkError):
        pins.learn_list(CERT_A, next_list(next_list(LIST_A)), T)
    with pytest.raises(DevListGapError):
        pins.learn_list(CERT_A, next_list(next_list(SECOND)), T)
    assert current(pins) == SECOND


def test_a_list_by_another_hand_is_refused(pins: Pins) -> None:
    forged = signing.next_devlist(DLK_B, LIST_A, [cast.row(ANNA), cast.row(PHONE)], now_ms=T)
    with pytest.raises(DevListError):
        pins.learn_list(CERT_A, forged, T)
    with pytest.raises(DlkCertError):
        pins.learn_list(signing.certify(cast.AIK_B, ANNA.account, 1, DLK_B.public, now_ms=T), forged, T)
    with pytest.raises(DlkCertForkError):
        pins.learn_list(cast.cert_of_epoch(1, DLK_B), forged, T)
    with pytest.raises(PinError):
        pins.learn_list(CERT_B, SECOND, T)


def test_a_certificate_from_the_future_is_refused(pins: Pins) -> None:
    with pytest.raises(DlkCertError):
        pins.learn_list(CERT_A, SECOND, T - DAY_MS - 1)


def test_after_a_thief_published_first_contacts_recover_with_the_next_epoch(pins: Pins) -> None:
    pins.learn_list(CERT_A, SECOND, T)
    assert pins.learn_list(CERT_2, RECOVERED, T).removed == {PHONE.device}
    assert current(pins) == RECOVERED
    with pytest.raises(DevListRollbackError):
        pins.learn_list(CERT_A, next_list(SECOND, PHONE), T)


def test_an_epoch_that_branches_off_the_unknown_is_fetched_first() -> None:
    pins = Pins()
    pins.meet(ANNA.account, ANNA.aik)
    pins.learn_list(CERT_A, SECOND, T)
    with pytest.raises(DevListGapError):
        pins.learn_list(CERT_2, RECOVERED, T)
    pins.learn_older_list(LIST_A)
    assert pins.learn_list(CERT_2, RECOVERED, T).removed == {PHONE.device}


def test_a_new_epoch_does_not_jump_back_to_the_thief_s_branch(pins: Pins) -> None:
    pins.learn_list(CERT_A, SECOND, T)
    pins.learn_list(CERT_2, RECOVERED, T)
    mixed = signing.next_devlist(DLK_B, next_list(SECOND), [], now_ms=T, epoch=2)
    with pytest.raises(DevListError):
        pins.learn_list(CERT_2, mixed, T)
    wrong = signing.next_devlist(DLK_B, SECOND, [], now_ms=T, epoch=2)
    with pytest.raises(DevListForkError):
        pins.learn_list(CERT_2, wrong, T)


def test_history_is_filled_in_only_where_it_fits() -> None:
    pins = Pins()
    pins.meet(ANNA.account, ANNA.aik)
    pins.learn_list(CERT_A, next_list(SECOND), T)
    with pytest.raises(DevListGapError):
        pins.learn_older_list(LIST_A)
    pins.learn_older_list(SECOND)
    pins.learn_older_list(LIST_A)
    pins.learn_older_list(LIST_A)
    pin = pins.get(ANNA.account)
    assert pin
    assert pin.lists == (LIST_A, SECOND, next_list(SECOND))
    assert pins.party(PHONE.device) == PHONE.party


@pytest.mark.parametrize("name", ["id", "dsk", "dbk"])
def test_a_device_or_key_of_another_account_is_refused(pins: Pins, name: str) -> None:
    stolen = cast.row(PHONE)._replace(**{name: getattr(cast.row(BERND), name)})
    foreign = signing.next_devlist(cast.DLK_A, LIST_A, [cast.row(ANNA), stolen], now_ms=T)
    with pytest.raises(DevListForeignError):
        pins.learn_list(CERT_A, foreign, T)
    assert current(pins) == LIST_A


def test_a_device_is_known_with_its_keys_and_its_owner(pins: Pins) -> None:
    assert pins.party(ANNA.device) == ANNA.party
    assert pins.owner(ANNA.device) == ANNA.account
    assert pins.party(PHONE.device) is None


def test_prekeys_only_become_newer(pins: Pins) -> None:
    assert pins.learn_prekey(SIGNED_SPK_B, T) == Freshness.FRESH
    assert pins.prekey(BERND.device) == SIGNED_SPK_B
    with pytest.raises(SpkForkError):
        pins.learn_prekey(signing.sign_spk(BERND, 7, BoxKey.generate(), now_ms=T), T)
    with pytest.raises(SpkRollbackError):
        pins.learn_prekey(signing.sign_spk(BERND, 6, BoxKey.generate(), now_ms=T), T)
    assert pins.learn_prekey(SIGNED_SPK_B, T + 36 * DAY_MS) == Freshness.STALE
    assert pins.learn_prekey(signing.sign_spk(BERND, 8, BoxKey.generate(), now_ms=T), T) == Freshness.FRESH


def test_a_prekey_the_device_did_not_sign_is_refused(pins: Pins) -> None:
    forged = signing.sign_spk(replace(PHONE, device=BERND.device), 9, BoxKey.generate(), now_ms=T)
    with pytest.raises(SpkError, match="signed"):
        pins.learn_prekey(forged, T)


def test_a_prekey_of_no_current_device_is_refused(pins: Pins) -> None:
    with pytest.raises(SpkError, match="no current device"):
        pins.learn_prekey(signing.sign_spk(PHONE, 1, BoxKey.generate(), now_ms=T), T)
    pins.learn_list(CERT_A, SECOND, T)
    pins.learn_list(CERT_A, next_list(SECOND), T)
    with pytest.raises(SpkError, match="no current device"):
        pins.learn_prekey(signing.sign_spk(PHONE, 1, BoxKey.generate(), now_ms=T), T)


def test_memory_survives_a_restart(pins: Pins) -> None:
    pins.learn_list(CERT_A, SECOND, T)
    pins.learn_list(CERT_2, RECOVERED, T)
    pins.set_verified(ANNA.account, True)
    pins.learn_prekey(SIGNED_SPK_B, T)
    stored = [pin.to_bytes() for own in (ANNA, BERND) if (pin := pins.get(own.account))]
    again = Pins(map(AccountPin.parse, stored), [SIGNED_SPK_B])
    assert again.get(ANNA.account) == pins.get(ANNA.account)
    assert again.party(PHONE.device) == PHONE.party
    with pytest.raises(DevListRollbackError):
        again.learn_list(CERT_A, SECOND, T)
    with pytest.raises(SpkRollbackError):
        again.learn_prekey(signing.sign_spk(BERND, 6, BoxKey.generate(), now_ms=T), T)


@pytest.mark.parametrize(
    "raw", [b"{}", b"[]", b'{"v":2}', b'{"account":1,"aik":1,"certs":[],"lists":[],"v":1,"verified":true}']
)
def test_a_stored_pin_in_another_form_is_refused(raw: bytes) -> None:
    with pytest.raises(PinError):
        AccountPin.parse(raw)
