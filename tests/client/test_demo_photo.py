"""The demo's photo knows too much on purpose, and the demo would notice if any of it were served."""

import io

from PIL import Image

from client.demo.photo import CAMERA, is_bare, taken_photo


def test_the_photo_that_is_uploaded_names_camera_and_place() -> None:
    photo = taken_photo()
    with Image.open(io.BytesIO(photo)) as opened:
        exif = opened.getexif()
        assert exif[0x010F] == CAMERA
        assert exif.get_ifd(0x8825)[2] == (47.0, 58.0, 48.13)
    assert not is_bare(photo)


def test_only_pixels_are_bare() -> None:
    plain, telling = io.BytesIO(), io.BytesIO()
    with Image.open(io.BytesIO(taken_photo())) as opened:
        opened.save(plain, "WEBP")
        opened.save(telling, "WEBP", exif=opened.getexif())
    assert is_bare(plain.getvalue())
    assert not is_bare(telling.getvalue())
