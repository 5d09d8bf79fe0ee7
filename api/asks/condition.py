"""What the acts of protocols of condition take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.field import B64, Id, SafeInt, Second, Text
from api.wire import Wire
from hub.condition import MAX_LINES, MAX_PHOTOS


class Line(Wire):
    accessory: Annotated[Text, Field(max_length=60)]
    qty: SafeInt
    found: SafeInt
    note: Annotated[Text, Field(max_length=300)] = ""


class WriteProtocol(Wire):
    rental: Id
    protocol: Id
    kind: Literal["hand_over", "return"]
    made_at: Second
    condition: Literal["new", "very_good", "good", "worn", "damaged"]
    q: Annotated[SafeInt, Field(ge=1, le=999)] = 1
    meter: Annotated[Text, Field(max_length=60)] = ""
    note: Annotated[Text, Field(max_length=2000)] = ""
    lines: Annotated[list[Line], Field(max_length=MAX_LINES, default_factory=list)]
    photos: Annotated[list[Id], Field(max_length=MAX_PHOTOS, default_factory=list)]
    after: Id | None = None
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    secret: Annotated[B64, Field(min_length=16, max_length=16)] | None = None


class ConfirmProtocol(Wire):
    rental: Id
    protocol: Id
    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ListProtocols(Wire):
    rental: Id


class ReadProtocols(ListProtocols):
    pass
