"""An authenticator without a browser: makes passkeys and signs with them, as honestly or not as a test wants."""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from crypto import b64
from tests.support.world import ORIGIN

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey; ``count`` goes on with each signature, unless it is one that never counts (None)."""

    user: bytes
    origin: str = ORIGIN
    site: str = "kiste.example"
    flags: int = PRESENT | VERIFIED
    count: int | None = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def client_data(self, kind: str, challenge: bytes, **more: Any) -> bytes:
        told = {"type": f"webauthn.{kind}", "challenge": b64.encode(challenge), "origin": self.origin}
        return json.dumps({**told, "crossOrigin": False, **more}).encode()

    def make(self, challenge: bytes, **more: Any) -> dict[str, bytes]:
        """``client_data`` and ``attestation`` of a new passkey."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        named = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(cose)
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | ATTESTED) + named}
        return {"client_data": self.client_data("create", challenge, **more), "attestation": cbor2.dumps(statement)}

    def sign(self, challenge: bytes, **more: Any) -> dict[str, bytes]:
        """The parts of a proof."""
        if self.count is not None:
            self.count += 1
        client_data, data = self.client_data("get", challenge, **more), self._data(self.flags)
        signed = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        told = {"credential": self.credential, "client_data": client_data, "authenticator": data}
        return {**told, "signature": signed, "user_handle": self.user}

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + struct.pack(">BI", flags, self.count or 0)
