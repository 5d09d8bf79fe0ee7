"""What is shown of an encrypted attachment: how much there is of it."""

from api.views.common import View
from hub.file import File


def file(shown: File) -> View:
    return {"id": shown.id, "room": shown.message.room, "size": shown.size, "offset": shown.offset}
