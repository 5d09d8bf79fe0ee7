"""JSON Schemas for the documents: exact ones from the wire models, and the shape of an answer from its example."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from api.wire import Wire

Schema = dict[str, Any]

REF: Final = "#/components/schemas/{model}"
_PLAIN: Final = {bool: "boolean", int: "integer", float: "number"}
_ID: Final = re.compile(r"[0-9a-f]{32}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def model_schemas(models: Iterable[type[Wire]]) -> dict[str, Schema]:
    """The schemas of the models and of what they are made of, by name, in a stable order."""
    wanted = sorted(set(models), key=lambda model: model.__name__)
    _, document = models_json_schema([(model, "validation") for model in wanted], ref_template=REF)
    found: dict[str, Schema] = document.get("$defs", {})
    return {name: found[name] for name in sorted(found)}


def shape_of(example: Any) -> Schema:
    """What an answer looks like, read off its example; objects keyed by ids are maps."""
    match example:
        case str():
            return {"type": "string", **_format(example)}
        case list():
            return {"type": "array", "items": shape_of(example[0]) if example else {}}
        case Mapping():
            return _object(example)
        case _:
            return {"type": _PLAIN[type(example)]} if example is not None else {}


def _object(example: Mapping[str, Any]) -> Schema:
    if example and all(_ID.fullmatch(name) for name in example):
        return {"type": "object", "additionalProperties": shape_of(next(iter(example.values())))}
    return {"type": "object", "properties": {name: shape_of(value) for name, value in example.items()}}


def _format(text: str) -> Schema:
    for pattern, schema in ((_ID, {"pattern": "^[0-9a-f]{32}$"}), (_HASH, {"pattern": "^[0-9a-f]{64}$"})):
        if pattern.fullmatch(text):
            return schema
    return {"format": "date-time"} if _TIME.fullmatch(text) else {}
