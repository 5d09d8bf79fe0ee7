"""Rows of the table: photos."""

from typing import Final

from api.asks import media as asks
from api.limit import Limit
from api.protocol.act import READ, WRITE, Raw, act
from api.views import media as views
from api.views.common import nothing
from hub.photo import MAX_UPLOAD
from hub.usecases import photos

ACTS: Final = (
    act("media:upload", "POST /v1/media", asks.AddPhoto, photos.add_photo, ("member",),
        (Limit("upload", 120, 3600, "user"),), views.photo,
        "Keep a photo: a JPEG, PNG or WebP as the body, up to 10 MB, 40 megapixels and one frame. Nothing that is "
        "written in the file stays but its pixels.",
        doors="http", status=201, fills=("upload",), raw=Raw(MAX_UPLOAD, ("image/jpeg", "image/png", "image/webp"))),
    act("media:get", "GET /v1/media/{media}", asks.GetPhoto, photos.get_photo, ("member",), (READ,), views.photo,
        "One's own photo, or one that a public thing shows."),
    act("media:delete", "DELETE /v1/media/{media}", asks.DeletePhoto, photos.delete_photo, ("member",), (WRITE,),
        nothing, "Delete one's own photo, which no thing shows any more."),
)  # fmt: skip
