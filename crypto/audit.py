"""The chain of the audit log: h_n = SHA-256(h_{n-1} | canonical(entry)), and heads of it that the hub has signed.

Who changes, removes or inserts an entry must change every hash after it, and a head that was exported before tells.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crypto.dkx import jcs
from crypto.dkx.error import JsonError

GENESIS: Final = bytes(32)
_LABEL: Final = b"dorfkiste audit head v1\0"


class HeadError(ValueError):
    """A head that is not one, or that another key signed."""


def entry_hash(prev: bytes, entry: Mapping[str, Any]) -> bytes:
    """The hash of an entry after the one whose hash is ``prev``; ``entry`` is what canonical JSON can say."""
    return hashlib.sha256(prev + jcs.canonical(dict(entry))).digest()


@dataclass(frozen=True, slots=True)
class SignedHead:
    """How far the log had come, its last hash and when (ms), signed by the hub: to be kept on another machine."""

    seq: int
    hash: bytes
    at: int
    key: bytes
    signature: bytes

    @classmethod
    def sign(cls, seed: bytes, seq: int, head: bytes, at: int) -> Self:
        """``seed`` is the hub's 32-byte notary seed."""
        secret = Ed25519PrivateKey.from_private_bytes(seed)
        public = secret.public_key().public_bytes_raw()
        return cls(seq, head, at, public, secret.sign(_signed(seq, head, at)))

    def to_json(self) -> dict[str, Any]:
        shown = {"hash": self.hash.hex(), "key": self.key.hex(), "signature": self.signature.hex()}
        return {"v": 1, "seq": self.seq, "at": self.at, **shown}

    @classmethod
    def from_json(cls, raw: bytes) -> Self:
        """Read and verify. ``HeadError``; whether it is the right hub's key is for the caller to compare."""
        try:
            told = jcs.read(raw.strip())
            parts = {name: bytes.fromhex(told[name]) for name in ("hash", "key", "signature")}
            head = cls(seq=int(told["seq"]), at=int(told["at"]), **parts)
            key = Ed25519PublicKey.from_public_bytes(head.key)
            key.verify(head.signature, _signed(head.seq, head.hash, head.at))
        except (JsonError, KeyError, TypeError, ValueError) as error:
            raise HeadError("this is no head of an audit log") from error
        except InvalidSignature as error:
            raise HeadError("this head is not signed by its key") from error
        return head


def _signed(seq: int, head: bytes, at: int) -> bytes:
    return _LABEL + seq.to_bytes(8, "big") + head + at.to_bytes(8, "big")
