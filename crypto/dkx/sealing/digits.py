"""Linking by six digits compared on both screens: commit, then reveal, so that nobody can search for a match.

N commits to its keys, E answers with its ephemeral key, N reveals, both show digits, the person taps "equal" on E.
Each side is used once and in this order; 5 minutes, one use and 5 tries are the hub's rule.
"""

import hashlib
import secrets
import struct
from enum import Enum, auto
from hmac import compare_digest
from typing import Self

from crypto.dkx.error import KeyMaterialError, LinkError, LinkMismatchError
from crypto.dkx.primitive import h32, label, pack
from crypto.dkx.sealing.keys import BoxKey
from crypto.dkx.sealing.link import NewKeys, link_key

REVEAL = 128
_COMMIT = label("sascommit")
_SAS = label("sas")
_REVEAL = struct.Struct(">32s32s32s32s")


class _Step(Enum):
    BEGUN = auto()
    SHOWN = auto()
    DONE = auto()


class NewSide:
    """The new device. Send ``commit``; when E's key comes, ``reveal``; when the bundle comes, open it with ``key``."""

    def __init__(self, keys: NewKeys, eph: BoxKey) -> None:
        if keys.eph != eph.public:
            raise LinkError("another ephemeral key")
        self._keys, self._eph, self._rand = keys, eph, secrets.token_bytes(32)
        self._key: bytes | None = None
        self.digits: str | None = None
        """What the screen shows, once both keys are known."""

    @property
    def commit(self) -> bytes:
        """32 bytes that fix the keys without telling them."""
        return commitment(self._keys, self._rand)

    def reveal(self, e_eph: bytes) -> bytes:
        """The 128 bytes to send for E's ephemeral key. Only once: a second key could be searched for equal digits."""
        if self._key is not None:
            raise LinkError("revealed already")
        self._key = link_key(self._keys, _agree(self._eph, e_eph), e_eph)
        self.digits = short_code(self._key, self._keys, e_eph)
        return pack(_REVEAL, self._keys.dsk, self._keys.dbk, self._keys.eph, self._rand)

    @property
    def key(self) -> bytes:
        """What opens the bundle."""
        if self._key is None:
            raise LinkError("nothing was revealed yet")
        return self._key


class ExistingSide:
    """The linked device. Answer a commitment with ``eph``; ``show`` what is revealed; ``confirm`` after the tap."""

    def __init__(self, link: bytes, commit: bytes, eph: BoxKey) -> None:
        self._link, self._commit, self._eph = link, commit, eph
        self._key, self._step = b"", _Step.BEGUN

    @classmethod
    def answer(cls, link: bytes, commit: bytes) -> Self:
        """Take a commitment; ``eph`` of the result goes to N."""
        return cls(link, commit, BoxKey.generate())

    @property
    def eph(self) -> bytes:
        return self._eph.public

    def show(self, revealed: bytes) -> tuple[NewKeys, str]:
        """The keys revealed and the digits to show; not what was committed to: ``LinkMismatchError``."""
        if self._step is not _Step.BEGUN or len(revealed) != REVEAL:
            raise LinkError("out of order, or of another length")
        self._step = _Step.DONE
        dsk, dbk, n_eph, rand = _REVEAL.unpack(revealed)
        keys = NewKeys(self._link, dsk, dbk, n_eph)
        if not compare_digest(commitment(keys, rand), self._commit):
            raise LinkMismatchError("not what was committed to")
        self._key = link_key(keys, _agree(self._eph, n_eph), self.eph)
        self._step = _Step.SHOWN
        return keys, short_code(self._key, keys, self.eph)

    def confirm(self) -> bytes:
        """The key that seals the bundle: only after the person saw equal digits, and once."""
        if self._step is not _Step.SHOWN:
            raise LinkError("nothing was shown")
        self._step = _Step.DONE
        return self._key


def commitment(keys: NewKeys, rand: bytes) -> bytes:
    """``sascommit`` of e2ee.md §7."""
    return h32(_COMMIT + keys.link + keys.dsk + keys.dbk + keys.eph + rand)


def short_code(key: bytes, new: NewKeys, e_eph: bytes) -> str:
    """Six digits that say both sides hold the same keys."""
    named = _SAS + key + new.link + new.dsk + new.dbk + new.eph + e_eph
    return f"{int.from_bytes(hashlib.blake2b(named, digest_size=8).digest(), 'big') % 1_000_000:06d}"


def _agree(own: BoxKey, other: bytes) -> bytes:
    try:
        return own.agree(other)
    except KeyMaterialError as error:
        raise LinkError("the other key agrees on nothing") from error
