"""Who asks over HTTP, by the token in the request."""

from quart import request

from api.gate import Gate
from hub.account import Actor
from hub.errors import Unauthenticated


async def actor_of_request(gate: Gate) -> Actor:
    """Whom the bearer token stands for. Unauthenticated("sign_in_required") without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("sign_in_required")
    return (await gate.admit(token.strip())).actor
