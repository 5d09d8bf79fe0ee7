"""What the acts of prekeys and chain keys take on the wire."""

from typing import Annotated

from pydantic import Field

from api.field import MAX_U32, U32, Bytes32, Document, HexBytes, Id
from api.wire import Wire


class OneTimePrekey(Wire):
    id: Annotated[U32, Field(ge=1, lt=MAX_U32)]
    key: Bytes32


class PublishPrekey(Wire):
    spk: Document
    one_time: Annotated[list[OneTimePrekey], Field(max_length=100, default_factory=list)]


class ClaimPrekeys(Wire):
    accounts: Annotated[list[Id], Field(max_length=12)]


class RequestKey(Wire):
    room: Id
    device: Id
    chain: HexBytes


class PutKey(Wire):
    room: Id
    device: Id
    chain: HexBytes
    to: Id
    pkt: Document


class ListWanted(Wire):
    pass
