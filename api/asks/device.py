"""What the acts of devices and their keys take on the wire."""

from typing import Annotated

from pydantic import Field

from api.field import (
    U32,
    Bytes32,
    Bytes64,
    Document,
    HexBytes,
    Id,
)
from api.wire import Wire


class MakeChallenge(Wire):
    pass


class ProveDevice(Wire):
    device: Id
    challenge: Bytes32
    signature: Bytes64


class PublishDevices(Wire):
    aik: Bytes32
    cert: Document
    list: Document


class ListDevices(Wire):
    user: Id
    epoch: U32 = 0
    version: U32 = 0


class PublishPrekey(Wire):
    spk: Document


class ClaimPrekeys(Wire):
    accounts: Annotated[list[Id], Field(max_length=12)]


class LastChainIndex(Wire):
    room: Id
    chain: HexBytes
