"""Proving to the hub that the other side was there: by the code or the QR code that only they were shown."""

import hmac
from typing import Protocol

from hub.errors import Conflict, Forbidden
from hub.ports import Ports
from hub.rental import RECEIVER, CodeKind, Rental, Role


class Proof(Protocol):
    @property
    def code(self) -> str | None: ...
    @property
    def secret(self) -> bytes | None: ...


async def prove(ports: Ports, rental: Rental, kind: CodeKind, proof: Proof) -> None:
    """``wrong_code``, with the tries that are left; ``code_spent`` when none are: then only the QR code counts."""
    receiver = rental.renter if RECEIVER[kind] is Role.RENTER else rental.owner
    kept = await ports.codes.get(rental.id, kind, receiver)
    if proof.secret is not None:
        if not hmac.compare_digest(proof.secret, kept.secret):
            raise Forbidden("wrong_code")
        return
    left = await ports.codes.take_try(rental.id, kind)
    if left is None:
        raise Conflict("code_spent")
    if not hmac.compare_digest((proof.code or "").encode(), kept.digits.encode()):
        raise Forbidden("wrong_code", {"left": left})
