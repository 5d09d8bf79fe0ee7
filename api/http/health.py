"""Whether this worker is alive, and whether a balancer may send people to it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson
from quart import Blueprint, Response

PATIENCE_S: Final = 2.0

Ping = Callable[[], Awaitable[object]]


@dataclass
class Health:
    """``needed`` must answer for the hub to be ready; ``wished`` are reported. ``draining`` is set on the way out."""

    needed: Mapping[str, Ping]
    wished: Mapping[str, Ping]
    draining: bool = field(default=False)

    async def report(self) -> tuple[bool, dict[str, str]]:
        """Whether to send people here, and the state of each part: ``ok``, ``away`` or ``draining``."""
        pings = {**self.needed, **self.wished}
        states = dict(zip(pings, await asyncio.gather(*map(_state, pings.values())), strict=True))
        ready = not self.draining and all(states[name] == "ok" for name in self.needed)
        return ready, states | {"worker": "draining" if self.draining else "ok"}


def health_routes(health: Health) -> Blueprint:
    """``/livez`` and ``/readyz``."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/livez")
    async def livez() -> Response:
        return _answer(200, {"status": "alive"})

    @blueprint.get("/readyz")
    async def readyz() -> Response:
        ready, states = await health.report()
        return _answer(200 if ready else 503, {"status": "ready" if ready else "not ready", **states})

    return blueprint


async def _state(ping: Ping) -> str:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await ping()
    except Exception:  # noqa: BLE001 - whatever it is, the part does not answer
        return "away"
    return "ok"


def _answer(status: int, body: dict[str, str]) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")
