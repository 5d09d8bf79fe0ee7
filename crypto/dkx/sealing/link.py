"""Linking a new device (N) by a code that an existing one (E) scans: what the code says, and the key both get."""

import secrets
import struct
from dataclasses import dataclass, field
from typing import Self

from crypto import b64
from crypto.dkx.devlist import DevList
from crypto.dkx.error import LinkError
from crypto.dkx.primitive import ZEROS32, h32, h64, is_box_key, is_signing_key, label, pack
from crypto.dkx.sealing.keys import BoxKey

_PREFIX = "dk1:"
_LAYOUT = struct.Struct(">16s32s32s32s32s")
_LINK = label("link")
_LINKDH = label("linkdh")


@dataclass(frozen=True, slots=True)
class NewKeys:
    """What the new device brings: the id of this linking, its two device keys and an ephemeral one."""

    link: bytes
    dsk: bytes
    dbk: bytes
    eph: bytes

    def __post_init__(self) -> None:
        if not (is_signing_key(self.dsk) and is_box_key(self.dbk) and is_box_key(self.eph)):
            raise LinkError("a key of the new device is no good key")


@dataclass(frozen=True, slots=True)
class LinkCode:
    """The text of the QR code. Whoever sees it may link: it is shown for 5 minutes and used once."""

    keys: NewKeys
    secret: bytes = field(repr=False)

    @classmethod
    def make(cls, keys: NewKeys) -> Self:
        return cls(keys, secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a scanned code, or raise ``LinkError``: a secret of zeros would make it a linking without a code."""
        raw = _decode(text)
        if len(raw) != _LAYOUT.size:
            raise LinkError("another length")
        *keys, secret = _LAYOUT.unpack(raw)
        if secret == ZEROS32:
            raise LinkError("no secret")
        return cls(NewKeys(*keys), secret)

    def text(self) -> str:
        """What the QR code holds: never a web address, so that no camera app opens it."""
        keys = self.keys
        return _PREFIX + b64.encode(pack(_LAYOUT, keys.link, keys.dsk, keys.dbk, keys.eph, self.secret))

    def key_of_existing(self, own: BoxKey) -> bytes:
        """The key as E gets it, with a fresh ephemeral key of its own whose public half N is told."""
        return link_key(self.keys, own.agree(self.keys.eph), own.public, self.secret)

    def key_of_new(self, own: BoxKey, e_eph: bytes) -> bytes:
        """The key as N gets it, once E's ephemeral key is there."""
        return link_key(self.keys, own.agree(e_eph), e_eph, self.secret)


def link_key(new: NewKeys, shared: bytes, e_eph: bytes, secret: bytes = ZEROS32) -> bytes:
    """K of e2ee.md §7: bound to every key of both sides; ``secret`` is zeros when digits are compared."""
    named = new.link + new.dsk + new.dbk + new.eph + e_eph
    return h32(_LINK + named, key=h64(_LINKDH + shared + secret))


def check_linked(devlist: DevList, account: bytes, device: bytes, new: NewKeys) -> None:
    """Whether the list E published is of the account expected and holds this very device; else ``LinkError``."""
    row = devlist.device(device)
    if devlist.account != account or row is None or (row.dsk, row.dbk) != (new.dsk, new.dbk):
        raise LinkError("this device does not stand in the list it was promised")


def _decode(text: str) -> bytes:
    if not text.startswith(_PREFIX):
        raise LinkError("not a linking code")
    try:
        return b64.decode(text.removeprefix(_PREFIX))
    except b64.Base64Error as error:
        raise LinkError("not base64url") from error
