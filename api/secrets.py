"""The hub's own keys: made once, kept in files only their owner reads, refused when they look weak."""

import base64
import binascii
import errno
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from storage.servers import StartupError

KEY_BYTES = 32
RINGS = ("token_signing", "field_encryption", "frank", "notary")
SINGLE = ("refresh", "blind_index")
KID = re.compile(r"[A-Za-z0-9_.-]{1,32}")
FEWEST_DIFFERENT_BYTES = 16
"""32 random bytes have fewer than 16 different values once in 10^16 draws."""


@dataclass(frozen=True)
class KeyRing:
    """Keys of 32 bytes by key id: ``active`` makes new things, all of them read old ones."""

    keys: Mapping[str, bytes]
    active: str

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.keys)})"


@dataclass(frozen=True, repr=False)
class Secrets:
    """Everything a thief of the database alone must not have.

    ``token_signing`` and ``notary`` are Ed25519 seeds, the others keys of HMAC or AES-256.
    """

    token_signing: KeyRing
    field_encryption: KeyRing
    frank: KeyRing
    notary: KeyRing
    refresh: bytes
    blind_index: bytes


def load_secrets(data_dir: Path, settings: Settings) -> Secrets:
    """Read the secrets, making them first when ``data_dir`` has none.

    A folder given by ``SECRETS_DIR`` is only read, and a mounted file's group may read it. Raises ``StartupError``.
    """
    folder, forbidden = secrets_folder(data_dir, settings)
    if not settings.secrets_dir and not folder.exists():
        create_secrets(folder)
    return read_secrets(folder, forbidden=forbidden)


def secrets_folder(data_dir: Path, settings: Settings) -> tuple[Path, int]:
    """Where they lie, and the bits of a mode that are refused there."""
    return (settings.secrets_dir, 0o007) if settings.secrets_dir else (data_dir / "secrets", 0o077)


def create_secrets(folder: Path) -> None:
    """Make all secrets in ``folder`` at once: after a crash in between there is none, never a few.

    When another process was faster, its secrets stay.
    """
    create_secrets_from(folder, {name: _new_line() for name in (*RINGS, *SINGLE)})


def create_secrets_from(folder: Path, lines: Mapping[str, str]) -> None:
    """The same with given content."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".secrets-", dir=folder.parent, ignore_cleanup_errors=True) as name:
            _write_all(Path(name, "secrets"), lines)
            _move_unless_taken(Path(name, "secrets"), folder)
        _sync(folder.parent)
    except OSError as error:
        raise StartupError(f"Secrets cannot be written to {folder}: {error.strerror}", "Check DATA_DIR.") from error


def read_secrets(folder: Path, *, forbidden: int = 0o077) -> Secrets:
    """Read and judge every secret; files whose mode has a ``forbidden`` bit are refused."""
    rings = {name: read_ring(folder / name, forbidden) for name in (*RINGS, *SINGLE)}
    _check_apart(folder, rings)
    for name in SINGLE:
        if len(rings[name].keys) != 1:
            raise StartupError(f"{folder / name} holds several keys", "This secret has exactly one line.")
    return Secrets(
        token_signing=rings["token_signing"],
        field_encryption=rings["field_encryption"],
        frank=rings["frank"],
        notary=rings["notary"],
        **{name: rings[name].keys[rings[name].active] for name in SINGLE},
    )


def read_ring(path: Path, forbidden: int = 0o077) -> KeyRing:
    """A file of lines ``key-id base64url``; the first is the active key."""
    try:
        mode = path.stat().st_mode & 0o777
        lines = path.read_text(encoding="ascii").split("\n")
    except FileNotFoundError as error:
        raise StartupError(
            f"{path} is missing", "Restore it from the backup: a new one could not read old data."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StartupError(f"{path} cannot be read: {error}", "Check its owner and content.") from error
    if mode & forbidden:
        raise StartupError(f"{path} is open to others (mode {mode:o})", f"Run `chmod 600 {path}`.")
    return _ring(path, lines)


def parse_ring(path: Path, text: str) -> KeyRing:
    """The same of a file's text that lies elsewhere."""
    return _ring(path, text.split("\n"))


def _ring(path: Path, lines: list[str]) -> KeyRing:
    keys = dict(_parsed(path, line) for line in lines if line.strip())
    if not keys:
        raise StartupError(f"{path} is empty", "Restore it from the backup.")
    return KeyRing(keys, active=next(iter(keys)))


def _parsed(path: Path, line: str) -> tuple[str, bytes]:
    kid, _, text = line.strip().partition(" ")
    try:
        key = base64.b64decode(text.strip() + "=" * (-len(text.strip()) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        key = b""
    if not KID.fullmatch(kid) or len(key) != KEY_BYTES:
        raise StartupError(
            f"{path} is not `key-id key` with a key of 32 bytes in base64url", "Restore it from the backup."
        )
    if _looks_made_up(key):
        raise StartupError(f"{path} holds a key that was typed or copied, not drawn", "Use 32 random bytes.")
    return kid, key


def _looks_made_up(key: bytes) -> bool:
    """Zeros, repeated patterns, and text such as ``changeme`` or hex digits taken for bytes."""
    return len(set(key)) < FEWEST_DIFFERENT_BYTES or all(0x20 <= byte < 0x7F for byte in key)  # noqa: PLR2004  ASCII


def _check_apart(folder: Path, rings: Mapping[str, KeyRing]) -> None:
    every = [key for ring in rings.values() for key in ring.keys.values()]
    if len(set(every)) != len(every):
        raise StartupError(f"Two secrets in {folder} hold the same key", "Each purpose needs a key of its own.")


def _new_line() -> str:
    key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).rstrip(b"=").decode()
    return f"{secrets.token_hex(4)} {key}\n"


def _write_all(folder: Path, lines: Mapping[str, str]) -> None:
    folder.mkdir(mode=0o700)
    for name, line in lines.items():
        _write_private(folder / name, line)
    _sync(folder)


def _move_unless_taken(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
            raise


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
