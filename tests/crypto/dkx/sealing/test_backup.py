"""A backup opens with its code, words or passkey, for its own account, and tells what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.dkx.backup import Blob, Manifest, entries_xor
from crypto.dkx.error import BackupError, BackupWeakError, RecoveryCodeError
from crypto.dkx.primitive import ZEROS32
from crypto.dkx.sealing import backup, recovery
from crypto.dkx.sealing.backup_entry import open_entry, seal_entry
from crypto.dkx.sealing.manifest import Contents, open_manifest, seal_manifest
from tests.crypto import cast, vectors, vectors2
from tests.crypto.cast import ANNA, BERND, CERT_A, CERT_B, LISTS, RECORD, ROSTER, T, hexed, seed

CHEAP = {"ops": 2, "mem_kib": 32768}
SECRETS = vectors.SECRETS
VERSIONS = {account: [known] for account, known in LISTS.items()}


def test_the_code_opens_it_and_another_does_not() -> None:
    code = recovery.normal_code(recovery.generate_code())
    blob = backup.seal_by_code(SECRETS, ANNA.account, code, **CHEAP)
    assert backup.open_by_code(Blob.parse(blob.raw), code) == SECRETS
    with pytest.raises(BackupError):
        backup.open_by_code(blob, recovery.normal_code(recovery.generate_code()))
    with pytest.raises(BackupError):
        backup.open_by_passkey(blob, seed(33))


def test_flipped_bytes_of_a_blob_do_not_open() -> None:
    good = bytearray(hexed("backup"))
    for place in (2, 20, 50, 70, 177):
        good[place] ^= 1
        with pytest.raises(BackupError):
            backup.open_by_code(Blob.parse(bytes(good)), b"korrekt pferd batterie klammer")
        good[place] ^= 1


def test_a_passkey_opens_its_own() -> None:
    blob = backup.seal_by_passkey(SECRETS, ANNA.account, seed(33))
    assert backup.open_by_passkey(blob, seed(33)) == SECRETS
    with pytest.raises(BackupError):
        backup.open_by_passkey(blob, seed(34))
    with pytest.raises(BackupError):
        backup.open_by_code(blob, b"ABCDEFGHIJKLMNOPQRSTUVWX")


def test_weak_parameters_are_refused_before_anything_is_derived() -> None:
    for ops, mem_kib in ((1, 65536), (17, 65536), (3, 32767), (3, 1024 * 1024 + 1)):
        with pytest.raises(BackupWeakError):
            backup.kek_of_code(b"", bytes(16), ops, mem_kib)
        with pytest.raises(BackupWeakError):
            backup.seal_by_code(SECRETS, ANNA.account, b"", ops=ops, mem_kib=mem_kib)


def test_what_comes_out_must_be_the_account() -> None:
    SECRETS.check(ANNA.aik, CERT_A)
    with pytest.raises(BackupError):
        SECRETS.check(BERND.aik, CERT_A)
    with pytest.raises(BackupError):
        SECRETS.check(ANNA.aik, CERT_B)


def test_a_chain_is_restored_with_its_author() -> None:
    entry = seal_entry(RECORD, ANNA.account, seed(16))
    assert open_entry(entry, seed(16)).record([ROSTER], VERSIONS) == RECORD
    assert open_entry(entry, seed(16)).record([ROSTER], {}).account is None
    with pytest.raises(BackupError):
        open_entry(entry, seed(16)).record([], VERSIONS)
    with pytest.raises(BackupError):
        open_entry(entry, seed(17))


def test_a_restore_tells_what_is_missing() -> None:
    entries = vectors2.both_entries()
    listed = Contents(8, 2, entries_xor(entries), T)
    manifest = Manifest.parse(seal_manifest(ANNA.account, listed, seed(16)).raw)
    opened = open_manifest(manifest, seed(16), at_least=8)
    assert opened == listed
    assert (opened.missing(entries), opened.missing(entries[:1]), opened.missing([])) == (0, 1, 2)
    for odd in ([entries[0]] * 2, [*entries, entries[0]]):
        with pytest.raises(BackupError):
            opened.missing(odd)
    with pytest.raises(BackupError):
        open_manifest(manifest, seed(16), at_least=9)


def test_taking_an_entry_out_is_putting_it_in_again() -> None:
    first, second = vectors2.both_entries()
    assert entries_xor([second, first]) == entries_xor([first], entries_xor([second]))
    assert entries_xor([first, first]) == ZEROS32


def test_a_code_is_120_bits_in_six_groups_and_typed_back() -> None:
    code = recovery.generate_code()
    assert [len(group) for group in code.split("-")] == [4] * 6
    assert recovery.generate_code() != code
    normal = recovery.normal_code(code)
    assert recovery.is_typed_back(normal, code.lower().replace("-", " "))
    assert not recovery.is_typed_back(normal, code[:-1])
    assert not recovery.is_typed_back(normal, recovery.generate_code())


@pytest.mark.parametrize("lang", recovery.LANGUAGES)
def test_words_come_from_lists_of_7776(lang: str) -> None:
    assert len(set(recovery.words(lang))) == 7776
    phrase = recovery.generate_words(lang)  # type: ignore[arg-type]
    assert len(phrase.split()) == 7
    assert recovery.is_typed_back(recovery.normal_words(phrase), f"  {phrase.upper()} ")
    with pytest.raises(RecoveryCodeError):
        recovery.generate_words("de", 6)
    with pytest.raises(RecoveryCodeError):
        recovery.normal_words("sechs kurze worte sind zu wenig")


@given(st.text(max_size=60))
def test_anything_typed_is_read_or_refused(typed: str) -> None:
    for read in (recovery.normal_code, recovery.normal_words):
        try:
            normal = read(typed)
        except RecoveryCodeError:
            continue
        assert read(normal.decode()) == normal


def test_secrets_are_not_shown_in_logs() -> None:
    assert "aik=" not in repr(SECRETS)
    assert cast.AIK_A.seed.hex() not in repr(SECRETS)
