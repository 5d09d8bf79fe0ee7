"""How the village installs as an app, and how it is found by machines that read on their own."""

from typing import Final

import orjson
from quart import Response, request

from api.pages.asset import asset_url
from api.pages.page import ASK_AGAIN, site, unless_known
from api.pages.words import language_of, words
from hub.ports import Ports

ICONS: Final = (("sign.svg", "any", "any"), ("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "maskable"))


async def manifest(ports: Ports) -> Response:  # noqa: ARG001 - every page has the same shape
    """The web app manifest (W3C)."""
    language = language_of(request)
    body = {
        "id": "/",
        "name": f"{site().village} · {words(language)['title']}",
        "short_name": site().village[:12],
        "description": words(language)["tagline"],
        "lang": language,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f6f1",
        "theme_color": "#f4f6f1",
        "icons": [
            {"src": asset_url(file), "sizes": sizes, "purpose": purpose, "type": f"image/{_kind(file)}"}
            for file, sizes, purpose in ICONS
        ],
    }
    headers = {"Cache-Control": ASK_AGAIN, "Vary": "Accept-Language, Cookie"}
    return await unless_known(Response(orjson.dumps(body), 200, headers, content_type="application/manifest+json"))


def _kind(file: str) -> str:
    return "svg+xml" if file.endswith(".svg") else "png"
