"""What the acts of people and their sessions take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.field import (
    Id,
    Line,
    Text,
)
from api.wire import Wire


class RegisterAccount(Wire):
    email: Line
    password: Annotated[Text, Field(max_length=512)]
    handle: Line
    display_name: Line
    locale: Literal["de", "en"] = "de"


class GetMe(Wire):
    pass


class GetUser(Wire):
    user: Id


class OpenSession(Wire):
    email: Line
    password: Annotated[Text, Field(max_length=512)]
    client: Annotated[Text, Field(max_length=80)] = ""


class RenewSession(Wire):
    refresh: Line


class RefreshSession(Wire):
    token: Annotated[Text, Field(max_length=2048)]


class ListSessions(Wire):
    pass


class RevokeSession(Wire):
    session: Id


class RevokeOtherSessions(Wire):
    pass
