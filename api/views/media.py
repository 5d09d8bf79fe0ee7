"""What is shown of photos: where their copies are, and what stands in for them until one is loaded."""

from api.views.common import View, milliseconds
from hub.photo import Copy, Photo


def picture(shown: Photo) -> View:
    """A photo of a thing, as anybody may see it."""
    return {
        "id": shown.id,
        "width": shown.width,
        "height": shown.height,
        "colour": shown.colour,
        "alt": shown.alt,
        "sizes": [_copy(shown, copy) for copy in shown.copies],
    }


def photo(shown: Photo) -> View:
    """The same with what its owner may want to know."""
    more = {"hash": shown.dhash, "bytes": shown.bytes, "created_at": milliseconds(shown.created_at)}
    return picture(shown) | more


def _copy(shown: Photo, copy: Copy) -> View:
    url = f"/media/{shown.id}-{copy.size}.webp"
    return {"size": copy.size, "width": copy.width, "height": copy.height, "url": url}
