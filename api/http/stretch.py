"""Serving bytes that never change, whole or the one stretch that is asked for (RFC 9110 section 14)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from quart import Response, request
from werkzeug.exceptions import NotFound, RequestedRangeNotSatisfiable

SLOW_S: Final = 600
"""How long an answer may take; whoever needs longer goes on from where it ended."""

Read = Callable[[int, int], Awaitable[AsyncIterator[bytes] | None]]
"""The bytes from one offset until before another, or None if they are gone."""
Stretch = tuple[int, int]


async def serve(read: Read, *, etag: str, length: int, kind: str) -> Response:
    """200, 206 or 304; ``etag`` names these bytes and no others."""
    if request.if_none_match.contains(etag):
        return _marked(Response(status=304), etag)
    stretch = _asked(etag, length)
    start, end = stretch or (0, length)
    content = await read(start, end)
    if content is None:
        raise NotFound
    response = Response(content, 206 if stretch else 200, content_type=kind)
    response.timeout = SLOW_S
    response.content_length = end - start
    if stretch:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    return _marked(response, etag)


def _marked(response: Response, etag: str) -> Response:
    response.headers["Accept-Ranges"] = "bytes"
    response.set_etag(etag)
    return response


def _asked(etag: str, length: int) -> Stretch | None:
    """The one stretch a client wants of the bytes it knows; several at once are given whole."""
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
