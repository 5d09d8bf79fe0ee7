"""Examples of passkeys."""

import json
from typing import Any, Final

from api.examples.person import TOKENS
from api.examples.sample import BYTES, BYTES32, MS, PASSKEY, Example
from crypto import b64


def _client_data(kind: str) -> str:
    told = {"type": kind, "challenge": BYTES32, "origin": "https://kiste.example", "crossOrigin": False}
    return b64.encode(json.dumps(told, separators=(",", ":")).encode())


PROOF: Final = {
    "credential": BYTES32, "client_data": _client_data("webauthn.get"), "authenticator": "A" * 50,
    "signature": BYTES, "user_handle": "C3o9XpwfSiiA1uT1preM2Q",
}  # fmt: skip
ONE: Final = {"id": PASSKEY, "name": "Telefon", "synced": True, "created_at": MS, "used_at": MS}
NAMED: Final = [{"type": "public-key", "id": BYTES32}]
ASKED: Final[dict[str, Any]] = {
    "challenge": BYTES32, "rpId": "kiste.example", "allowCredentials": NAMED, "timeout": 300_000,
    "userVerification": "required",
}  # fmt: skip

EXAMPLES: Final = {
    "passkey:offer": Example({}, {
        "rp": {"id": "kiste.example", "name": "Musterdorf"},
        "user": {"id": "C3o9XpwfSiiA1uT1preM2Q", "name": "anna", "displayName": "Anna Berg"},
        "challenge": BYTES32, "pubKeyCredParams": [{"type": "public-key", "alg": -8}], "timeout": 300_000,
        "excludeCredentials": NAMED, "attestation": "none",
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": True, "userVerification": "required"}}),
    "passkey:add": Example(
        {"client_data": _client_data("webauthn.create"), "attestation": BYTES, "name": "Telefon"}, ONE),
    "passkey:list": Example({}, {"passkeys": [ONE]}),
    "passkey:rename": Example({"passkey": PASSKEY, "name": "Altes Telefon"}, {}),
    "passkey:remove": Example({"passkey": PASSKEY}, {}),
    "passkey:challenge": Example({}, ASKED | {"allowCredentials": []}),
    "session:challenge": Example({}, ASKED),
    "passkey:open": Example({**PROOF, "client": "web/1.0", "known": BYTES32}, TOKENS),
    "passkey:complete": Example(PROOF, {"refresh_expires": MS + 2_592_000_000, "known": BYTES32}),
    "passkey:confirm": Example(PROOF, {}),
}  # fmt: skip
