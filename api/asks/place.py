"""What the acts of places take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.field import Degrees, Id, SafeInt, Text
from api.wire import Wire

Hour = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Date = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Window(Wire):
    dow: Annotated[SafeInt, Field(ge=1, le=7)]
    opens: Hour
    closes: Hour


class SpecialDay(Wire):
    date: Date
    opens: Hour | None = None
    closes: Hour | None = None


class NewPlace(Wire):
    label: Annotated[Text, Field(max_length=80)]
    address: Annotated[Text, Field(max_length=400)]
    lat: Degrees
    lon: Degrees
    kind: Literal["home", "workshop", "club", "shop", "other"] = "home"
    windows: Annotated[list[Window], Field(max_length=28, default_factory=list)]
    exceptions: Annotated[list[SpecialDay], Field(max_length=60, default_factory=list)]
    instructions: Annotated[Text, Field(max_length=2000)] = ""


class CreatePlace(NewPlace):
    pass


class UpdatePlace(NewPlace):
    place: Id
    expected_rev: SafeInt


class ListPlaces(Wire):
    pass


class DeletePlace(Wire):
    place: Id
