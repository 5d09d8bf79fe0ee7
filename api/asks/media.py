"""What the acts of photos take on the wire."""

from typing import Annotated

from pydantic import Field

from api.field import Id, Text
from api.wire import Wire
from hub.photo import MAX_ALT


class AddPhoto(Wire):
    alt: Annotated[Text, Field(max_length=MAX_ALT)] = ""


class GetPhoto(Wire):
    media: Id


class DeletePhoto(Wire):
    media: Id
