"""What a message says, by content type: typed, and one strict parser for its JSON (e2ee.md §5).

The bytes are canonical like an agreement's, but texts are free. That an edit or deletion comes from the author of what
it changes is for the reader to check: only it knows both.
"""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from crypto import b64
from crypto.dkx import jcs
from crypto.dkx.dkf1 import MAX_SIZE
from crypto.dkx.error import ContentError, DkxError
from crypto.dkx.rest import MAX_BODY, ContentType
from crypto.dkx.shape import Reader, based, hexed, integer, one_of, read, text

_REF = hexed(16)
_TEXT = text(0, MAX_BODY)
_BLOB: dict[str, Reader] = {"b2": hexed(32), "id": hexed(16), "key": based(32), "size": integer(0, MAX_SIZE)}
_MIME = text(3, 127, r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_NAME = text(1, 255, r"[^\x00-\x1f\x7f/\\]+")
_URL = text(8, 2048, r"https?://[^\x00-\x20\x7f]+")
_SIDE = integer(0, 65535)
_LATITUDE, _LONGITUDE = integer(-900_000, 900_000), integer(-1_800_000, 1_800_000)
_REFERRED = one_of("offer", "agreement", "amendment", "return", "withdrawal")


@dataclass(frozen=True, slots=True)
class Blob:
    """A sealed file at the hub: its key, the hash of its sealed bytes, its size before padding."""

    id: bytes
    key: bytes = field(repr=False)
    b2: bytes
    size: int


def _blob(value: Any) -> Blob:
    return Blob(**read(value, _BLOB))


@dataclass(frozen=True, slots=True)
class Content:
    """One body. The fields of a subclass are those of its JSON; None is left out."""

    ctype: ClassVar[ContentType]

    def to_bytes(self) -> bytes:
        """The body; what ``parse`` would refuse is refused here too."""
        raw = jcs.write(_json(self))
        parse(self.ctype, raw)
        return raw


@dataclass(frozen=True, slots=True)
class Text(Content):
    """``reply_to`` and every ``ref`` is the envhash of another message: a cid is no name, others can use it too."""

    ctype = ContentType.TEXT
    t: str
    reply_to: bytes | None = None


@dataclass(frozen=True, slots=True)
class Edit(Content):
    ctype = ContentType.EDIT
    ref: bytes
    t: str


@dataclass(frozen=True, slots=True)
class Delete(Content):
    """Takes back a message or a reaction of one's own."""

    ctype = ContentType.DELETE
    ref: bytes


@dataclass(frozen=True, slots=True)
class Reaction(Content):
    """``e`` is an emoji of at most 64 bytes."""

    ctype = ContentType.REACTION
    ref: bytes
    e: str


@dataclass(frozen=True, slots=True)
class File(Content):
    """An attachment: where it is, what opens it, what it is; ``w`` and ``h`` in pixels, 0 for what is no picture."""

    ctype = ContentType.FILE
    id: bytes
    key: bytes = field(repr=False)
    b2: bytes
    size: int
    mime: str
    name: str
    w: int
    h: int
    thumb: Blob | None = None


@dataclass(frozen=True, slots=True)
class AgreementRef(Content):
    """Points to an offer or agreement by its digest; its words are the hub's, which both sides can read."""

    ctype = ContentType.AGREEMENT
    digest: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Location(Content):
    """A place the person chose to share, rounded to ten-thousandths of a degree: about 11 m."""

    ctype = ContentType.LOCATION
    lat_e4: int
    lon_e4: int


@dataclass(frozen=True, slots=True)
class Preview(Content):
    """A link as its sender saw it: readers fetch nothing from there."""

    ctype = ContentType.PREVIEW
    url: str
    title: str
    img: Blob | None = None


@dataclass(frozen=True, slots=True)
class BotText(Content):
    """What a bot says, shown as such."""

    ctype = ContentType.BOT
    t: str
    reply_to: bytes | None = None


@dataclass(frozen=True, slots=True)
class Dummy(Content):
    """Nothing: hides when somebody writes, and is never shown."""

    ctype = ContentType.DUMMY


_Fields = dict[str, Reader]
_SAYS: _Fields = {"t": _TEXT}
_ANSWERS: _Fields = {"reply_to": _REF}
_KINDS: dict[ContentType, tuple[type[Content], _Fields, _Fields]] = {
    ContentType.TEXT: (Text, _SAYS, _ANSWERS),
    ContentType.EDIT: (Edit, {"ref": _REF, "t": _TEXT}, {}),
    ContentType.DELETE: (Delete, {"ref": _REF}, {}),
    ContentType.REACTION: (Reaction, {"e": text(1, 64), "ref": _REF}, {}),
    ContentType.FILE: (File, {**_BLOB, "h": _SIDE, "mime": _MIME, "name": _NAME, "w": _SIDE}, {"thumb": _blob}),
    ContentType.AGREEMENT: (AgreementRef, {"digest": hexed(32), "kind": _REFERRED}, {}),
    ContentType.LOCATION: (Location, {"lat_e4": _LATITUDE, "lon_e4": _LONGITUDE}, {}),
    ContentType.PREVIEW: (Preview, {"title": text(0, 1024), "url": _URL}, {"img": _blob}),
    ContentType.BOT: (BotText, _SAYS, _ANSWERS),
    ContentType.DUMMY: (Dummy, {}, {}),
}
"""The class of each type, its required and its optional fields."""


def parse(ctype: ContentType, raw: bytes) -> Content:
    """Read the body of a message of this type strictly, or raise ``ContentError``."""
    kind, required, optional = _KINDS[ctype]
    try:
        return kind(**read(jcs.parse_body(raw), required, optional))
    except DkxError as error:
        raise ContentError(f"{ctype.name.lower()}: {error}") from error


def _json(value: Content | Blob) -> dict[str, Any]:
    found = {each.name: getattr(value, each.name) for each in fields(value)}
    return {name: _written(name, said) for name, said in found.items() if said is not None}


def _written(name: str, said: Any) -> Any:
    if isinstance(said, Blob):
        return _json(said)
    if isinstance(said, bytes):
        return b64.encode(said) if name == "key" else said.hex()
    return said
