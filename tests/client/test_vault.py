"""The identity key is wrapped by a passphrase or a key file, and comes back only with it."""

from pathlib import Path

import pytest

from client.store.vault import WrongPassphrase, unwrap, wrap

SEED = bytes(range(32))


def test_a_passphrase_opens_what_it_wrapped(tmp_path: Path):
    wrapped = wrap(SEED, "Apfelbaum am Bach", tmp_path / "aik.key")
    assert unwrap(wrapped, "Apfelbaum am Bach", tmp_path / "aik.key") == SEED
    assert SEED not in wrapped
    assert not (tmp_path / "aik.key").exists()
    with pytest.raises(WrongPassphrase):
        unwrap(wrapped, "apfelbaum am bach", tmp_path / "aik.key")


def test_without_a_passphrase_the_key_file_opens_it_and_nothing_else(tmp_path: Path):
    wrapped = wrap(SEED, None, tmp_path / "aik.key")
    assert unwrap(wrapped, None, tmp_path / "aik.key") == SEED
    assert (tmp_path / "aik.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "aik.key").unlink()
    with pytest.raises(WrongPassphrase):
        unwrap(wrapped, None, tmp_path / "aik.key")
