"""The file behind the single-use link of a copy: streamed, kept by nobody on the way."""

from typing import Final

from quart import Blueprint, Response, request

from api.address import caller
from api.limit import Limit, check_limits
from hub.ports import Ports
from hub.usecases.exporting import FetchExport, fetch_export

LIMIT: Final = Limit("export_link", 20, 3600, "ip")
SLOW_S: Final = 1800
"""How long it may take: everybody's photos may come to hundreds of megabytes."""


def export_routes(ports: Ports) -> Blueprint:
    """``/exports/{secret}``: whoever has the link has the file, once."""
    blueprint = Blueprint("exports", __name__)

    @blueprint.get("/exports/<secret>")
    async def fetch(secret: str) -> Response:
        await check_limits(ports.limiter, (LIMIT,), actor=None, ip=caller(request.remote_addr or ""), command=None)
        export, content = await fetch_export(ports, FetchExport(secret[:64]))
        response = Response(content, content_type="application/zip")
        response.timeout = SLOW_S
        response.content_length = export.bytes
        response.headers["Content-Disposition"] = f'attachment; filename="dorfkiste-{export.created_at:%Y-%m-%d}.zip"'
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
        return response

    return blueprint
