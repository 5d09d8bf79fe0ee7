"""The bytes of encrypted attachments, for who may read their message; ``HEAD`` tells whose they are how many came."""

from functools import partial
from typing import Final

from quart import Blueprint, Response, request

from api.address import caller
from api.gate import Gate
from api.http.bearer import member_of_request
from api.http.headers import SANDBOX
from api.http.stretch import serve
from api.limit import Limit, check_limits
from hub.errors import NotFound
from hub.file import File
from hub.ids import ID, FileId
from hub.ports import Ports
from hub.usecases.files import ShowFile, show_file

LIMIT: Final = Limit("file_get", 600, 60, "user")
KIND: Final = "application/octet-stream"


def file_routes(ports: Ports, gate: Gate) -> Blueprint:
    """``/v1/files/{file}``: whole or a stretch, once all of it is here."""
    blueprint = Blueprint("files", __name__)

    @blueprint.get("/v1/files/<name>")
    async def file(name: str) -> Response:
        actor = await member_of_request(ports, gate)
        ip = caller(request.remote_addr or "")
        await check_limits(ports.limiter, (LIMIT,), actor=actor, ip=ip, command=None)
        if ID.fullmatch(name) is None:
            raise NotFound("file_not_found")
        shown = await show_file(ports, actor, ShowFile(FileId(name)))
        return _about(await _answer(ports, shown), shown)

    return blueprint


async def _answer(ports: Ports, shown: File) -> Response:
    if shown.complete:
        return await serve(partial(ports.blobs.read, shown.id), etag=shown.id, length=shown.size, kind=KIND)
    if request.method == "HEAD":
        return Response(status=200, content_type=KIND)
    raise NotFound("file_not_found")


def _about(response: Response, shown: File) -> Response:
    """That it is nothing to look at, and how much there is of it."""
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Content-Disposition"] = f'attachment; filename="{shown.id}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Upload-Length"] = str(shown.size)
    response.headers["Upload-Offset"] = str(shown.offset)
    return response
