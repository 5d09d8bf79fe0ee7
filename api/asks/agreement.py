"""What the acts of signed agreements take on the wire."""

from typing import Annotated

from pydantic import Field

from api.field import B64, Id
from api.wire import Wire
from crypto.dkx import agreement, sigrec


class OnAgreements(Wire):
    rental: Id


class SignAgreement(Wire):
    cmd_id: Id
    rental: Id
    document: Annotated[B64, Field(min_length=1, max_length=agreement.MAX_BYTES)]
    signature: Annotated[B64, Field(min_length=sigrec.SIZE, max_length=sigrec.SIZE)]


class GetNotary(Wire):
    pass
