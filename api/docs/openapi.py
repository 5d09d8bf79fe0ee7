"""OpenAPI 3.1 of the HTTP door, made from the table of acts."""

import re
from importlib.metadata import version
from typing import Final

from api.docs.answers import answer_ref, answer_schemas
from api.docs.refusals import by_status
from api.docs.schema import Schema, model_schemas
from api.protocol import ACTS, Act

WITH_BODY: Final = frozenset({"POST", "PUT"})
_IN_PATH: Final = re.compile(r"\{(\w+)\}")

JSON: Final = "application/json"
REFUSAL: Final[Schema] = {"$ref": "#/components/schemas/Problem"}
PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "A refusal (RFC 9457). Programs read `code`; `/docs/errors` lists all of them.",
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


def openapi() -> Schema:
    """The document, with one operation for each act that has a route."""
    acts = [row for row in ACTS if row.route]
    paths: dict[str, Schema] = {}
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
            "schemas": {"Problem": PROBLEM, **model_schemas(row.wire for row in acts), **answer_schemas(acts)},
            "responses": {"Refused": {"description": "A refusal of the door itself.", "content": _problem(REFUSAL)}},
            "securitySchemes": {"access": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(row: Act) -> Schema:
    model = model_schemas([row.wire])[row.wire.__name__]
    named, needed = _IN_PATH.findall(str(row.path)), model.get("required", [])
    asked = {name: field for name, field in model.get("properties", {}).items() if name not in named}
    parameters = [_parameter(row, name, model["properties"][name], "path", needed=True) for name in named]
    operation: Schema = {
        "operationId": row.event.replace(":", "_"),
        "tags": [_tag(row)],
        "summary": row.summary,
        "x-event": row.event,
        "x-who": list(row.who),
        "x-limits": [{"name": li.name, "count": li.count, "seconds": li.seconds, "per": li.key} for li in row.limits],
        "security": [] if row.who == ("anyone",) else [{"access": []}],
        "responses": _responses(row),
    }
    if row.raw:
        kinds: Schema = {kind: {} for kind in row.raw.kinds}  # OpenAPI 3.1 describes bytes by their type alone
        operation["requestBody"] = {"required": True, "content": kinds}
    if row.raw or row.method not in WITH_BODY:
        parameters += [_parameter(row, name, field, "query", needed=name in needed) for name, field in asked.items()]
    elif asked:
        operation["requestBody"] = _body(row, asked, [name for name in needed if name in asked], whole=not named)
    return {**operation, "parameters": parameters} if parameters else operation


def _body(row: Act, fields: Schema, needed: list[str], *, whole: bool) -> Schema:
    """The model itself, or what the path leaves of it."""
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": fields}
    if whole:
        schema = {"$ref": f"#/components/schemas/{row.wire.__name__}"}
    elif needed:
        schema["required"] = needed
    example = {name: value for name, value in row.example.ask.items() if name in fields}
    return {"required": bool(needed), "content": {JSON: {"schema": schema, "example": example}}}


def _parameter(row: Act, name: str, field: Schema, where: str, *, needed: bool) -> Schema:
    shown: Schema = {"name": name, "in": where, "required": needed, "schema": field}
    return shown | ({"example": row.example.ask[name]} if name in row.example.ask else {})


def _responses(row: Act) -> Schema:
    """The answer, the refusals of this act by status, and those of the door for whatever is no act at all."""
    done: Schema = {"schema": answer_ref(row), "example": row.example.answer}
    responses: Schema = {str(row.status): {"description": "Done.", "content": {JSON: done}}}
    for status, codes in by_status(row).items():
        which: Schema = {"allOf": [REFUSAL, {"properties": {"code": {"enum": codes}}}]}
        words = ", ".join(f"`{code}`" for code in codes)
        responses[str(status)] = {"description": f"Refused: {words}.", "content": _problem(which)}
    return responses | {group: {"$ref": "#/components/responses/Refused"} for group in ("4XX", "5XX")}


def _problem(schema: Schema) -> Schema:
    return {"application/problem+json": {"schema": schema}}


def _tag(row: Act) -> str:
    return row.event.partition(":")[0]
