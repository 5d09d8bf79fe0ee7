"""Time-based one-time codes (RFC 6238) as every authenticator app makes them: SHA-1, six digits, steps of 30 s."""

import hmac
from typing import Final

import pyotp

STEP_S: Final = 30
WINDOW: Final = 1
"""Steps before and after now that count, too: clocks differ."""
DIGITS: Final = 6


def new_secret() -> str:
    """160 random bits as base32, the size RFC 4226 recommends."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """What an authenticator app scans as a QR code (``otpauth://``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def matching_step(secret: str, code: str, now_s: int) -> int | None:
    """The step that ``code`` belongs to, if it is one of those around ``now_s``. All are compared, whichever fits.

    A step is used once: the caller keeps the last one accepted and takes only later ones (RFC 6238 section 5.2).
    """
    totp, here = pyotp.TOTP(secret), now_s // STEP_S
    offered, found = code.strip().encode("utf-8", "surrogatepass"), None
    for step in range(here - WINDOW, here + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode("ascii"), offered):
            found = step
    return found
