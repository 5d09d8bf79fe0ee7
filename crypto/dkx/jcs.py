"""Canonical JSON: RFC 8785 held to what every language writes alike (e2ee.md §9)."""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any, NoReturn

from crypto.dkx.error import JsonError
from crypto.dkx.unicode15 import MARKS, UNASSIGNED

MAX_INT = 2**53 - 1
MAX_DEPTH = 16
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BEFORE_15 = int(unicodedata.unidata_version.split(".")[0]) < 15  # noqa: PLR2004 - the Unicode version itself


def canonical(value: Any) -> bytes:
    """Write a value canonically, or raise ``JsonError`` if it holds anything outside the restricted set."""
    _check(value, MAX_DEPTH)
    return write(value)


def parse(raw: bytes) -> Any:
    """Read canonical JSON; other spellings of the same value are refused, whatever the difference."""
    value = read(raw)
    if canonical(value) != raw:
        raise JsonError("not in canonical form")
    return value


def parse_body(raw: bytes) -> Any:
    """Read JSON in canonical form whose texts are free: people write what their keyboards have (message bodies)."""
    value = read(raw)
    try:
        same = write(value) == raw
    except UnicodeEncodeError:
        same = False
    if not same:
        raise JsonError("not in canonical form")
    return value


def write(value: Any) -> bytes:
    """The one spelling of a value; what may be in it is the caller's rule."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(raw: bytes) -> Any:
    """Any spelling of a value without fractions and without a key twice."""
    try:
        return json.loads(raw.decode(), object_pairs_hook=_object, parse_float=_refuse, parse_constant=_refuse)
    except JsonError:
        raise
    except (ValueError, RecursionError) as error:
        raise JsonError("no JSON") from error


def _check(value: Any, depth: int) -> None:
    check = _CHECKS.get(type(value))
    if check is None:
        raise JsonError(f"a {type(value).__name__} has no place here")
    check(value, depth)


def _check_int(value: int, _: int) -> None:
    if abs(value) > MAX_INT:
        raise JsonError("an integer beyond 2**53 - 1")


def _check_text(value: str, _: int) -> None:
    if value.isascii():
        return
    if UNASSIGNED.search(value) or _SURROGATE.search(value):
        raise JsonError("a lone surrogate or a code point unassigned in Unicode 15")
    if not unicodedata.is_normalized("NFC", value) or (_BEFORE_15 and MARKS.search(value)):
        raise JsonError("text that is not in normal form C")


def _check_list(value: list[Any], depth: int) -> None:
    if depth == 0:
        raise JsonError("nested too deeply")
    for item in value:
        _check(item, depth - 1)


def _check_object(value: dict[str, Any], depth: int) -> None:
    if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in value):
        raise JsonError("an odd key")
    _check_list(list(value.values()), depth)


_CHECKS: dict[type, Callable[[Any, int], None]] = {
    dict: _check_object,
    list: _check_list,
    str: _check_text,
    int: _check_int,
    bool: lambda _value, _depth: None,
    type(None): lambda _value, _depth: None,
}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise JsonError("a key twice")
    return value


def _refuse(text: str) -> NoReturn:
    raise JsonError(f"{text[:20]} is no integer")
