"""From the bytes of an upload to four plain WebP files. Runs only in the limited process; knows nothing of the hub."""

import io
import warnings
from contextlib import suppress
from typing import Any, BinaryIO, Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError, WebPImagePlugin

FORMATS: Final = ("JPEG", "PNG", WebPImagePlugin.WebPImageFile.format)
QUALITY: Final = 80
ORIENTATION: Final = 0x0112
SIDEWAYS: Final = frozenset({5, 6, 7, 8})
"""EXIF orientations that swap width and height (TIFF 6.0, tag 274)."""


class Refused(Exception):
    """``code`` is one of the hub's refusals."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def develop(file: BinaryIO, sizes: tuple[int, ...], max_pixels: int) -> tuple[dict[str, Any], list[bytes]]:
    """What the photo is and its copies, largest first. ``Refused``, or whatever a decoder fails with."""
    opened = _opened(file, max_pixels)
    whole = _upright(opened.size, opened)
    largest = _clean(_shrunk(opened, sizes[0]))
    pictures = [largest, *(_smaller(largest, size) for size in sizes[1:])]
    files = [_webp(picture) for picture in pictures]
    facts = {
        "width": whole[0],
        "height": whole[1],
        "colour": _colour(pictures[-1]),
        "dhash": _dhash(pictures[-1]),
        "copies": [_facts(*copy) for copy in zip(sizes, pictures, files, strict=True)],
    }
    return facts, files


def _opened(file: BinaryIO, max_pixels: int) -> Image.Image:
    """Known by its content, counted before it is decoded, and one picture."""
    head = file.read(30)
    file.seek(0)
    if _webp_pixels(head) > max_pixels:
        raise Refused("photo_too_many_pixels")
    Image.MAX_IMAGE_PIXELS = max_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        opened = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("photo_too_many_pixels") from None
    except UnidentifiedImageError:
        raise Refused("photo_unreadable") from None
    # Phones write a JPEG with a second picture (MPO), a depth map or a brighter version: the first is the photo.
    if opened.format != "MPO" and getattr(opened, "is_animated", False):
        raise Refused("photo_animated")
    return opened


def _webp_pixels(head: bytes) -> int:
    """Width times height by the header (RFC 9649 section 2): Pillow makes room for them as soon as it opens one."""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:  # noqa: PLR2004 - up to the last field
        return 0
    width, height = _webp_size(head)
    return width * height


def _webp_size(head: bytes) -> tuple[int, int]:
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case _:
            return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def _upright(size: tuple[int, int], opened: Image.Image) -> tuple[int, int]:
    return size[::-1] if _orientation(opened) in SIDEWAYS else size


def _orientation(opened: Image.Image) -> int:
    with suppress(Exception):  # metadata may be anything; without it the picture is as it is
        return int(opened.getexif().get(ORIENTATION, 1))
    return 1


def _shrunk(opened: Image.Image, size: int) -> Image.Image:
    """At most ``size`` pixels long; a JPEG is not even decoded larger than it takes."""
    picture = _eight_bit(opened)
    picture.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    with suppress(Exception):  # as above
        return ImageOps.exif_transpose(picture)
    return picture


def _eight_bit(opened: Image.Image) -> Image.Image:
    if opened.mode.startswith(("I", "F")):  # 16 bits of grey, which `convert` would cut off instead of scaling
        return opened.point(lambda value: value * (1 / 257)).convert("L")
    if opened.mode in {"1", "P", "PA", "LA"} or "transparency" in opened.info:
        return opened.convert("RGBA")
    return opened


def _clean(picture: Image.Image) -> Image.Image:
    """SRGB on white in a new image, which has nothing of the old one but its pixels."""
    if picture.mode == "RGBA":
        plain = Image.new("RGBA", picture.size, "white")
        plain.alpha_composite(picture)
        plain.info["icc_profile"] = picture.info.get("icc_profile")
        picture = plain.convert("RGB")
    clean = Image.new("RGB", picture.size)
    clean.paste(_srgb(picture))
    return clean


def _srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if profile:
        with suppress(Exception):  # a profile that cannot be used is none
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
    return picture.convert("RGB")


def _smaller(picture: Image.Image, size: int) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return copy


def _webp(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return written.getvalue()


def _facts(size: int, picture: Image.Image, file: bytes) -> dict[str, Any]:
    return {"size": size, "width": picture.width, "height": picture.height, "bytes": len(file)}


def _colour(picture: Image.Image) -> str:
    """The most common of eight colours."""
    few = picture.quantize(8, Image.Quantize.FASTOCTREE)
    counts = few.histogram()
    most = counts.index(max(counts))
    red, green, blue = (few.getpalette() or [])[3 * most : 3 * most + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _dhash(picture: Image.Image) -> str:
    """Difference hash (N. Krawetz 2013): 8 rows of 9 greys, and whether each is brighter than the one before."""
    greys = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    brighter = [greys[row * 9 + x + 1] > greys[row * 9 + x] for row in range(8) for x in range(8)]
    return f"{sum(bit << place for place, bit in enumerate(brighter)):016x}"
