"""One chain in the backup: what a restored device needs to read its messages again."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crypto.dkx.backup import ENTRY_HEADER, Entry, entry_header
from crypto.dkx.devlist import DevList
from crypto.dkx.error import BackupError
from crypto.dkx.primitive import h32, is_signing_key, label, pack
from crypto.dkx.roster import Roster
from crypto.dkx.sealing import aead
from crypto.dkx.sealing.accept import author_of
from crypto.dkx.sealing.record import ChainRecord

_KEY = label("backup-entry")
_LAYOUT = struct.Struct(">16sI32s32s16sB")
_VERSION = 1


@dataclass(frozen=True, slots=True)
class RestoredChain:
    """What an entry holds; ``roster`` is the first half of the roster's hash, ``record`` completes it."""

    room: bytes
    chain: bytes
    device: bytes
    start: int
    ck: bytes = field(repr=False)
    csk: bytes
    roster: bytes

    def record(self, rosters: Iterable[Roster], versions: Mapping[bytes, Iterable[DevList]]) -> ChainRecord:
        """The chain's record, with its author found as for a forward; no roster known: ``BackupError``."""
        found = next((r for r in rosters if r.room == self.room and r.hash[:16] == self.roster), None)
        if found is None:
            raise BackupError("the roster of this chain is not known")
        author = author_of(self.device, found, versions)
        return ChainRecord(self.room, self.device, self.chain, author, self.start, self.ck, self.csk, found.hash)


def seal_entry(record: ChainRecord, account: bytes, bk: bytes) -> Entry:
    """The entry of a chain in the backup of ``account`` under its backup key."""
    return _seal(record, account, bk, None)


def open_entry(entry: Entry, bk: bytes) -> RestoredChain:
    """Open with the backup key; any doubt raises ``BackupError``."""
    plaintext = aead.unseal(_key(bk), entry.raw[ENTRY_HEADER:], entry.header, BackupError)
    device, start, ck, csk, roster, version = _LAYOUT.unpack(plaintext)
    if version != _VERSION or not is_signing_key(csk):
        raise BackupError("unknown version, or no good chain signing key")
    return RestoredChain(entry.room, entry.chain, device, start, ck, csk, roster)


def _seal(record: ChainRecord, account: bytes, bk: bytes, nonce: bytes | None) -> Entry:
    header = entry_header(account, record.room, record.chain)
    keys = record.device, record.start, record.ck, record.csk, record.roster_hash[:16]
    return Entry.parse(header + aead.seal(_key(bk), pack(_LAYOUT, *keys, _VERSION), header, nonce))


def _key(bk: bytes) -> bytes:
    return h32(_KEY, key=bk)
