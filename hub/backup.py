"""What the hub keeps of an account's backup: sealed secrets, sealed chain keys, and their list. Pure."""

from dataclasses import dataclass

ZEROS = bytes(32)


@dataclass(frozen=True, slots=True)
class Backup:
    """``code`` and ``passkey`` are BLOBs, ``manifest`` names the ``count`` entries by the ``xor`` of hashes.

    ``version`` counts the replacements of the blobs, ``generation`` the backup keys: entries of an older one are gone.
    ``last`` numbers the entries and never falls.
    """

    version: int = 0
    generation: int = 0
    code: bytes | None = None
    passkey: bytes | None = None
    manifest: bytes | None = None
    manifest_version: int = 0
    count: int = 0
    xor: bytes = ZEROS
    last: int = 0
