"""JSON Schemas for the documents: exact ones from the wire models, and the shape of an answer from its example."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, get_args

from pydantic.json_schema import models_json_schema

from api.wire import Wire

Schema = dict[str, Any]

REF: Final = "#/components/schemas/{model}"
NULLABLE: Final = {
    "after": "string",
    "answer_min": "integer",
    "answers": "object",
    "closed_reason": "string",
    "code": "string",
    "day": "integer",
    "device": "string",
    "distance_m": "integer",
    "handover": "object",
    "hour": "integer",
    "index": "integer",
    "kept": "object",
    "late_fee": "object",
    "manifest": "string",
    "max": "number",
    "min": "number",
    "minute": "integer",
    "month": "integer",
    "offer": "object",
    "offer_ttl_min": "integer",
    "per_day": "integer",
    "per_hour": "integer",
    "returns": "object",
    "since": "string",
    "stars": "object",
    "translation": "object",
    "week": "integer",
    "weekend": "integer",
}
"""Parts of answers that may be null, and what they are otherwise; a single example can show only one of the two."""
OPEN: Final = {"data": {"type": "object"}, "by": {"type": "string"}, "fields": {"type": "object"}}
"""Parts that differ from one to the next: what an event tells, who or what (``system``) did it, what a kind asks."""
BASE64: Final = "^[A-Za-z0-9_-]*$"
_BOUNDS: Final = {"ge": "minimum", "le": "maximum"}
_LENGTHS: Final = {"min_length": "minLength", "max_length": "maxLength"}
_PLAIN: Final = {bool: "boolean", int: "integer", float: "number"}
_ID: Final = re.compile(r"[0-9a-f]{32}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_KEY: Final = {"type": "string", "description": "The key packet for the asking device, base64url."}


def model_schemas(models: Iterable[type[Wire]]) -> dict[str, Schema]:
    """The schemas of the models and of what they are made of, by name, in a stable order."""
    wanted = sorted(set(models), key=lambda model: model.__name__)
    _, document = models_json_schema([(model, "validation") for model in wanted], ref_template=REF)
    found: dict[str, Schema] = _named(document.get("$defs", {}))
    for model in {part for whole in wanted for part in _parts(whole)}:
        _measure(found[model.__name__], model)
    return {name: found[name] for name in sorted(found)}


def _named(node: Any) -> Any:
    """Bounds under the names that JSON Schema has for them; pydantic keeps its own where a validator goes before."""
    if isinstance(node, dict):
        return {_BOUNDS.get(name, name) if isinstance(part, int) else name: _named(part) for name, part in node.items()}
    return [_named(part) for part in node] if isinstance(node, list) else node


def _measure(schema: Schema, model: type[Wire]) -> None:
    """Bytes are bounded as bytes; on the wire they are base64url, four characters for three."""
    for name, field in model.model_fields.items():
        part = schema["properties"][field.alias or name]
        if part.get("pattern") == BASE64:
            for rule in field.metadata:
                for attribute, bound in _LENGTHS.items():
                    if (length := getattr(rule, attribute, None)) is not None:
                        part[bound] = -(-length * 4 // 3)


def _parts(model: type[Wire]) -> Iterator[type[Wire]]:
    yield model
    for field in model.model_fields.values():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, Wire):
                yield from _parts(part)


def shape_of(example: Any) -> Schema:
    """What an answer looks like, read off its example; objects keyed by ids are maps."""
    match example:
        case str():
            return {"type": "string", **_format(example)}
        case list():
            return {"type": "array", "items": merged([shape_of(part) for part in example])}
        case Mapping():
            return _object(example)
        case _:
            return {"type": _PLAIN[type(example)]} if example is not None else {}


def _object(example: Mapping[str, Any]) -> Schema:
    if example and all(_ID.fullmatch(name) for name in example):
        return {"type": "object", "additionalProperties": shape_of(next(iter(example.values())))}
    properties = {name: _part(name, value) for name, value in example.items()}
    return {"type": "object", "properties": properties, "required": list(example)}


def _part(name: str, value: Any) -> Schema:
    shape = shape_of(value)
    if name in NULLABLE:
        return shape | {"type": [NULLABLE[name], "null"]}
    said = OPEN.get(name)
    return said if said and said["type"] == shape.get("type") else shape


def merged(shapes: list[Schema]) -> Schema:
    """One shape for several: what all of them have is required, what some have is known."""
    if len(shapes) < 2 or any("properties" not in shape for shape in shapes):  # noqa: PLR2004 - one or none
        return shapes[0] if shapes else {}
    names = dict.fromkeys(name for shape in shapes for name in shape["properties"])
    properties = {name: merged([s["properties"][name] for s in shapes if name in s["properties"]]) for name in names}
    if "env" in properties:
        properties["key"] = _KEY
    return {
        "type": ["object", "null"] if any("null" in shape["type"] for shape in shapes) else "object",
        "properties": properties,
        "required": [name for name in names if all(name in shape.get("required", ()) for shape in shapes)],
    }


def _format(text: str) -> Schema:
    for pattern, schema in ((_ID, {"pattern": "^[0-9a-f]{32}$"}), (_HASH, {"pattern": "^[0-9a-f]{64}$"})):
        if pattern.fullmatch(text):
            return schema
    return {"format": "date-time"} if _TIME.fullmatch(text) else {}
