"""The table of acts as readers need it: grouped, with each field in words. Markdown and pages are made from this."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from api.docs.schema import BASE64, model_schemas
from api.limit import Limit
from api.protocol import ACTS, Act
from api.wire import Wire

GROUPS: Final = {
    "people": (
        "setup",
        "account",
        "session",
        "rights",
        "password",
        "address",
        "factor",
        "passkey",
        "identity",
        "me",
        "export",
        "terms",
        "consent",
        "user",
    ),
    "neighbours": ("review", "notification", "block"),
    "devices": ("device", "link", "prekey", "key", "chain", "backup"),
    "things": ("category", "item", "calendar"),
    "places": ("place",),
    "photos": ("media",),
    "files": ("file",),
    "rentals": ("rental", "feed"),
    "offers": ("offer", "change"),
    "agreements": ("agreement", "notary"),
    "settling": ("protocol", "contract", "billing", "payment", "case", "mediation", "report"),
    "rooms": ("message", "room", "roster", "receipt", "typing", "presence"),
}
"""The chapters of the reference, each with its nouns."""

_ID: Final = "^[0-9a-f]{32}$"
_REF: Final = re.compile(r"\w+$")
_HUGE: Final = 2**32 - 1
_SPANS: Final = {60: "minute", 900: "15 minutes", 3600: "hour", 86_400: "day"}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that may be asked with; ``name`` has dots for what stands inside another."""

    name: str
    type: str
    required: bool
    default: str


def chapter(group: str) -> list[Act]:
    """The acts of a group, in the order of the table."""
    return [row for row in ACTS if row.event.partition(":")[0] in GROUPS[group]]


def group_of(event: str) -> str:
    """Where an act is explained."""
    noun = event.partition(":")[0]
    return next(group for group, nouns in GROUPS.items() if noun in nouns)


def fields_of(wire: type[Wire]) -> list[Field]:
    """Every field of a model and of the models inside it."""
    known = model_schemas([wire])
    return list(_fields(known[wire.__name__], known, ""))


def limit_words(limit: Limit) -> str:
    """For example ``60 per minute and user``."""
    span = _SPANS.get(int(limit.seconds), f"{limit.seconds:g} s")
    return f"{limit.count} per {span} and {limit.key.replace('+', ' and ')}"


def _fields(schema: dict[str, Any], known: dict[str, Any], prefix: str) -> Iterator[Field]:
    needed = schema.get("required", [])
    for name, part in schema.get("properties", {}).items():
        inner = known.get(_model_in(part))
        default = "" if inner or "default" not in part else _literal(part["default"])
        yield Field(prefix + name, _type(part), name in needed, default)
        if inner:
            yield from _fields(inner, known, f"{prefix}{name}{'[]' if part.get('type') == 'array' else ''}.")


def _model_in(part: dict[str, Any]) -> str:
    """The model a part is, a list of it, or one that may be left out."""
    one = part["anyOf"][0] if "anyOf" in part else part
    found = _REF.search(one.get("$ref", one.get("items", {}).get("$ref", "")))
    return found.group() if found else ""


def _literal(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value) or '""'


def _type(part: dict[str, Any]) -> str:  # noqa: PLR0911 - one line for each kind
    if "anyOf" in part:
        return " | ".join(_type(one) for one in part["anyOf"])
    if "enum" in part:
        return " | ".join(part["enum"])
    match part.get("type"):
        case "string":
            return _text_type(part)
        case "integer":
            return f"integer{_span(part.get('minimum'), part.get('maximum'))}"
        case "array":
            return _list_type(part)
        case "object" if "patternProperties" in part:
            (pattern, value), *_ = part["patternProperties"].items()
            return f"{'id' if pattern == _ID else 'name'} → {_type(value)}, {part['maxProperties']} at most"
        case other:
            return other or "object"


def _text_type(part: dict[str, Any]) -> str:
    pattern, low, high = part.get("pattern", ""), part.get("minLength"), part.get("maxLength")
    if pattern == _ID:
        return "id"
    if pattern == BASE64:
        size = _span(low and low * 3 // 4, high and high * 3 // 4)
        return f"base64url,{size} bytes" if size else "base64url"
    return "time" if part.get("format") == "date-time" else f"text{_span(low, high)}"


def _list_type(part: dict[str, Any]) -> str:
    low, high = part.get("minItems"), part.get("maxItems")
    return f"list of {_type(part['items'])}, {high} {'at most' if low != high else 'of them'}"


def _span(low: int | None, high: int | None) -> str:
    """Bounds in words; those that only say "no larger than a number can be" stay unsaid."""
    if high is None or high >= _HUGE:
        return f" ≥ {low}" if low else ""
    if low == high:
        return f" {low}"
    return f" {low} to {high}" if low else f" ≤ {high}"
