"""What a request brings: path, query and a strict JSON body, as the one payload that an act parses."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from quart import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from api.protocol import Act
from api.wire import typed
from hub.errors import Invalid

MAX_BODY: Final = 65_536
MAX_LARGE: Final = 160_000
"""An envelope of 64 kB and its key packets, in base64; or the largest message disclosed."""
LARGE: Final = frozenset({"message:send", "room:sync", "report:send"})
MAX_DEPTH: Final = 16
WITH_BODY: Final = frozenset({"POST", "PUT"})


async def read_payload(request: Request, row: Act, path: Mapping[str, str]) -> dict[str, Any]:
    """Everything the caller said; ``Invalid`` where two places disagree or a name comes twice."""
    if request.method not in WITH_BODY:
        return typed(row, read_query(request) | dict(path))
    if request.args:
        raise _bad("query", "not_expected")
    body = await _json_body(request, row)
    named = typed(row, path)
    for name, value in named.items():
        if body.get(name, value) != value:
            raise _bad(name, "differs_from_path")
    return body | named


def read_query(request: Request) -> dict[str, str]:
    """The query's names and texts, each once."""
    texts: dict[str, str] = {}
    for name, value in request.args.items(multi=True):
        if name in texts:
            raise _bad(name[:64], "given_twice")
        texts[name] = value
    return texts


async def _json_body(request: Request, row: Act) -> dict[str, Any]:
    raw = await _bytes(request, MAX_LARGE if row.event in LARGE else MAX_BODY)
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise _bad("", "json_invalid") from None
    if not isinstance(body, dict):
        raise _bad("", "object_type")
    if _deeper_than(MAX_DEPTH, body):
        raise _bad("", "too_deep")
    return body


async def _bytes(request: Request, most: int) -> bytes:
    """The whole body, or the refusal before more than ``most`` is kept: Quart's own limit is fixed at its beginning."""
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    raw = bytearray()
    async for part in request.body:
        raw += part
        if len(raw) > most:
            raise RequestEntityTooLarge
    return bytes(raw)


def _deeper_than(depth: int, value: Any) -> bool:
    """Level by level, so that depth costs no stack."""
    level = [value]
    for _ in range(depth):
        children = (part.values() if isinstance(part, dict) else part for part in level)
        level = [part for whole in children for part in whole if isinstance(part, dict | list)]
    return bool(level)


def _bad(path: str, reason: str) -> Invalid:
    return Invalid("bad_request", {"fields": [{"path": path, "reason": reason}]})
