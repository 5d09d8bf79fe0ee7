"""What the acts of linking a device take on the wire."""

from typing import Annotated

from pydantic import Field

from api.field import B64, Bytes32, Id
from api.wire import Wire


class OpenLink(Wire):
    link: Id
    commit: Bytes32 | None = None


class AnswerLink(Wire):
    link: Id
    eph: Bytes32


class RevealLink(Wire):
    link: Id
    revealed: Annotated[B64, Field(min_length=128, max_length=128)]


class SealLink(Wire):
    link: Id
    bundle: Annotated[B64, Field(min_length=40, max_length=48_000)]


class OneLink(Wire):
    link: Id


class ListLinks(Wire):
    pass
