"""What the acts of rooms take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.asks.common import PageSize
from api.field import (
    B64,
    U32,
    Document,
    HexBytes,
    Id,
    SafeInt,
)
from api.wire import Wire


class AddressedKey(Wire):
    to: Id
    pkt: Document


class SendMessage(Wire):
    room: Id
    cid: HexBytes
    env: B64
    chain: HexBytes
    idx: U32
    dl: Annotated[dict[Id, Annotated[list[U32], Field(min_length=2, max_length=2)]], Field(max_length=12)]
    roster: U32
    keys: Annotated[list[AddressedKey], Field(max_length=120, default_factory=list)]
    push: Literal["high", "normal", "none"] = "normal"


class RedactMessage(Wire):
    room: Id
    seq: SafeInt


class SyncRooms(Wire):
    cursors: Annotated[dict[Id, SafeInt], Field(max_length=200)]
    limit: PageSize = 100


class PageHistory(Wire):
    room: Id
    before: SafeInt | None = None
    limit: PageSize = 50


class GetRoom(Wire):
    room: Id


class ListRooms(Wire):
    pass


class PublishRoster(Wire):
    cmd_id: Id
    room: Id
    roster: Document


class ListRosters(Wire):
    room: Id
    version: U32 = 0


class PutReceipt(Wire):
    room: Id
    delivered: SafeInt | None = None
    read: SafeInt | None = None


class SetTyping(Wire):
    room: Id
    on: bool


class BeatPresence(Wire):
    state: Literal["active", "idle"]
