"""Signatures that libsodium and browsers accept and DKX-1 refuses: keys of mixed order, torsion in R."""

import hashlib
from typing import Final

from nacl import bindings

from tests.crypto.cast import AIK_A, seed

L: Final = 2**252 + 27742317777372353535851937790883648493
TORSION8: Final = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")


def lenient_signature(torsion: int, purpose: bytes, message: bytes) -> tuple[bytes, bytes]:
    """A mixed-order key and a signature libsodium accepts under it, R with ``torsion`` times the point of order 8.

    The challenge is tried until its own torsion cancels that of R.
    """
    digest = hashlib.sha512(seed(1)).digest()[:32]
    a = int.from_bytes(bytes([digest[0] & 248, *digest[1:31], digest[31] & 63 | 64]), "little")
    public = bindings.crypto_core_ed25519_add(AIK_A.public, TORSION8)
    for r in range(1, 1000):
        big_r = bindings.crypto_scalarmult_ed25519_base_noclamp(r.to_bytes(32, "little"))
        for _ in range(torsion):
            big_r = bindings.crypto_core_ed25519_add(big_r, TORSION8)
        h = int.from_bytes(hashlib.sha512(big_r + public + purpose + message).digest(), "little") % L
        if (h + torsion) % 8 == 0:
            return public, big_r + ((r + h * a) % L).to_bytes(32, "little")
    raise AssertionError("no fitting challenge in a thousand tries")
