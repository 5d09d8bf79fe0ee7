"""The HTTP door: one route for each act of the table that has one. Who asks, how often, what, then the act."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson
from quart import Blueprint, Response, request

from api.address import caller
from api.gate import Gate
from api.http.body import read_payload
from api.limit import check_limits
from api.protocol import ACTS, Act
from api.wire import parse
from hub.account import Actor
from hub.errors import Unauthenticated
from hub.ports import Ports

_BRACES: Final = re.compile(r"\{(\w+)\}")

Handler = Callable[..., Awaitable[Response]]


def act_routes(ports: Ports, gate: Gate) -> Blueprint:
    """Every act with a route, as a blueprint."""
    blueprint = Blueprint("acts", __name__)
    begun: set[asyncio.Future[Any]] = set()
    for row in ACTS:
        if row.path and row.method:
            handler = _handler(row, ports, gate, begun)
            rule = _BRACES.sub(r"<\1>", row.path)
            blueprint.add_url_rule(rule, row.event.replace(":", "_"), handler, methods=[row.method])
    return blueprint


def _handler(row: Act, ports: Ports, gate: Gate, begun: set[asyncio.Future[Any]]) -> Handler:
    policy = ", ".join(f'"{limit.name}";q={limit.count};w={limit.seconds:.0f}' for limit in row.limits)
    cached = {"Cache-Control": "no-cache"} if row.method == "GET" and row.who == ("anyone",) else {}

    async def handle(**path: str) -> Response:
        actor = None if row.who == ("anyone",) else await _actor(gate)
        command = parse(row, await read_payload(request, row, path))
        ip = caller(request.remote_addr or "")
        await check_limits(ports.limiter, row.limits, actor=actor, ip=ip, command=command)
        answer = row.view(await _kept(_outcome(row, ports, actor, command), begun))
        body = orjson.dumps(answer)
        headers = {"RateLimit-Policy": policy, **cached, **(_public(body, row.cache_s) if row.cache_s else {})}
        return Response(body, row.status, headers, content_type="application/json")

    return handle


def _public(body: bytes, seconds: int) -> dict[str, str]:
    """For everybody, kept by the hub (``api.http.cache``) and by whoever asked."""
    tag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return {"Cache-Control": f"public, max-age={seconds}", "ETag": f'"{tag}"'}


async def _actor(gate: Gate) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("sign_in_required")
    return (await gate.admit(token.strip())).actor


async def _outcome(row: Act, ports: Ports, actor: Actor | None, command: Any) -> Any:
    result = await row.call(ports, actor, command)
    return await result if row.pipelined else result


async def _kept(work: Awaitable[Any], begun: set[asyncio.Future[Any]]) -> Any:
    """Let work end even when its caller has gone: Quart cancels the handler, and half an act is none."""
    task = asyncio.ensure_future(work)
    begun.add(task)
    task.add_done_callback(begun.discard)
    return await asyncio.shield(task)
