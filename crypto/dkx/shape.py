"""Fields of JSON objects, read strictly: every field known, every value of its one form."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from crypto import b64
from crypto.dkx.error import ShapeError
from crypto.dkx.jcs import MAX_INT

Reader = Callable[[Any], Any]
"""Takes what stands in the JSON, gives what it means; raises ``ShapeError`` (or ``ValueError``) otherwise."""

_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read(value: Any, required: Mapping[str, Reader], optional: Mapping[str, Reader] | None = None) -> dict[str, Any]:
    """Read an object with exactly the required fields and perhaps some of the optional ones."""
    known = {**required, **(optional or {})}
    if not isinstance(value, dict) or not required.keys() <= value.keys() <= known.keys():
        raise ShapeError("fields missing or unknown")
    return {name: known[name](found) for name, found in value.items()}


def hexed(size: int) -> Reader:
    """``size`` bytes as lower-case hex digits: ids and hashes."""

    def reader(value: Any) -> bytes:
        if not isinstance(value, str) or len(value) != 2 * size or not _HEX.fullmatch(value):
            raise ShapeError(f"not {2 * size} lower-case hex digits")
        return bytes.fromhex(value)

    return reader


def based(*sizes: int) -> Reader:
    """Bytes as base64url, of one of these lengths if any are given: keys and documents."""

    def reader(value: Any) -> bytes:
        raw = _decoded(value)
        if sizes and len(raw) not in sizes:
            raise ShapeError("bytes of another length")
        return raw

    return reader


def text(least: int, most: int, pattern: str = "(?s:.*)") -> Reader:
    """Text of ``least`` to ``most`` bytes of UTF-8 in the form of ``pattern``."""
    form = re.compile(pattern)

    def reader(value: Any) -> str:
        if not isinstance(value, str) or _SURROGATE.search(value) or not form.fullmatch(value):
            raise ShapeError("not a text of this form")
        if not least <= len(value.encode()) <= most:
            raise ShapeError("a text too short or too long")
        return value

    return reader


def integer(least: int, most: int = MAX_INT) -> Reader:
    """A whole number of this range; true and false are none."""

    def reader(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ShapeError("not a number of this range")
        return value

    return reader


def one_of(*values: Any) -> Reader:
    """One of these values, of the same type."""

    def reader(value: Any) -> Any:
        if not any(type(value) is type(allowed) and value == allowed for allowed in values):
            raise ShapeError("not one of the values known")
        return value

    return reader


def or_null(reader: Reader) -> Reader:
    """What ``reader`` reads, or null."""
    return lambda value: None if value is None else reader(value)


def row(*readers: Reader) -> Reader:
    """An array of exactly these values, as a tuple."""

    def reader(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(readers):
            raise ShapeError("a row of another length")
        return tuple(each(found) for each, found in zip(readers, value, strict=True))

    return reader


def rows(reader: Reader) -> Reader:
    """An array of any number of values."""

    def read_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ShapeError("not an array")
        return tuple(map(reader, value))

    return read_all


def _decoded(value: Any) -> bytes:
    try:
        return b64.decode(value)
    except b64.Base64Error as error:
        raise ShapeError("not base64url") from error
