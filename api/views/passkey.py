"""What is shown of passkeys, and the options that browsers take as they are (WebAuthn level 3, section 5.1)."""

from collections.abc import Sequence

from api.views.common import View, milliseconds
from crypto import b64
from crypto.passkeys import ALGORITHMS, site_of
from hub.passkey import Passkey
from hub.usecases.passkeys import CHALLENGE_LIFE, Asked, Wanted

TIMEOUT_MS = int(CHALLENGE_LIFE.total_seconds() * 1000)


def passkey(found: Passkey) -> View:
    return {
        "id": found.id,
        "name": found.name,
        "synced": found.synced,
        "created_at": milliseconds(found.created_at),
        "used_at": milliseconds(found.used_at) if found.used_at else None,
    }


def passkeys(found: Sequence[Passkey]) -> View:
    return {"passkeys": [passkey(each) for each in found]}


def wanted(made: Wanted) -> View:
    """For ``PublicKeyCredential.parseCreationOptionsFromJSON``."""
    user = {"id": b64.encode(bytes.fromhex(made.user.id)), "name": made.user.handle}
    return {
        "rp": {"id": site_of(made.origin), "name": made.village},
        "user": user | {"displayName": made.user.display_name},
        "challenge": b64.encode(made.challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "timeout": TIMEOUT_MS,
        "excludeCredentials": _named(made.known),
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def asked(made: Asked) -> View:
    """For ``PublicKeyCredential.parseRequestOptionsFromJSON``."""
    return {
        "challenge": b64.encode(made.challenge),
        "rpId": site_of(made.origin),
        "allowCredentials": _named(made.known),
        "timeout": TIMEOUT_MS,
        "userVerification": "required",
    }


def _named(credentials: Sequence[bytes]) -> list[View]:
    return [{"type": "public-key", "id": b64.encode(credential)} for credential in credentials]
