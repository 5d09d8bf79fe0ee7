"""Whatever is uploaded, four plain WebP files come out, or a word about what is wrong with it."""

import io
import math
import random
import struct
from typing import Any

import pytest
from PIL import Image

from api.darkroom.process import ProcessDarkroom
from hub.errors import HubError
from hub.photo import MAX_PIXELS, SIZES
from hub.ports import Developed
from tests.support import pictures
from tests.support.pictures import CAMERA, PLACE, drawn, photographed, upload, written

HTML = b"<html><script>alert(document.domain)</script></html>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
ZIP = b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)


@pytest.fixture(scope="module")
def darkroom() -> ProcessDarkroom:
    return ProcessDarkroom(1)


async def developed(darkroom: ProcessDarkroom, content: bytes) -> Developed:
    with upload(content) as file:
        return await darkroom.develop(file)


async def refusal(darkroom: ProcessDarkroom, content: bytes) -> str:
    with pytest.raises(HubError) as caught:
        await developed(darkroom, content)
    return caught.value.code


def shown(found: Developed, size: int = 1600) -> Image.Image:
    content = next(content for copy, content in found.copies if copy.size == size)
    return Image.open(io.BytesIO(content), formats=["WEBP"])


def chunks(webp: bytes) -> list[bytes]:
    """The names of the chunks of a WebP file (RFC 9649)."""
    names, at = [], 12
    while at < len(webp):
        names.append(webp[at : at + 4])
        (length,) = struct.unpack_from("<I", webp, at + 4)
        at += 8 + length + length % 2
    assert at == len(webp)
    return names


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_nothing_is_left_of_what_the_camera_wrote(kind: str, darkroom: ProcessDarkroom) -> None:
    original = photographed(kind)
    assert CAMERA in original
    assert PLACE in original
    found = await developed(darkroom, original)
    for _, content in found.copies:
        assert chunks(content) == [b"VP8 "]
        assert not any(told in content for told in (CAMERA, PLACE, b"Exif", b"xmp", b"ICC", b"http"))
    assert not dict(shown(found).getexif())


async def test_the_copies_are_as_large_as_they_say(darkroom: ProcessDarkroom) -> None:
    found = await developed(darkroom, written(drawn((2000, 1000))))
    assert (found.width, found.height) == (2000, 1000)
    assert [(copy.size, copy.width, copy.height) for copy, _ in found.copies] == [
        (1600, 1600, 800), (800, 800, 400), (400, 400, 200), (160, 160, 80)]  # fmt: skip
    for copy, content in found.copies:
        assert copy.bytes == len(content)
        assert shown(found, copy.size).size == (copy.width, copy.height)


async def test_nothing_is_enlarged(darkroom: ProcessDarkroom) -> None:
    found = await developed(darkroom, written(drawn((300, 200)), "PNG"))
    assert [copy.width for copy, _ in found.copies] == [300, 300, 300, 160]


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (16, 9)])
async def test_odd_shapes_are_photos_too(size: tuple[int, int], darkroom: ProcessDarkroom) -> None:
    found = await developed(darkroom, written(Image.new("RGB", size, "red"), "PNG"))
    assert (found.width, found.height) == size
    assert all(copy.width >= 1 and copy.height >= 1 for copy, _ in found.copies)


@pytest.mark.parametrize(
    ("orientation", "size", "bright"),
    [(1, (640, 480), (320, 5)), (3, (640, 480), (320, 474)), (6, (480, 640), (474, 320)), (8, (480, 640), (5, 320))],
)
async def test_it_is_the_right_way_up(
    orientation: int, size: tuple[int, int], bright: tuple[int, int], darkroom: ProcessDarkroom
) -> None:
    found = await developed(darkroom, photographed(orientation=orientation))
    assert (found.width, found.height) == shown(found).size == size
    assert min(colour_at(found, bright)) > 230


def colour_at(found: Developed, place: tuple[int, int]) -> tuple[int, ...]:
    pixel = shown(found).convert("RGB").getpixel(place)
    assert isinstance(pixel, tuple)
    return tuple(map(int, pixel))


@pytest.mark.parametrize(
    "kind", ["JPEG L", "JPEG CMYK", "PNG L", "PNG LA", "PNG P", "PNG RGBA", "PNG I;16", "WEBP RGBA"]
)
async def test_every_kind_of_pixel_is_read(kind: str, darkroom: ProcessDarkroom) -> None:
    file, mode = kind.split()
    grey = Image.new("I;16", (64, 64), 200 * 257) if mode == "I;16" else Image.new("RGB", (64, 64), "#c8c8c8")
    found = await developed(darkroom, written(grey if mode == "I;16" else grey.convert(mode), file))
    assert all(abs(part - 200) < 12 for part in colour_at(found, (32, 32)))


async def test_what_is_transparent_is_white(darkroom: ProcessDarkroom) -> None:
    found = await developed(darkroom, written(Image.new("RGBA", (64, 64), (200, 0, 0, 0)), "PNG"))
    assert min(colour_at(found, (32, 32))) > 250


async def test_a_colour_profile_is_applied_before_it_goes(darkroom: ProcessDarkroom) -> None:
    """A picture whose profile swaps nothing keeps its colours; a broken profile is none."""
    for profile in (pictures.profile(), b"broken"):
        found = await developed(darkroom, written(Image.new("RGB", (64, 64), "#b0703a"), "PNG", icc_profile=profile))
        assert math.dist(colour_at(found, (32, 32)), (0xB0, 0x70, 0x3A)) < 8


async def test_the_colour_is_the_most_common_one(darkroom: ProcessDarkroom) -> None:
    picture = Image.new("RGB", (300, 200), "#2f6f4f")
    picture.paste("white", (0, 0, 300, 60))
    found = await developed(darkroom, written(picture, "PNG"))
    assert math.dist(bytes.fromhex(found.colour[1:]), (0x2F, 0x6F, 0x4F)) < 12


def distance(one: Developed, other: Developed) -> int:
    return (int(one.dhash, 16) ^ int(other.dhash, 16)).bit_count()


async def test_pictures_that_look_alike_have_hashes_that_are_close(darkroom: ProcessDarkroom) -> None:
    dice = random.Random(7)
    first, second = [
        Image.frombytes("RGB", (9, 8), dice.randbytes(216)).resize((900, 800), Image.Resampling.BICUBIC)
        for _ in range(2)
    ]
    original = await developed(darkroom, written(first, "PNG"))
    smaller = await developed(darkroom, written(first.resize((450, 400)), "JPEG", quality=40))
    other = await developed(darkroom, written(second, "PNG"))
    assert len(original.dhash) == 16
    assert distance(original, smaller) <= 4
    assert distance(original, other) > 16


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "photo_unreadable"),
    "text": (b"hello", "photo_unreadable"),
    "SVG": (SVG, "photo_unreadable"),
    "SVG in XML": (b"<?xml version='1.0'?>" + SVG, "photo_unreadable"),
    "HTML": (HTML, "photo_unreadable"),
    "a zip": (ZIP, "photo_unreadable"),
    "a BMP": (written(drawn(), "BMP"), "photo_unreadable"),
    "a TIFF": (written(drawn(), "TIFF"), "photo_unreadable"),
    "a PDF": (written(drawn(), "PDF"), "photo_unreadable"),
    "an ICO": (written(drawn((64, 64)), "ICO"), "photo_unreadable"),
    "a GIF": (written(drawn(), "GIF"), "photo_unreadable"),
    "a moving GIF": (pictures.moving("GIF"), "photo_unreadable"),
    "a moving PNG": (pictures.moving("PNG"), "photo_animated"),
    "a moving WebP": (pictures.moving("WEBP"), "photo_animated"),
    "a PNG of 50,000 x 50,000": (pictures.huge_png(50_000, 50_000), "photo_too_many_pixels"),
    "a PNG of one pixel too many": (pictures.huge_png(MAX_PIXELS + 1, 1), "photo_too_many_pixels"),
    "a PNG with the largest numbers": (pictures.huge_png(2**31 - 1, 2**31 - 1), "photo_too_many_pixels"),
    "a WebP of 16,384 x 16,384": (pictures.huge_webp(16_384, 16_384), "photo_too_many_pixels"),
    "a PNG with less than it says": (pictures.huge_png(6_000, 6_000), "photo_unreadable"),
    "text that unpacks to a gigabyte": (pictures.text_bomb(), "photo_unreadable"),
    "the beginning of a JPEG": (photographed()[:2], "photo_unreadable"),
    "half a JPEG": (written(drawn((800, 600)))[:-600], "photo_unreadable"),
    "half a PNG": (written(drawn(), "PNG")[:200], "photo_unreadable"),
    "half a WebP": (written(drawn(), "WEBP")[:-40], "photo_unreadable"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_no_photo_is_refused_with_a_clear_word(what: str, darkroom: ProcessDarkroom) -> None:
    content, code = REFUSED[what]
    assert await refusal(darkroom, content) == code


POLYGLOTS: dict[str, bytes] = {
    "a JPEG with HTML behind it": written(drawn()) + HTML,
    "a JPEG with HTML in its comment": written(drawn(), comment=HTML),
    "a PNG with a zip behind it": written(drawn(), "PNG") + ZIP + HTML,
    "a PNG with script in its text": written(drawn(), "PNG", pnginfo=pictures.noted(HTML.decode())),
    "a WebP with a zip behind it": written(drawn(), "WEBP") + ZIP + HTML,
}


@pytest.mark.parametrize("what", POLYGLOTS)
async def test_of_a_file_that_is_two_things_only_the_picture_is_kept(what: str, darkroom: ProcessDarkroom) -> None:
    found = await developed(darkroom, POLYGLOTS[what])
    for _, content in found.copies:
        assert chunks(content) == [b"VP8 "]
        assert not any(part in content for part in (b"script", b"html", b"PK\x03\x04"))


async def test_of_a_jpeg_with_several_pictures_the_first_is_the_photo(darkroom: ProcessDarkroom) -> None:
    both = written(drawn(), "MPO", save_all=True, append_images=[drawn((64, 64), "#ff0000")])
    found = await developed(darkroom, both)
    assert (found.width, found.height) == (640, 480)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_spoiled_files_end_in_a_word_or_a_photo(kind: str, darkroom: ProcessDarkroom) -> None:
    """Some bytes of a real file turned over, again and again from one seed."""
    dice, original = random.Random(kind), photographed(kind)
    for _ in range(6):
        spoiled = bytearray(original)
        for _ in range(dice.randint(1, 40)):
            spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
        try:
            found: Any = await developed(darkroom, bytes(spoiled))
            assert [copy.size for copy, _ in found.copies] == list(SIZES)
        except HubError as error:
            assert error.code in {"photo_unreadable", "photo_animated", "photo_too_many_pixels"}  # noqa: PT017
