"""The archive of what both have signed, as a file to keep: the same acts as in the table, answered with their bytes."""

from collections.abc import Awaitable, Callable
from typing import Any

from quart import Blueprint, Response, request

from api.address import caller
from api.gate import Gate
from api.http.bearer import actor_of_request
from api.limit import check_limits
from api.protocol import BY_EVENT, Act
from api.views.agreement import bundle_name
from api.wire import parse
from hub.ports import Ports

HEADERS = {"Cache-Control": "private, no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}


def bundle_routes(ports: Ports, gate: Gate) -> Blueprint:
    """``/v1/rentals/{rental}/agreement.zip`` for a party, ``/v1/mediation/...`` for a moderator in a case."""
    blueprint = Blueprint("bundles", __name__)
    for row, path in ((BY_EVENT["agreement:bundle"], "rentals"), (BY_EVENT["mediation:bundle"], "mediation")):
        blueprint.add_url_rule(f"/v1/{path}/<rental>/agreement.zip", path, _download(row, ports, gate))
    return blueprint


def _download(row: Act, ports: Ports, gate: Gate) -> Callable[..., Awaitable[Response]]:
    async def download(**path: str) -> Response:
        actor = await actor_of_request(gate)
        command: Any = parse(row, path)
        await check_limits(
            ports.limiter, row.limits, actor=actor, ip=caller(request.remote_addr or ""), command=command
        )
        file = await row.call(ports, actor, command)
        named = {"Content-Disposition": f'attachment; filename="{bundle_name(file)}"'}
        return Response(file.raw, content_type="application/zip", headers=HEADERS | named)

    return download
