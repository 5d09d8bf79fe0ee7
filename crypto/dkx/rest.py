"""The committed part of a message: one parser for the reader, the sender and whoever judges a report."""

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from hmac import compare_digest
from typing import Self

from crypto.dkx.envelope import COMMITTED, EnvelopeHeader
from crypto.dkx.error import EnvelopeError
from crypto.dkx.primitive import ZEROS16, h32, label, pack

FRANK_KEY = 32
MAX_BODY = 65536 - FRANK_KEY - 53
_HEAD = struct.Struct(">BQQ16s16sI")
_FRANK = label("frank")


class ContentType(IntEnum):
    """What the body is; anything else is refused."""

    TEXT = 1
    EDIT = 2
    DELETE = 3
    REACTION = 4
    FILE = 5
    AGREEMENT = 6
    LOCATION = 7
    PREVIEW = 8
    BOT = 9
    DUMMY = 127


_KNOWN = frozenset(ContentType)


@dataclass(frozen=True, slots=True)
class Rest:
    """53 bytes and the body; ``sent_at`` in milliseconds since 1970 by the sender's clock.

    ``after_seq`` and ``after_hash`` name the newest log entry the sender had seen (0 and zeros: none),
    ``peers_hash`` the device lists it sent to.
    """

    ctype: ContentType
    sent_at: int
    after_seq: int
    after_hash: bytes
    peers_hash: bytes
    body: bytes = field(repr=False)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the bytes strictly, or raise ``EnvelopeError``."""
        if len(raw) < _HEAD.size:
            raise EnvelopeError("too short")
        ctype, sent_at, after_seq, after_hash, peers_hash, length = _HEAD.unpack_from(raw)
        if length > MAX_BODY or len(raw) != _HEAD.size + length:
            raise EnvelopeError("wrong length")
        if ctype not in _KNOWN:
            raise EnvelopeError("unknown content type")
        if (after_seq == 0) != (after_hash == ZEROS16):
            raise EnvelopeError("a place in the log without its hash, or the other way round")
        return cls(ContentType(ctype), sent_at, after_seq, after_hash, peers_hash, raw[_HEAD.size :])

    def to_bytes(self) -> bytes:
        """Write it; what ``parse`` would refuse is refused here too."""
        head = (self.ctype, self.sent_at, self.after_seq, self.after_hash, self.peers_hash, len(self.body))
        raw = pack(_HEAD, *head) + self.body
        Rest.parse(raw)
        return raw


def rest_length(plaintext: bytes) -> int:
    """How long the rest at the start of a padded plaintext claims to be, body included."""
    return int(_HEAD.size + int.from_bytes(plaintext[_HEAD.size - 4 : _HEAD.size], "big"))


def commitment(header: bytes, kf: bytes, rest: bytes) -> bytes:
    """Bind what was said to its place; ``header`` may be whole or cut before the commitment, ``kf`` is its key."""
    return h32(_FRANK + header[:COMMITTED] + rest, key=kf)


def check_opened(header: bytes, kf: bytes, rest: bytes) -> tuple[EnvelopeHeader, Rest]:
    """Judge an opened message, received or reported: header, rest and commitment must all hold."""
    parsed = EnvelopeHeader.parse(header), Rest.parse(rest)
    if len(kf) != FRANK_KEY or not compare_digest(commitment(header, kf, rest), parsed[0].commit):
        raise EnvelopeError("not what was committed to")
    return parsed
