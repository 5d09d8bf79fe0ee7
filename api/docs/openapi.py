"""OpenAPI 3.1 of the HTTP door, made from the table of acts."""

import re
from importlib.metadata import version
from typing import Any, Final

from api.docs.schema import Schema, model_schemas, shape_of
from api.protocol import ACTS, Act

WITH_BODY: Final = frozenset({"POST", "PUT"})
_IN_PATH: Final = re.compile(r"\{(\w+)\}")

PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "A refusal (RFC 9457). Programs read `code`; `docs/errors.md` lists all of them.",
    "required": ["type", "title", "status", "code", "kind"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "kind": {"type": "string"},
        "retry": {"type": "boolean", "description": "The very same request may succeed later."},
        "after_ms": {"type": "integer", "description": "When to try again."},
        "data": {"type": "object", "description": "What it takes to go on."},
        "id": {"type": "string", "description": "Of our own faults: under this id the log tells more."},
    },
}


def openapi() -> dict[str, Any]:
    """The document, with one operation for each act that has a route."""
    acts = [row for row in ACTS if row.route]
    paths: dict[str, dict[str, Any]] = {}
    for row in acts:
        paths.setdefault(str(row.path), {})[str(row.method).lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dorfkiste",
            "version": version("dorfkiste"),
            "description": "Every act of the hub over HTTP. The same acts, with the same refusals, are events of the "
            "Socket.IO door: see `asyncapi.json`.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(_tag(row) for row in acts)],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM, **model_schemas(row.wire for row in acts)},
            "responses": {"Refused": _content("A refusal.", {"$ref": "#/components/schemas/Problem"}, "problem+json")},
            "securitySchemes": {"access": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(row: Act) -> dict[str, Any]:
    named = _IN_PATH.findall(str(row.path))
    schema = row.wire.model_json_schema(ref_template="#/components/schemas/{model}")
    fields, needed = schema.get("properties", {}), schema.get("required", [])
    parameters = [_parameter(name, fields[name], row, "path") for name in named]
    operation: dict[str, Any] = {
        "operationId": row.event.replace(":", "_"),
        "tags": [_tag(row)],
        "summary": row.summary,
        "x-event": row.event,
        "x-who": list(row.who),
        "x-limits": [{"name": li.name, "count": li.count, "seconds": li.seconds, "per": li.key} for li in row.limits],
        "security": [] if row.who == ("anyone",) else [{"access": []}],
        "responses": {
            str(row.status): _content("Done.", shape_of(row.example.answer), "json", row.example.answer),
            "4XX": {"$ref": "#/components/responses/Refused"},
            "5XX": {"$ref": "#/components/responses/Refused"},
        },
    }
    others = {name: field for name, field in fields.items() if name not in named}
    if row.method in WITH_BODY:
        operation["requestBody"] = _body(row, others, [name for name in needed if name in others])
    else:
        parameters += [_parameter(name, field, row, "query", name in needed) for name, field in others.items()]
    return {**operation, "parameters": parameters} if parameters else operation


def _body(row: Act, fields: Schema, needed: list[str]) -> dict[str, Any]:
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": fields}
    if needed:
        schema["required"] = needed
    example = {name: value for name, value in row.example.ask.items() if name in fields}
    return {"required": bool(needed), **_content(None, schema, "json", example)}


def _parameter(name: str, field: Schema, row: Act, where: str, required: bool = True) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": name, "in": where, "required": required, "schema": field}
    if name in row.example.ask:
        shown["example"] = row.example.ask[name]
    return shown


def _content(description: str | None, schema: Schema, kind: str, example: Any = None) -> dict[str, Any]:
    media = {"schema": schema} | ({} if example is None else {"example": example})
    body = {"content": {f"application/{kind}": media}}
    return body if description is None else {"description": description, **body}


def _tag(row: Act) -> str:
    return row.event.partition(":")[0]
