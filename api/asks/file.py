"""What the acts of encrypted attachments take on the wire."""

from api.field import HexBytes, Id, SafeInt
from api.wire import Wire


class BeginFile(Wire):
    file: Id
    room: Id
    cid: HexBytes
    size: SafeInt


class PutFile(Wire):
    file: Id
    offset: SafeInt


class DeleteFile(Wire):
    file: Id
