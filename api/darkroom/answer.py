"""What the limited process answered, read as if a stranger had written it: a picture may have taken it over."""

import hashlib
from typing import Annotated, BinaryIO, Final

from pydantic import Field, ValidationError

from api.wire import Wire
from hub.errors import Invalid
from hub.photo import MAX_PIXELS, SIZES, Copy
from hub.ports import Developed

LONGEST_LINE: Final = 4096
Pixels = Annotated[int, Field(ge=1, le=MAX_PIXELS)]


class File(Wire):
    size: int
    width: Pixels
    height: Pixels
    bytes: Annotated[int, Field(ge=12)]


class Facts(Wire):
    width: Pixels
    height: Pixels
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    dhash: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    copies: tuple[File, ...]


class Answer(Wire):
    """Either what the photo is, or why there is none."""

    refused: str = ""
    facts: Facts | None = None


def read_answer(file: BinaryIO) -> Developed:
    """The photo with its copies. ``Invalid("photo_unreadable" | "photo_animated" | "photo_too_many_pixels")``."""
    file.seek(0)
    try:
        answer = Answer.model_validate_json(file.readline(LONGEST_LINE))
    except ValidationError:
        raise refusal("no answer") from None
    if answer.facts is None:
        raise refusal(answer.refused)
    facts = answer.facts
    copies = tuple(_copy(copy, file.read(copy.bytes)) for copy in facts.copies)
    if tuple(copy.size for copy, _ in copies) != SIZES:
        raise refusal("other copies")
    return Developed(facts.width, facts.height, facts.colour, facts.dhash, copies)


def refusal(why: str) -> Invalid:
    """The hub's word for it; whatever else went wrong, this file is not to be tried again."""
    match why:
        case "photo_animated":
            return Invalid("photo_animated")
        case "photo_too_many_pixels":
            return Invalid("photo_too_many_pixels", {"max": MAX_PIXELS})
        case _:
            return Invalid("photo_unreadable")


def _copy(told: File, content: bytes) -> tuple[Copy, bytes]:
    """Nothing but a WebP file of the length it says (RFC 9649: a RIFF header that counts what follows)."""
    counted = int.from_bytes(content[4:8], "little") + 8
    if content[:4] != b"RIFF" or content[8:16] != b"WEBPVP8 " or not counted == told.bytes == len(content):
        raise refusal("no WebP")
    digest = hashlib.sha256(content).hexdigest()
    return Copy(told.size, told.width, told.height, told.bytes, digest), content
