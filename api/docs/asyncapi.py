"""AsyncAPI 3.0 of the live door: what clients ask (with its reply) and what the hub tells."""

from importlib.metadata import version
from typing import Any, Final

from api.docs.answers import answer_ref, answer_schemas
from api.docs.refusals import all_refusals_of
from api.docs.schema import Schema, model_schemas
from api.protocol import ACTS, Act
from api.tells import TELLS, Tell

CHANNEL: Final = "#/channels/hub"

ERROR: Final[Schema] = {
    "type": "object",
    "required": ["code"],
    "properties": {
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "kind": {"type": "string"},
        "retry": {"type": "boolean"},
        "after_ms": {"type": "integer"},
        "data": {"type": "object"},
    },
}
DONE: Final[Schema] = {"type": "object", "required": ["ok"], "properties": {"ok": {"const": True}}}
REFUSED: Final[Schema] = {
    "type": "object",
    "required": ["ok", "error"],
    "properties": {"ok": {"const": False}, "error": {"$ref": "#/components/schemas/Error"}},
}
AUTH: Final[Schema] = {
    "type": "object",
    "required": ["v", "token"],
    "properties": {
        "v": {"const": 1},
        "token": {"type": "string", "description": "An access token."},
        "device": {"type": "string", "description": "If given, the device the token has to prove."},
        "client": {"type": "string", "example": "web/1.4"},
        "lang": {"type": "string", "example": "de"},
    },
}


def asyncapi() -> dict[str, Any]:
    """The document. ``receive`` is what the hub receives, ``send`` what it sends."""
    asks = [row for row in ACTS if row.doors != "http"]
    models = [row.wire for row in asks] + [tell.payload for tell in TELLS]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Dorfkiste, live",
            "version": version("dorfkiste"),
            "description": "Socket.IO 5 over Engine.IO 4, websocket only, namespace `/hub`. The CONNECT payload is "
            "`Connect`, the first tell is `hello`; every ask gets exactly one ack; tells are hints, the log and its "
            "`seq` are the truth.",
        },
        "servers": {"hub": {"host": "localhost:8000", "protocol": "wss", "pathname": "/socket.io/"}},
        "channels": {
            "hub": {
                "address": "/hub",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages(asks)},
            }
        },
        "operations": {**{_name(row.event): _ask(row) for row in asks}, **{_name(t.event): _tell(t) for t in TELLS}},
        "components": {
            "schemas": {
                "Connect": AUTH,
                "Error": ERROR,
                "Refused": REFUSED,
                **model_schemas(models),
                **answer_schemas(asks),
            },
            "messages": _messages(asks),
        },
    }


def _messages(asks: list[Act]) -> dict[str, Any]:
    found = {}
    for row in asks:
        found[_name(row.event)] = _message(row.event, row.wire.__name__, row.example.ask)
        found[f"{_name(row.event)}_ack"] = _ack(row)
    return found | {_name(tell.event): _message(tell.event, tell.payload.__name__, tell.example) for tell in TELLS}


def _message(event: str, model: str, example: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": event,
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{model}"},
        "examples": [{"payload": example}],
    }


def _ack(row: Act) -> dict[str, Any]:
    return {
        "name": f"{row.event} ack",
        "contentType": "application/json",
        "payload": {"oneOf": [{"allOf": [DONE, answer_ref(row)]}, {"$ref": "#/components/schemas/Refused"}]},
        "examples": [{"payload": {"ok": True, **row.example.answer}}],
    }


def _ask(row: Act) -> dict[str, Any]:
    name = _name(row.event)
    return {
        "action": "receive",
        "channel": {"$ref": CHANNEL},
        "summary": row.summary,
        "x-who": list(row.who),
        "x-refusals": list(all_refusals_of(row)),
        "messages": [{"$ref": f"{CHANNEL}/messages/{name}"}],
        "reply": {"channel": {"$ref": CHANNEL}, "messages": [{"$ref": f"{CHANNEL}/messages/{name}_ack"}]},
    }


def _tell(tell: Tell) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": CHANNEL},
        "summary": tell.summary,
        "x-audience": tell.audience,
        "messages": [{"$ref": f"{CHANNEL}/messages/{_name(tell.event)}"}],
    }


def _name(event: str) -> str:
    return event.replace(":", "_")
