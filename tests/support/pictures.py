"""Pictures as people upload them, and things that only look like pictures."""

import io
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from PIL import Image, ImageCms, PngImagePlugin

CAMERA = b"KanarienKamera"
PLACE = b"KanarienOrt"
GPS = {1: "N", 2: (47.0, 58.0, 48.0), 3: "E", 4: (7.0, 51.0, 36.0)}
"""Latitude and longitude as cameras write them (EXIF 2.3, tag 0x8825)."""


def drawn(size: tuple[int, int] = (640, 480), colour: str = "#b0703a", mode: str = "RGB") -> Image.Image:
    """One colour, with a darker left half and a stripe at the top: it says which way up it is."""
    picture = Image.new("RGB", size, colour)
    picture.paste("#203040", (0, 0, size[0] // 2, size[1]))
    picture.paste("white", (0, 0, size[0], size[1] // 8))
    return picture.convert(mode)


def written(picture: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    """The file of a picture."""
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


@contextmanager
def upload(content: bytes) -> Iterator[BinaryIO]:
    """As the door hands it to the hub: a file without a name."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield cast("BinaryIO", file)


def photographed(kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """With everything a telling camera writes: make, place, comment, thumbnail, XMP and a colour profile."""
    picture = drawn()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x9286] = CAMERA.decode(), orientation, PLACE.decode()
    exif.get_ifd(0x8825).update({**GPS, 0x001C: PLACE})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CAMERA + PLACE + b"</x:xmpmeta>"
    more: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": profile()}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Make", CAMERA.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        more["pnginfo"] = text
    else:
        more["xmp"] = xmp
    if kind == "JPEG":
        more["comment"] = CAMERA + PLACE
    made = written(picture, kind, **more)
    return _with_thumbnail(made) if kind == "JPEG" else made


def profile() -> bytes:
    """A colour profile that names the camera."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made + CAMERA


def _with_thumbnail(jpeg: bytes) -> bytes:
    """A second, smaller JPEG in an APP segment behind the first, with the camera's name in a comment of its own."""
    small = written(drawn((160, 120)), "JPEG", comment=CAMERA)
    segment = b"JFXX\0\x10" + small
    return jpeg[:2] + b"\xff\xe0" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def huge_png(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than it has bytes; the data is a line of black that never ends."""
    data = zlib.compress(bytes(1_000_000), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_webp(width: int, height: int) -> bytes:
    """A WebP whose canvas (RFC 9649, VP8X) is larger than anybody's memory."""
    canvas = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def noted(text: str) -> PngImagePlugin.PngInfo:
    """Text for a PNG."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", text)
    return info


def text_bomb() -> bytes:
    """A PNG with compressed text that unpacks to a gigabyte."""
    plain = written(drawn(), "PNG")
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(1000)) + packer.flush()
    return plain[:33] + _chunk(b"zTXt", b"Comment\0\0" + packed) + plain[33:]


def moving(kind: str) -> bytes:
    """Two frames."""
    first, second = drawn(), drawn(colour="#3070b0")
    return written(first, kind, save_all=True, append_images=[second], duration=100, loop=0)
