"""A device's proof at sign-in: a signature over the hub's challenge, bound to the hub's own origin."""

import re

from crypto.dkx.error import LoginError
from crypto.dkx.primitive import h32, is_signed, label

LABEL = label("login")
CHALLENGE = 32
_ORIGIN_LABEL = label("origin")
_ORIGIN = re.compile(r"(https?)://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?")
_DEFAULT_PORT = {"http": "80", "https": "443"}


def message(*, challenge: bytes, origin: str, account: bytes, device: bytes) -> bytes:
    """What the DSK signs; ``origin`` is scheme://host[:port] in its one canonical form, else ``LoginError``."""
    if (len(challenge), len(account), len(device)) != (CHALLENGE, 16, 16):
        raise LoginError("a challenge has 32 bytes, an id 16")
    match = _ORIGIN.fullmatch(origin)
    if match is None or match[2] == _DEFAULT_PORT[match[1]]:
        raise LoginError("not the canonical form of an origin")
    return challenge + h32(_ORIGIN_LABEL + origin.encode("ascii")) + account + device


def verify(signature: bytes, dsk: bytes, *, challenge: bytes, origin: str, account: bytes, device: bytes) -> None:
    """Check a proof; ``dsk`` comes from the account's current device list. A challenge counts once: see to it."""
    signed = message(challenge=challenge, origin=origin, account=account, device=device)
    if not is_signed(dsk, LABEL, signed, signature):
        raise LoginError("not signed by this device for this hub")
