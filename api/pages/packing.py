"""Answers compressed for whoever can unpack them: files once and as small as they get, pages quickly."""

import asyncio
import gzip
from functools import cache
from typing import Final

import brotli
from quart import Request, Response

from api.pages.asset import assets

CODINGS: Final = ("br", "gzip")
LEAST: Final = 512
"""Bytes; less is not worth it."""
PACKED: Final = frozenset({"font/woff2", "image/png", "image/webp"})
"""Kinds that are compressed already."""


async def asset_response(request: Request, name: str) -> Response:
    """A file by the name it is served under. ``KeyError``."""
    asset = assets()[name]
    coding = coding_of(request) if asset.kind not in PACKED and len(asset.content) >= LEAST else ""
    body = await asyncio.to_thread(_kept, name, coding) if coding else asset.content
    return _coded(Response(body, content_type=asset.kind), coding)


def pack(request: Request, response: Response, body: bytes) -> Response:
    """A page made for this one request."""
    coding = coding_of(request)
    response.set_data(_packed(body, coding, hurry=True) if coding else body)
    return _coded(response, coding)


def coding_of(request: Request) -> str:
    """The best coding that the browser asks for; empty for none."""
    return request.accept_encodings.best_match(CODINGS) or ""


@cache
def _kept(name: str, coding: str) -> bytes:
    return _packed(assets()[name].content, coding, hurry=False)


def _packed(body: bytes, coding: str, *, hurry: bool) -> bytes:
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=4 if hurry else 11))
    return gzip.compress(body, 5 if hurry else 9, mtime=0)


def _coded(response: Response, coding: str) -> Response:
    response.vary.add("Accept-Encoding")
    if coding:
        response.headers["Content-Encoding"] = coding
    return response
