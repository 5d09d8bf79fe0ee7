"""The files of photos under links that never change, so that browsers and caches may keep them for ever."""

import re
from functools import partial
from typing import Final

from quart import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api.address import caller
from api.gate import Gate
from api.http.bearer import member_of_request
from api.http.headers import SANDBOX
from api.http.stretch import serve
from api.limit import Limit, check_limits
from hub.ids import MediaId
from hub.photo import SIZES
from hub.ports import Ports
from hub.usecases.photos import ShowCopy, Shown, show_copy

LIMIT: Final = Limit("media", 1200, 60, "ip")
NAME: Final = re.compile(rf"([0-9a-f]{{32}})-({'|'.join(map(str, SIZES))})\.webp")
FOR_EVER: Final = "public, max-age=31536000, immutable"


def media_routes(ports: Ports, gate: Gate) -> Blueprint:
    """``/media/{id}-{size}.webp``: for anybody once a public thing shows it, before that for its owner's token."""
    blueprint = Blueprint("media", __name__)

    @blueprint.get("/media/<name>")
    async def media(name: str) -> Response:
        named = NAME.fullmatch(name)
        if named is None:
            raise NotFound
        await check_limits(ports.limiter, (LIMIT,), actor=None, ip=caller(request.remote_addr or ""), command=None)
        reader = await member_of_request(ports, gate) if "Authorization" in request.headers else None
        shown = await show_copy(ports, reader, ShowCopy(MediaId(named[1]), int(named[2])))
        return await _answer(ports, shown)

    return blueprint


async def _answer(ports: Ports, shown: Shown) -> Response:
    read = partial(ports.blobs.read, shown.photo.blob(shown.copy))
    response = await serve(read, etag=shown.copy.sha256, length=shown.copy.bytes, kind="image/webp")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Content-Disposition"] = f'inline; filename="{shown.photo.id}-{shown.copy.size}.webp"'
    response.headers["Cache-Control"] = FOR_EVER if shown.public else "private, no-store"
    return response
