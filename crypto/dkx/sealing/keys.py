"""Secret keys: one kind signs (Ed25519), the other agrees on secrets (X25519)."""

import secrets
from dataclasses import dataclass, field
from typing import Self

from nacl import bindings
from nacl.exceptions import CryptoError

from crypto.dkx.error import KeyMaterialError
from crypto.dkx.primitive import SIGNATURE

_SEED = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key as libsodium keeps it: seed and public key, 64 bytes."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        return cls.from_seed(secrets.token_bytes(_SEED))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        return cls(bindings.crypto_sign_seed_keypair(seed)[1])

    @property
    def seed(self) -> bytes:
        return self.secret[:_SEED]

    @property
    def public(self) -> bytes:
        return self.secret[_SEED:]

    def sign(self, purpose: bytes, message: bytes) -> bytes:
        """``Sig(key, purpose, message)``, 64 bytes; ``purpose`` is a finished label."""
        return bindings.crypto_sign(purpose + message, self.secret)[:SIGNATURE]


@dataclass(frozen=True, slots=True)
class BoxKey:
    """An X25519 key."""

    secret: bytes = field(repr=False)
    public: bytes

    @classmethod
    def generate(cls) -> Self:
        return cls.from_secret(secrets.token_bytes(_SEED))

    @classmethod
    def from_secret(cls, secret: bytes) -> Self:
        return cls(secret, bindings.crypto_scalarmult_base(secret))

    def agree(self, public: bytes) -> bytes:
        """``DH(self, public)``; a result of all zeros raises ``KeyMaterialError``."""
        try:
            return bindings.crypto_scalarmult(self.secret, public)
        except (CryptoError, ValueError) as error:
            raise KeyMaterialError("the other key agrees on nothing") from error


@dataclass(frozen=True, slots=True)
class Party:
    """The public keys of one device, as pinned: both ends of a key packet are bound to all of them."""

    device: bytes
    aik: bytes
    dsk: bytes
    dbk: bytes


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """One's own device: its ids, its account's identity, and its two secret keys."""

    account: bytes
    device: bytes
    aik: bytes
    dsk: SigningKey
    dbk: BoxKey

    @property
    def party(self) -> Party:
        return Party(self.device, self.aik, self.dsk.public, self.dbk.public)


def new_id() -> bytes:
    """16 random bytes: a device, chain or client id."""
    return secrets.token_bytes(16)
