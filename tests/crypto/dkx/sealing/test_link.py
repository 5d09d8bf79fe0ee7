"""A new device gets the account's keys by a scanned code or by compared digits, and nobody in between does."""

from dataclasses import replace

import pytest

from crypto.dkx.error import LinkError, LinkMismatchError
from crypto.dkx.sealing.digits import ExistingSide, NewSide
from crypto.dkx.sealing.keys import BoxKey
from crypto.dkx.sealing.link import LinkCode, NewKeys, check_linked
from crypto.dkx.sealing.link_bundle import LinkBundle, open_bundle, seal_bundle
from tests.crypto import cast, vectors2
from tests.crypto.cast import ANNA, BERND, LIST_A, id16

N_EPH = BoxKey.generate()
KEYS = NewKeys(id16(0xF1), ANNA.dsk.public, ANNA.dbk.public, N_EPH.public)


def test_a_scanned_code_gives_both_the_same_key_and_the_bundle_travels() -> None:
    code, e_eph = LinkCode.parse(LinkCode.make(KEYS).text()), BoxKey.generate()
    sealed = seal_bundle(code.key_of_existing(e_eph), KEYS.link, vectors2.handed_over().to_bytes())
    key = code.key_of_new(N_EPH, e_eph.public)
    assert LinkBundle.parse(open_bundle(key, KEYS.link, sealed)) == vectors2.handed_over()
    with pytest.raises(LinkError):
        open_bundle(key, id16(1), sealed)
    with pytest.raises(LinkError):
        open_bundle(LinkCode.make(KEYS).key_of_new(N_EPH, e_eph.public), KEYS.link, sealed)


def test_digits_agree_and_so_do_the_keys() -> None:
    new = NewSide(KEYS, N_EPH)
    existing = ExistingSide.answer(KEYS.link, new.commit)
    keys, shown = existing.show(new.reveal(existing.eph))
    assert (keys, shown) == (KEYS, new.digits)
    assert existing.confirm() == new.key


def test_each_step_is_taken_once_and_in_order() -> None:
    new = NewSide(KEYS, N_EPH)
    existing = ExistingSide.answer(KEYS.link, new.commit)
    with pytest.raises(LinkError):
        assert new.key
    with pytest.raises(LinkError):
        existing.confirm()
    revealed = new.reveal(existing.eph)
    with pytest.raises(LinkError):
        new.reveal(BoxKey.generate().public)
    existing.show(revealed)
    with pytest.raises(LinkError):
        existing.show(revealed)
    existing.confirm()
    with pytest.raises(LinkError):
        existing.confirm()


def test_keys_changed_after_the_commitment_raise_the_alarm_and_end_it() -> None:
    new = NewSide(KEYS, N_EPH)
    existing = ExistingSide.answer(KEYS.link, new.commit)
    revealed = new.reveal(existing.eph)
    with pytest.raises(LinkMismatchError):
        existing.show(BERND.dsk.public + revealed[32:])
    with pytest.raises(LinkError):
        existing.show(revealed)
    with pytest.raises(LinkError):
        existing.confirm()


def test_somebody_in_between_sees_other_digits() -> None:
    new, middle = NewSide(KEYS, N_EPH), BoxKey.generate()
    forged = NewSide(replace(KEYS, eph=middle.public), middle)
    existing = ExistingSide.answer(KEYS.link, forged.commit)
    new.reveal(middle.public)
    _, shown = existing.show(forged.reveal(existing.eph))
    assert shown == forged.digits
    assert new.key != forged.key


def test_a_key_that_agrees_on_nothing_is_refused() -> None:
    with pytest.raises(LinkError):
        NewSide(KEYS, N_EPH).reveal(bytes(32))
    with pytest.raises(LinkError):
        NewSide(KEYS, BoxKey.generate())
    with pytest.raises(LinkError):
        replace(KEYS, dbk=bytes(32))


def test_the_new_device_looks_for_itself_in_the_list() -> None:
    check_linked(LIST_A, ANNA.account, ANNA.device, KEYS)
    for account, device, keys in (
        (BERND.account, ANNA.device, KEYS),
        (ANNA.account, BERND.device, KEYS),
        (ANNA.account, ANNA.device, replace(KEYS, dsk=BERND.dsk.public)),
    ):
        with pytest.raises(LinkError):
            check_linked(LIST_A, account, device, keys)


def test_a_bundle_of_another_identity_or_list_key_is_refused() -> None:
    good = vectors2.handed_over()
    for odd in (replace(good, aik=BERND.aik), replace(good, dlk_seed=cast.DLK_B.seed), replace(good, cert=cast.CERT_B)):
        with pytest.raises(LinkError):
            LinkBundle.parse(odd.to_bytes())
    for raw in (b"", b"{}", b"[]", good.to_bytes() + b" ", good.to_bytes().replace(b'"v":1', b'"v":2')):
        with pytest.raises(LinkError):
            LinkBundle.parse(raw)
    assert LinkBundle.parse(replace(good, chains=None).to_bytes()).chains is None
