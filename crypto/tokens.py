"""Proofs of a session: short-lived access tokens (JWT, RFC 7519 and 9068) and opaque refresh tokens."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from crypto import b64

ALGORITHM = "Ed25519"
"""EdDSA under its fully specified name (RFC 9864); the old name "EdDSA" also allowed another curve."""
AUDIENCE = "hub"
TYPE = "at+jwt"
_HEADER = frozenset({"alg", "kid", "typ"})
_TEXTS = ("iss", "aud", "sub", "sid", "jti")
_TIMES = ("iat", "nbf", "exp")
_REFRESH_BYTES = 32
_REFRESH_PERSON = b"dk refresh hash"
_SLIP_PERSON = b"dk slip hash"
_SUCCESSOR = b"refresh successor\0"
_KNOWN = b"known device\0"


class TokenError(ValueError):
    """Not a valid access token, for whatever reason: the caller learns no more."""

    code = "token_invalid"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says; times in seconds since 1970."""

    sub: str
    sid: str
    dev: str | None
    jti: str
    iat: int
    exp: int


class TokenSigner:
    """Issues and verifies access tokens; several keys may be live, the active one signs.

    ``keys`` maps a key id to a 32-byte Ed25519 seed. Dropping a key revokes every token it signed.
    """

    def __init__(self, keys: Mapping[str, bytes], active: str, issuer: str) -> None:
        self._keys = {kid: _key(seed) for kid, seed in keys.items()}
        self._header = {"alg": ALGORITHM, "kid": active, "typ": TYPE}
        self._active = self._keys[active]
        self._issuer = issuer

    def issue(self, sub: str, sid: str, dev: str | None, *, ttl_s: int, now: int) -> str:
        """A token for user ``sub`` in session ``sid`` on device ``dev``, valid from ``now`` for ``ttl_s`` seconds."""
        claims: dict[str, Any] = {"iss": self._issuer, "aud": AUDIENCE, "sub": sub, "sid": sid}
        claims |= {"jti": secrets.token_hex(16), "iat": now, "nbf": now, "exp": now + ttl_s}
        if dev is not None:
            claims["dev"] = dev
        return jwt.encode(self._header, claims, self._active, algorithms=[ALGORITHM])

    def verify(self, token: str, now: int) -> Claims:
        """Check signature, header and every claim at ``now``, without grace: one clock issues and verifies.

        Raises ``TokenError``. The header may hold nothing but alg, kid and typ: a key is never taken from a token.
        """
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
            key = self._keys[_kid(header)]
            claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise TokenError("not a token of this hub") from error
        return self._read(claims, now)

    def _read(self, claims: Mapping[str, Any], now: int) -> Claims:
        if not all(isinstance(claims.get(name), str) and claims[name] for name in _TEXTS):
            raise TokenError("a claim is missing")
        if not all(type(claims.get(name)) is int for name in _TIMES):
            raise TokenError("a time is missing")
        if claims["iss"] != self._issuer or claims["aud"] != AUDIENCE:
            raise TokenError("meant for someone else")
        if not max(claims["iat"], claims["nbf"]) <= now < claims["exp"]:
            raise TokenError("expired or not valid yet")
        dev = claims.get("dev")
        if dev is not None and not isinstance(dev, str):
            raise TokenError("no device id")
        return Claims(claims["sub"], claims["sid"], dev, claims["jti"], claims["iat"], claims["exp"])


def new_refresh() -> str:
    """A fresh opaque refresh token of 256 bits."""
    return b64.encode(secrets.token_bytes(_REFRESH_BYTES))


def refresh_hash(token: str) -> bytes:
    """What the hub stores of a refresh token: 256 random bits need no slow hash."""
    return hashlib.blake2b(token.encode(), digest_size=32, person=_REFRESH_PERSON).digest()


def successor(server_key: bytes, presented: str) -> str:
    """The refresh token that follows ``presented``: parallel uses of one token get the same next one."""
    return b64.encode(hmac.digest(server_key, _SUCCESSOR + presented.encode(), "sha256"))


def known_device(server_key: bytes, sub: str) -> str:
    """What devices of user ``sub`` keep from one sign-in to the next. It opens nothing: it only spares a warning."""
    return b64.encode(hmac.digest(server_key, _KNOWN + sub.encode(), "sha256"))


def new_slip() -> str:
    """A fresh secret of 256 bits for the link of a mail."""
    return b64.encode(secrets.token_bytes(_REFRESH_BYTES))


def slip_hash(slip: str) -> bytes:
    """What the hub stores of it."""
    return hashlib.blake2b(slip.encode("utf-8", "surrogatepass"), digest_size=32, person=_SLIP_PERSON).digest()


def _key(seed: bytes) -> OKPKey:
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))


def _kid(header: Mapping[str, Any]) -> str:
    if header.keys() != _HEADER or header["typ"] != TYPE or not isinstance(header["kid"], str):
        raise TokenError("another header")
    return header["kid"]
