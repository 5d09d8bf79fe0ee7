"""What the acts of the backup take on the wire."""

from typing import Annotated

from pydantic import Field

from api.field import B64, U32, SafeInt
from api.wire import Wire

Blob = Annotated[B64, Field(min_length=178, max_length=178)]
Entry = Annotated[B64, Field(min_length=191, max_length=191)]


class PutBackup(Wire):
    version: U32
    code: Blob
    passkey: Blob | None = None
    fresh: bool = False


class AddEntries(Wire):
    entries: Annotated[list[Entry], Field(min_length=1, max_length=200)]
    manifest: Annotated[B64, Field(min_length=114, max_length=114)]


class GetBackup(Wire):
    pass


class ListEntries(Wire):
    after: SafeInt = 0
    limit: Annotated[SafeInt, Field(ge=1, le=200)] = 200
