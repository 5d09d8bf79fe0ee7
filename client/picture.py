"""Pictures before they leave: drawn anew, so that nothing the camera wrote beside the pixels goes along."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from client.errors import NotPossible

KINDS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""What is drawn anew; any other file is sent as it is."""
SIDE: Final = 2560
THUMB_SIDE: Final = 480
"""Longer sides in pixels, as browsers of the hub send them."""
QUALITY: Final = 85


@dataclass(frozen=True, slots=True)
class Drawn:
    """Files that the caller removes; ``sides`` are width and height in pixels."""

    whole: Path
    thumb: Path
    mime: str
    sides: tuple[int, int]


def drawn_anew(path: Path, folder: Path) -> Drawn:
    """The picture and a small one in ``folder``, upright, without EXIF, GPS, XMP, text and colour profile.

    NotPossible for what cannot be opened: it is not sent, for nobody knows what it holds.
    """
    try:
        with Image.open(path) as found:
            kind = found.format or ""
            upright = ImageOps.exif_transpose(found)
            whole = _write(upright, SIDE, kind, folder / "whole")
            _write(upright, THUMB_SIDE, "WEBP", folder / "thumb")
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise NotPossible("a picture that cannot be opened") from error
    mime = next(name for name, known in KINDS.items() if known == kind)
    return Drawn(folder / "whole", folder / "thumb", mime, whole)


def _write(picture: Image.Image, side: int, kind: str, target: Path) -> tuple[int, int]:
    """Only the pixels go into a fresh picture."""
    small = picture.copy()
    small.thumbnail((side, side))
    mode = "RGBA" if small.has_transparency_data and kind != "JPEG" else "RGB"
    bare = Image.new(mode, small.size)
    bare.paste(small.convert(mode))
    bare.save(target, kind, quality=QUALITY)
    return bare.size
