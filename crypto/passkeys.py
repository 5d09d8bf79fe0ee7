"""Passkeys (WebAuthn level 3): whether what an authenticator answered proves that its owner is there, by our challenge.

Only the parts that are checked travel, as bytes; attestation, which would say who made the authenticator, is not asked
for. User verification is always required, so that a passkey alone is two factors: to have it, and to unlock it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import bytes_to_base64url, parse_attestation_object
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)

from crypto import b64

CHALLENGE: Final = 32
ALGORITHMS: Final = (-8, -7, -257)
"""COSE numbers of EdDSA, ES256 and RS256, best first."""
FORMATS: Final = frozenset({AttestationFormat.NONE, AttestationFormat.PACKED})
"""Statements that come though none is wanted: none, and an authenticator's word for itself."""

T = TypeVar("T")


class PasskeyError(ValueError):
    """Proves nothing, for whatever reason: the caller learns no more."""

    code = "bad_passkey"


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """``credential`` names it for ever, ``key`` is its public key (COSE), ``count`` how often it signed.

    ``synced``: its owner has it on other devices, too.
    """

    credential: bytes
    key: bytes
    count: int
    synced: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What ``navigator.credentials.get`` answers, as bytes; ``user_handle`` is whom it was made for."""

    credential: bytes
    client_data: bytes
    authenticator: bytes
    signature: bytes
    user_handle: bytes = b""


def site_of(origin: str) -> str:
    """The RP ID of an origin: its host name."""
    return str(urlsplit(origin).hostname)


def challenge_of(client_data: bytes) -> bytes:
    """The challenge that was answered: to be used up before anything is believed. ``PasskeyError``."""
    return _or_refuse(lambda: b64.decode(_told(client_data)["challenge"]))


def verify_new(client_data: bytes, attestation: bytes, *, challenge: bytes, origin: str) -> NewPasskey:
    """The passkey that was made for this challenge at this origin, its owner verified. ``PasskeyError``."""
    return _or_refuse(lambda: _verified_new(client_data, attestation, challenge, origin))


def verify_proof(proof: Proof, *, challenge: bytes, origin: str, key: bytes) -> tuple[int, bool]:
    """How often the passkey has signed by its own count, and whether it is synced. ``PasskeyError``.

    Whether the count went on is for who keeps the last one.
    """
    return _or_refuse(lambda: _verified_proof(proof, challenge, origin, key))


def name_of(credential: bytes) -> bytes:
    """16 bytes that stand for a credential id, which has up to 1,023."""
    return hashlib.blake2b(credential, digest_size=16, person=b"dk passkey").digest()


def _verified_new(client_data: bytes, attestation: bytes, challenge: bytes, origin: str) -> NewPasskey:
    _check_own_window(client_data)
    told = parse_attestation_object(attestation)
    made = told.auth_data.attested_credential_data
    if made is None or told.fmt not in FORMATS:
        raise PasskeyError("no credential, or a statement nobody asked for")
    response = AuthenticatorAttestationResponse(client_data_json=client_data, attestation_object=attestation)
    found = verify_registration_response(
        credential=RegistrationCredential(bytes_to_base64url(made.credential_id), made.credential_id, response),
        expected_challenge=challenge,
        expected_rp_id=site_of(origin),
        expected_origin=origin,
        require_user_verification=True,
    )
    return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count, found.credential_backed_up)


def _verified_proof(proof: Proof, challenge: bytes, origin: str, key: bytes) -> tuple[int, bool]:
    _check_own_window(proof.client_data)
    response = AuthenticatorAssertionResponse(
        client_data_json=proof.client_data, authenticator_data=proof.authenticator, signature=proof.signature
    )
    found = verify_authentication_response(
        credential=AuthenticationCredential(bytes_to_base64url(proof.credential), proof.credential, response),
        expected_challenge=challenge,
        expected_rp_id=site_of(origin),
        expected_origin=origin,
        credential_public_key=key,
        credential_current_sign_count=0,
        require_user_verification=True,
    )
    return found.new_sign_count, found.credential_backed_up


def _check_own_window(client_data: bytes) -> None:
    """Made in a frame of another site, it proves nothing: the page around may have tricked its owner."""
    told = _told(client_data)
    if told.get("crossOrigin", False) is not False or "topOrigin" in told:
        raise PasskeyError("in a frame of another site")


def _told(client_data: bytes) -> dict[str, Any]:
    told = json.loads(client_data)
    if not isinstance(told, dict):
        raise PasskeyError("no client data")
    return told


def _or_refuse(check: Callable[[], T]) -> T:
    """Foreign CBOR, COSE and JSON break parsers in many ways; each means that nothing is proven."""
    try:
        return check()
    except Exception as error:
        raise PasskeyError("not a passkey's proof") from error
