"""The list of what a backup should hold, so that a restore tells what is missing."""

import struct
from collections.abc import Collection
from dataclasses import dataclass

from crypto.dkx.backup import MANIFEST_HEADER, Manifest, entries_xor, manifest_header
from crypto.dkx.error import BackupError
from crypto.dkx.primitive import h32, label, pack
from crypto.dkx.sealing import aead

_KEY = label("backup-manifest")
_LAYOUT = struct.Struct(">Q8s")


@dataclass(frozen=True, slots=True)
class Contents:
    """What the newest manifest this device knows says; ``created`` in milliseconds since 1970."""

    version: int
    count: int
    xor: bytes
    created: int

    def missing(self, entries: Collection[bytes]) -> int:
        """How many entries are not there; 0 if they are exactly the ones listed.

        Others than listed, or more, raise ``BackupError``: the hub mixes states.
        """
        if len(entries) == self.count and entries_xor(entries) != self.xor:
            raise BackupError("other entries than the manifest lists")
        if len(entries) > self.count:
            raise BackupError("more entries than the manifest lists")
        return self.count - len(entries)


def seal_manifest(account: bytes, content: Contents, bk: bytes) -> Manifest:
    """The manifest to put beside the entries."""
    return _seal(account, content, bk, None)


def open_manifest(manifest: Manifest, bk: bytes, *, at_least: int = 1) -> Contents:
    """Open with the backup key; below the highest version this device knows, or changed: ``BackupError``."""
    plaintext = aead.unseal(_key(bk), manifest.raw[MANIFEST_HEADER:], manifest.header, BackupError)
    created, reserved = _LAYOUT.unpack(plaintext)
    if any(reserved):
        raise BackupError("reserved bytes set")
    if manifest.version < at_least:
        raise BackupError("older than the manifest known")
    return Contents(manifest.version, manifest.count, manifest.xor, created)


def _seal(account: bytes, content: Contents, bk: bytes, nonce: bytes | None) -> Manifest:
    header = manifest_header(account, content.version, content.count, content.xor)
    return Manifest.parse(header + aead.seal(_key(bk), pack(_LAYOUT, content.created, bytes(8)), header, nonce))


def _key(bk: bytes) -> bytes:
    return h32(_KEY, key=bk)
