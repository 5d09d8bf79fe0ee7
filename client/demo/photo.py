"""A photo as a phone takes it, with all that phones write into files; and looking for any of it in what is served."""

import io
from typing import Final

from PIL import Image, ImageDraw

CAMERA: Final = "Dorfphone 7"
LATITUDE, LONGITUDE = (47.0, 58.0, 48.13), (7.0, 51.0, 36.55)
"""Degrees, minutes, seconds."""
TRACES: Final = (CAMERA.encode(), b"Exif", b"EXIF", b"XMP ", b"http://ns.adobe.com", b"ICCP", b"GPS")
"""What would betray camera, place or time in a picture, as bytes."""

_GPS, _MAKE, _MODEL, _TAKEN, _COMMENT = 0x8825, 0x010F, 0x0110, 0x0132, 0x010E


def taken_photo() -> bytes:
    """A JPEG of a drill, 1600 by 1200, that names its camera and, to a few metres, the garage it was taken in."""
    picture = Image.new("RGB", (1600, 1200), "#cfd8cc")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 820, 1600, 1200), fill="#8a7560")
    draw.rounded_rectangle((360, 420, 1040, 640), 60, fill="#0f4c8a")
    draw.polygon(((560, 620), (760, 620), (700, 960), (500, 960)), fill="#16251d")
    draw.rectangle((1040, 480, 1180, 580), fill="#46564c")
    draw.rectangle((1180, 515, 1460, 545), fill="#b7c5bb")
    exif = Image.Exif()
    exif[_MAKE], exif[_MODEL], exif[_TAKEN] = CAMERA, CAMERA, "2026:06:27 10:00:00"
    exif[_COMMENT] = "Am Bächle 3"
    exif[_GPS] = {1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE}
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88, exif=exif, comment=CAMERA.encode())
    return file.getvalue()


def is_bare(picture: bytes) -> bool:
    """Whether a served picture holds nothing but pixels."""
    with Image.open(io.BytesIO(picture)) as opened:
        silent = not opened.getexif() and not ({"exif", "xmp", "icc_profile", "comment"} & opened.info.keys())
    return silent and not any(trace in picture for trace in TRACES)
