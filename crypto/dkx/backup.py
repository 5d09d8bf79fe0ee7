"""BLOB, backup entry and manifest, what the hub may see of them: whose they are and for what place (e2ee.md §7)."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from crypto.dkx.error import BackupError, BackupWeakError
from crypto.dkx.primitive import ZEROS16, ZEROS32, h32, pack

BLOB, BLOB_HEADER = 178, 42
ENTRY, ENTRY_HEADER = 191, 50
MANIFEST, MANIFEST_HEADER = 114, 58
BY_CODE, BY_PASSKEY = b"\x01\x30", b"\x01\x33"
OPS, OPS_LIMITS = 3, range(2, 17)
MEM_KIB, MEM_KIB_LIMITS = 65536, range(32 * 1024, 1024 * 1024 + 1)
_ENTRY_MAGIC, _MANIFEST_MAGIC = b"\x01\x31", b"\x01\x32"
_BLOB = struct.Struct(">2s16s16sII")
_ENTRY = struct.Struct(">2s16s16s16s")
_MANIFEST = struct.Struct(">2s16sII32s")


@dataclass(frozen=True, slots=True)
class Blob:
    """178 bytes: the account's secrets under a code (Argon2id with ``ops`` passes over ``mem_kib``) or a passkey."""

    raw: bytes = field(repr=False)
    by_code: bool
    account: bytes
    salt: bytes
    ops: int
    mem_kib: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read strictly; ``BackupWeakError`` for parameters nobody should derive with."""
        if len(raw) != BLOB:
            raise BackupError("a backup has 178 bytes")
        magic, account, salt, ops, mem_kib = _BLOB.unpack_from(raw)
        if magic not in {BY_CODE, BY_PASSKEY}:
            raise BackupError("unknown type or version")
        if magic == BY_CODE:
            check_cost(ops, mem_kib)
        elif (salt, ops, mem_kib) != (ZEROS16, 0, 0):
            raise BackupError("a passkey needs neither salt nor parameters")
        return cls(raw, magic == BY_CODE, account, salt, ops, mem_kib)

    @property
    def header(self) -> bytes:
        return self.raw[:BLOB_HEADER]


@dataclass(frozen=True, slots=True)
class Entry:
    """191 bytes: one chain under the backup key."""

    raw: bytes = field(repr=False)
    account: bytes
    room: bytes
    chain: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        if len(raw) != ENTRY:
            raise BackupError("a backup entry has 191 bytes")
        magic, account, room, chain = _ENTRY.unpack_from(raw)
        if magic != _ENTRY_MAGIC:
            raise BackupError("unknown type or version")
        return cls(raw, account, room, chain)

    @property
    def header(self) -> bytes:
        return self.raw[:ENTRY_HEADER]


@dataclass(frozen=True, slots=True)
class Manifest:
    """114 bytes: how many entries there are and, by ``xor`` of their hashes, which; ``version`` only grows."""

    raw: bytes = field(repr=False)
    account: bytes
    version: int
    count: int
    xor: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        if len(raw) != MANIFEST:
            raise BackupError("a manifest has 114 bytes")
        magic, account, version, count, xor = _MANIFEST.unpack_from(raw)
        if magic != _MANIFEST_MAGIC or version < 1:
            raise BackupError("unknown type or version")
        return cls(raw, account, version, count, xor)

    @property
    def header(self) -> bytes:
        return self.raw[:MANIFEST_HEADER]


def blob_header(magic: bytes, account: bytes, salt: bytes = ZEROS16, ops: int = 0, mem_kib: int = 0) -> bytes:
    """42 bytes, bound to the ciphertext."""
    return pack(_BLOB, magic, account, salt, ops, mem_kib)


def entry_header(account: bytes, room: bytes, chain: bytes) -> bytes:
    """50 bytes, bound to the ciphertext."""
    return pack(_ENTRY, _ENTRY_MAGIC, account, room, chain)


def manifest_header(account: bytes, version: int, count: int, xor: bytes) -> bytes:
    """58 bytes, bound to the ciphertext."""
    return pack(_MANIFEST, _MANIFEST_MAGIC, account, version, count, xor)


def check_cost(ops: int, mem_kib: int) -> None:
    """Refuse a cost that protects too little or takes too much, before anything is derived."""
    if ops not in OPS_LIMITS or mem_kib not in MEM_KIB_LIMITS:
        raise BackupWeakError(f"{ops} passes over {mem_kib} KiB")


def entries_xor(entries: Iterable[bytes], start: bytes = ZEROS32) -> bytes:
    """XOR over the hashes of entries: putting one in or taking it out is the same step, in any order."""
    total = int.from_bytes(start, "big")
    for entry in entries:
        total ^= int.from_bytes(h32(entry), "big")
    return total.to_bytes(len(ZEROS32), "big")
