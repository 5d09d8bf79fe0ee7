"""The files of photos under links that never change, so that browsers and caches may keep them for ever."""

import re
from typing import Final

from quart import Blueprint, Response, request
from werkzeug.exceptions import NotFound, RequestedRangeNotSatisfiable

from api.address import caller
from api.gate import Gate
from api.http.bearer import actor_of_request
from api.limit import Limit, check_limits
from hub.ids import MediaId
from hub.photo import SIZES
from hub.ports import Ports
from hub.usecases.photos import ShowCopy, Shown, show_copy

LIMIT: Final = Limit("media", 1200, 60, "ip")
NAME: Final = re.compile(rf"([0-9a-f]{{32}})-({'|'.join(map(str, SIZES))})\.webp")
FOR_EVER: Final = "public, max-age=31536000, immutable"
SLOW_S: Final = 600
"""How long a file may take; the largest have a megabyte or two."""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Accept-Ranges": "bytes",
}
Stretch = tuple[int, int]


def media_routes(ports: Ports, gate: Gate) -> Blueprint:
    """``/media/{id}-{size}.webp``: for anybody once a public thing shows it, before that for its owner's token."""
    blueprint = Blueprint("media", __name__)

    @blueprint.get("/media/<name>")
    async def media(name: str) -> Response:
        named = NAME.fullmatch(name)
        if named is None:
            raise NotFound
        await check_limits(ports.limiter, (LIMIT,), actor=None, ip=caller(request.remote_addr or ""), command=None)
        reader = await actor_of_request(gate) if "Authorization" in request.headers else None
        shown = await show_copy(ports, reader, ShowCopy(MediaId(named[1]), int(named[2])))
        return await _answer(ports, shown)

    return blueprint


async def _answer(ports: Ports, shown: Shown) -> Response:
    etag = shown.copy.sha256
    if request.if_none_match.contains(etag):
        return _about(Response(status=304), shown)
    stretch = _asked(etag, shown.copy.bytes)
    start, end = stretch or (0, shown.copy.bytes)
    content = await ports.blobs.read(shown.photo.blob(shown.copy), start, end)
    if content is None:
        raise NotFound
    response = Response(content, 206 if stretch else 200, content_type="image/webp")
    response.timeout = SLOW_S
    response.content_length = end - start
    if stretch:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{shown.copy.bytes}"
    return _about(response, shown)


def _about(response: Response, shown: Shown) -> Response:
    """What a cache may do with it, and that it is nothing but a picture."""
    response.headers.update(HEADERS)
    response.headers["Content-Disposition"] = f'inline; filename="{shown.photo.id}-{shown.copy.size}.webp"'
    response.headers["Cache-Control"] = FOR_EVER if shown.public else "private, no-store"
    response.set_etag(shown.copy.sha256)
    return response


def _asked(etag: str, length: int) -> Stretch | None:
    """The one stretch a client wants of the bytes it knows (RFC 9110 section 14); several at once are given whole."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) > 1 or not _still(etag):
        return None
    stretch = wanted.range_for_length(length)
    if stretch is None:
        raise RequestedRangeNotSatisfiable(length)
    start, end = stretch
    return (start, end) if start is not None and end is not None else None


def _still(etag: str) -> bool:
    condition = request.if_range
    return condition.date is None and condition.etag in {None, etag}
