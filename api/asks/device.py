"""What the acts of devices and their keys take on the wire."""

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


class ResetIdentity(PublishDevices):
    pass


class ListDevices(Wire):
    user: Id
    epoch: U32 = 0
    version: U32 = 0


class LastChainIndex(Wire):
    room: Id
    chain: HexBytes
