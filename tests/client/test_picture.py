"""Pictures are drawn anew before they are sent: upright, of bearable size, and silent about where they were taken."""

from pathlib import Path

import pytest
from PIL import Image

from client.errors import NotPossible
from client.picture import SIDE, THUMB_SIDE, drawn_anew

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def taken(path: Path, size: tuple[int, int] = (3000, 2000)) -> Path:
    """As a telephone takes it: on its side, with maker and place."""
    picture, exif = Image.new("RGB", size, "green"), Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Sentinelkamera"
    exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    picture.save(path, "JPEG", exif=exif)
    return path


def test_what_the_camera_wrote_stays_at_home(tmp_path: Path) -> None:
    source = taken(tmp_path / "foto.jpg")
    assert b"Sentinelkamera" in source.read_bytes()
    drawn = drawn_anew(source, tmp_path)
    for made in (drawn.whole, drawn.thumb):
        assert b"Sentinelkamera" not in made.read_bytes()
        with Image.open(made) as picture:
            assert dict(picture.getexif()) == {}
    assert (drawn.mime, drawn.sides) == ("image/jpeg", (round(SIDE * 2 / 3), SIDE))
    with Image.open(drawn.thumb) as small:
        assert max(small.size) == THUMB_SIDE


def test_what_can_be_seen_through_stays_so(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(tmp_path / "klar.png")
    drawn = drawn_anew(tmp_path / "klar.png", tmp_path)
    with Image.open(drawn.whole) as picture:
        assert (picture.mode, picture.size, drawn.mime) == ("RGBA", (20, 10), "image/png")


def test_a_picture_that_is_none_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "kaputt.jpg").write_bytes(b"\xff\xd8 und dann nichts")
    with pytest.raises(NotPossible):
        drawn_anew(tmp_path / "kaputt.jpg", tmp_path)
