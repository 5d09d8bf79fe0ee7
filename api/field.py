"""Types of wire fields: strict, bounded and clean, so that nothing odd reaches the hub or a driver (security.md Z5)."""

import re
import unicodedata
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from crypto import b64

MAX_SAFE = 2**53 - 1
"""The largest integer every JSON reader keeps exact (RFC 8259 section 6)."""
MAX_U32 = 2**32 - 1

_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
_HEX_ID = re.compile(r"[0-9a-f]{32}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "must be a string")
    return value


def _from_base64(value: Any) -> bytes:
    try:
        return b64.decode(_text(value))
    except b64.Base64Error:
        raise PydanticCustomError("base64url", "must be base64url without padding") from None


def _from_hex(value: Any) -> bytes:
    if not _HEX_ID.fullmatch(_text(value)):
        raise PydanticCustomError("id", "must be 32 lower-case hex digits")
    return bytes.fromhex(value)


def _minute(value: Any) -> datetime:
    text = _text(value)
    with suppress(ValueError):
        if _MINUTE.fullmatch(text):
            return datetime.fromisoformat(text)
    raise PydanticCustomError("minute", "must be a whole minute like 2026-07-04T08:00:00Z")


def _second(value: Any) -> datetime:
    text = _text(value)
    with suppress(ValueError):
        if _SECOND.fullmatch(text):
            return datetime.fromisoformat(text)
    raise PydanticCustomError("second", "must be a whole second like 2026-07-04T08:00:30Z")


def _whole(value: Any) -> Any:
    """JSON Schema says that 145078.0 is an integer; a client that writes it so is right."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _clean(value: str) -> str:
    if _UNSTORABLE.search(value):
        raise PydanticCustomError("text", "must not contain NUL or a lone surrogate")
    return unicodedata.normalize("NFC", value)


Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""An id stays text: 32 lower-case hex digits."""
HexBytes = Annotated[bytes, BeforeValidator(_from_hex), WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{32}$"})]
"""An id that the hub compares with bytes of an envelope."""
B64 = Annotated[bytes, BeforeValidator(_from_base64), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]*$"})]
Bytes32 = Annotated[B64, Field(min_length=32, max_length=32)]
Bytes64 = Annotated[B64, Field(min_length=64, max_length=64)]
Document = Annotated[B64, Field(min_length=1, max_length=2048)]
"""A signed document of DKX-1; the largest, a device list of ten, has 1,011 bytes."""
Text = Annotated[str, AfterValidator(_clean)]
"""NFC, without NUL and lone surrogates, which BSON cannot hold. Give it a ``max_length``."""
Line = Annotated[Text, Field(max_length=254)]
SafeInt = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=MAX_SAFE)]
U32 = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=MAX_U32)]
Minute = Annotated[
    datetime,
    BeforeValidator(_minute),
    WithJsonSchema({"type": "string", "format": "date-time", "example": "2026-07-04T08:00:00Z"}),
]
Second = Annotated[
    datetime,
    BeforeValidator(_second),
    WithJsonSchema({"type": "string", "format": "date-time", "example": "2026-07-04T08:00:30Z"}),
]
Degrees = Annotated[float, Field(allow_inf_nan=False)]
