"""Who asks over HTTP, by the token in the request."""

from quart import request

from api.gate import Gate
from hub.account import Actor
from hub.authority import admit
from hub.errors import Unauthenticated
from hub.ports import Ports


async def actor_of_request(gate: Gate) -> Actor:
    """Whom the bearer token stands for. Unauthenticated("sign_in_required") without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("sign_in_required")
    return (await gate.admit(token.strip())).actor


async def member_of_request(ports: Ports, gate: Gate) -> Actor:
    """The same for what is no act of the table: somebody whose sign-in is complete."""
    return admit(await actor_of_request(gate), ("member",), ports.clock.real())
