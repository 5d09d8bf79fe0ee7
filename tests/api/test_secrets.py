"""The hub's keys: made once, closed to others, and refused when weak or missing."""

import base64
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.secrets import RINGS, SINGLE, Secrets, create_secrets, load_secrets, read_secrets
from api.settings import Settings
from storage.servers import StartupError


def line(kid: str, key: bytes) -> str:
    return f"{kid} {base64.urlsafe_b64encode(key).rstrip(b'=').decode()}\n"


def load(data_dir: Path) -> Secrets:
    return load_secrets(data_dir, Settings(secrets_dir=None))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    load(tmp_path)
    return tmp_path / "secrets"


def test_the_first_start_makes_them_and_the_next_finds_the_same(tmp_path: Path) -> None:
    assert load(tmp_path) == load(tmp_path)


def test_they_are_for_their_owner_alone(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert {path.name for path in folder.iterdir()} == {*RINGS, *SINGLE}


def test_two_hubs_have_nothing_in_common(tmp_path: Path) -> None:
    first, second = load(tmp_path / "a"), load(tmp_path / "b")
    assert first.refresh != second.refresh
    assert not set(first.token_signing.keys.values()) & set(second.token_signing.keys.values())


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(load, [tmp_path] * 8))
    assert all(one == found[0] for one in found)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


def test_a_key_put_first_becomes_active_and_the_old_one_still_reads(folder: Path) -> None:
    old = read_secrets(folder).token_signing
    path = folder / "token_signing"
    path.write_text(line("new", secrets.token_bytes(32)) + path.read_text())
    ring = read_secrets(folder).token_signing
    assert ring.active == "new"
    assert ring.keys[old.active] == old.keys[old.active]


def test_no_key_shows_in_a_repr(folder: Path) -> None:
    found = read_secrets(folder)
    assert "\\x" not in repr(found) + repr(found.frank)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_file_open_to_others_is_refused(folder: Path, mode: int) -> None:
    (folder / "refresh").chmod(mode)
    with pytest.raises(StartupError, match="open to others") as refused:
        read_secrets(folder)
    assert "chmod 600" in refused.value.remedy


def test_a_missing_secret_is_not_made_anew_beside_old_data(folder: Path, tmp_path: Path) -> None:
    (folder / "field_encryption").unlink()
    with pytest.raises(StartupError, match="missing"):
        load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "only-one-word\n",
        line("k", secrets.token_bytes(16)),
        line("k", bytes(32)),
        line("k", b"0123456789abcdef" * 2),
        line("k", b"changeme-changeme-changeme-12345"),
        line("../k", secrets.token_bytes(32)),
        "k not*base64\n",
        "k ä\n",
    ],
)
def test_a_weak_or_broken_secret_is_refused(folder: Path, content: str) -> None:
    (folder / "blind_index").write_text(content)
    with pytest.raises(StartupError, match="blind_index"):
        read_secrets(folder)


def test_one_key_for_two_purposes_is_refused(folder: Path) -> None:
    (folder / "refresh").write_text((folder / "blind_index").read_text())
    with pytest.raises(StartupError, match="same key"):
        read_secrets(folder)


def test_a_single_secret_has_one_key(folder: Path) -> None:
    (folder / "refresh").write_text("".join(line(kid, secrets.token_bytes(32)) for kid in ("a", "b")))
    with pytest.raises(StartupError, match="several"):
        read_secrets(folder)


class TestSecretsDir:
    """A mounted folder, as containers have it."""

    @pytest.fixture
    def mounted(self, tmp_path: Path) -> Path:
        create_secrets(tmp_path / "mounted")
        return tmp_path / "mounted"

    @pytest.fixture
    def load(self, mounted: Path, tmp_path: Path) -> Callable[[], Secrets]:
        return lambda: load_secrets(tmp_path / "data", Settings(secrets_dir=mounted))

    def test_its_group_may_read(self, mounted: Path, load: Callable[[], Secrets]) -> None:
        for path in mounted.iterdir():
            path.chmod(0o440)
        assert load() == read_secrets(mounted, forbidden=0o007)

    def test_the_world_may_not(self, mounted: Path, load: Callable[[], Secrets]) -> None:
        (mounted / "frank").chmod(0o444)
        with pytest.raises(StartupError, match="open to others"):
            load()

    def test_nothing_is_written_to_it_or_beside_it(
        self, mounted: Path, load: Callable[[], Secrets], tmp_path: Path
    ) -> None:
        (mounted / "frank").unlink()
        with pytest.raises(StartupError, match="missing"):
            load()
        assert [path.name for path in tmp_path.iterdir()] == ["mounted"]
