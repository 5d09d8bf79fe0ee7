"""Calendars that go out, under addresses that calendar programs keep asking."""

import hashlib
import re
from typing import Final

from quart import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api.address import caller
from api.calendars.writer import write_feed
from api.limit import Limit, check_limits
from hub.feed import Feed, feed_host
from hub.ids import ID, ItemId
from hub.ports import Ports
from hub.usecases.feeds import ReadFeed, ReadItemFeed, read_feed, read_item_feed

LIMIT: Final = Limit("feed", 120, 60, "ip")
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
LANGS: Final = frozenset({"de", "en"})
OWN: Final = "private, no-cache"
"""Asked again each time, which the tag makes cheap: a feed that was revoked must not live on in a cache."""
PUBLIC: Final = "public, max-age=300"


def feed_routes(ports: Ports) -> Blueprint:
    """``/feeds/{secret}.ics`` of a person, and ``/feeds/items/{item}.ics`` of a thing."""
    blueprint = Blueprint("feeds", __name__)
    host = feed_host(ports.policy.origin)

    @blueprint.get("/feeds/<secret>.ics")
    async def person(secret: str) -> Response:
        await _limited(ports)
        if not SECRET.fullmatch(secret):
            raise NotFound
        return _answer(await read_feed(ports, ReadFeed(secret)), host, OWN)

    @blueprint.get("/feeds/items/<item>.ics")
    async def thing(item: str) -> Response:
        await _limited(ports)
        if not ID.fullmatch(item):
            raise NotFound
        lang = request.args.get("lang")
        asked = ReadItemFeed(ItemId(item), lang if lang in LANGS else None)
        return _answer(await read_item_feed(ports, asked), host, PUBLIC)

    return blueprint


async def _limited(ports: Ports) -> None:
    await check_limits(ports.limiter, (LIMIT,), actor=None, ip=caller(request.remote_addr or ""), command=None)


def _answer(feed: Feed, host: str, caching: str) -> Response:
    body = write_feed(feed, host)
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    known = request.if_none_match.contains(etag)
    response = Response(b"" if known else body, 304 if known else 200, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["Content-Disposition"] = 'inline; filename="dorfkiste.ics"'
    response.headers["Cache-Control"] = caching
    response.set_etag(etag)
    return response
