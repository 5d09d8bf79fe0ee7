"""The HTTP door: one route for each act of the table that has one. Who asks, how often, what, then the act."""

import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, BinaryIO, Final

import orjson
from quart import Blueprint, Response, request

from api.address import caller
from api.gate import Gate
from api.http.bearer import actor_of_request
from api.http.body import read_payload, read_query
from api.http.upload import Arrivals, arriving, as_far_as_it_comes, check_length, written_down
from api.limit import check_limits
from api.protocol import ACTS, Act, Raw
from api.undisturbed import Undisturbed
from api.wire import parse, typed
from hub.account import Actor
from hub.ids import UserId
from hub.ports import Ports

_BRACES: Final = re.compile(r"\{(\w+)\}")

Handler = Callable[..., Awaitable[Response]]


def act_routes(ports: Ports, gate: Gate) -> Blueprint:
    """Every act with a route, as a blueprint."""
    blueprint = Blueprint("acts", __name__)
    kept = Undisturbed()
    arrivals = Arrivals()
    for row in ACTS:
        if row.path and row.method:
            upload = row.raw and _uploader(row, row.raw, ports, gate, kept, arrivals)
            handler = upload or _handler(row, ports, gate, kept)
            rule = _BRACES.sub(r"<\1>", row.path)
            blueprint.add_url_rule(rule, row.event.replace(":", "_"), handler, methods=[row.method])
    return blueprint


def _handler(row: Act, ports: Ports, gate: Gate, kept: Undisturbed) -> Handler:
    cached = {"Cache-Control": "no-cache"} if row.method == "GET" and row.who == ("anyone",) else {}

    async def handle(**path: str) -> Response:
        actor = None if row.who == ("anyone",) else await actor_of_request(gate)
        command = parse(row, await read_payload(request, row, path))
        ip = caller(request.remote_addr or "")
        await check_limits(ports.limiter, row.limits, actor=actor, ip=ip, command=command)
        return _answer(row, await kept(_outcome(row, ports, actor, command)), cached)

    return handle


def _public(body: bytes, seconds: int) -> dict[str, str]:
    """For everybody, kept by the hub (``api.http.cache``) and by whoever asked."""
    tag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return {"Cache-Control": f"public, max-age={seconds}", "ETag": f'"{tag}"'}


def _uploader(  # noqa: PLR0917 - what every handler knows
    row: Act, raw: Raw, ports: Ports, gate: Gate, kept: Undisturbed, arrivals: Arrivals
) -> Handler:
    """An act whose body is a file: everything that can be refused is, before the body is taken."""

    async def handle(**path: str) -> Response:
        actor = await actor_of_request(gate)
        asked = typed(row, read_query(request) | path)
        parse(row, asked, **dict.fromkeys(row.fills))
        await check_limits(ports.limiter, row.limits, actor=actor, ip=caller(request.remote_addr or ""), command=None)
        check_length(request, raw.most)
        body = arriving(request, raw.most)

        async def act(taken: BinaryIO | AsyncIterator[bytes]) -> Any:
            return await _outcome(row, ports, actor, parse(row, asked, **dict.fromkeys(row.fills, taken)))

        if raw.streamed:
            return _answer(row, await kept(_streamed(act, body, arrivals, actor.user)))
        with arrivals.place(actor.user):
            file = await written_down(body)
        return _answer(row, await kept(_closing(file, act(file))))

    return handle


async def _streamed(
    act: Callable[[AsyncIterator[bytes]], Awaitable[Any]], body: AsyncIterator[bytes], arrivals: Arrivals, who: UserId
) -> Any:
    """The act takes the body itself, and its place for as long as that lasts."""
    with arrivals.place(who):
        return await act(as_far_as_it_comes(body))


def _answer(row: Act, result: Any, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    policy = ", ".join(f'"{limit.name}";q={limit.count};w={limit.seconds:.0f}' for limit in row.limits)
    body = orjson.dumps(row.view(result))
    headers = {"RateLimit-Policy": policy, **headers, **(_public(body, row.cache_s) if row.cache_s else {})}
    return Response(body, row.status, headers, content_type="application/json")


async def _closing(file: BinaryIO, work: Awaitable[Any]) -> Any:
    with file:
        return await work


async def _outcome(row: Act, ports: Ports, actor: Actor | None, command: Any) -> Any:
    result = await row.call(ports, actor, command)
    return await result if row.pipelined else result
