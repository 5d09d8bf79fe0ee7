"""Making one page: its words, its frame, and the headers that keep it as it is."""

from typing import Any, Final
from urllib.parse import urlencode

from quart import Response, current_app, render_template, request

from api.docs import PAGES
from api.pages.asset import asset_url, module_urls
from api.pages.cards import top_kinds
from api.pages.look import LANGUAGES, Look
from api.pages.packing import pack
from api.pages.site import Site
from api.pages.speech import Speech
from api.pages.words import chosen_language, language_of, words

_COMMON: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; "
)
READ: Final = _COMMON + "form-action 'none'"
"""For what is only read."""
FILL: Final = _COMMON + "form-action 'self'"
"""For forms without scripts."""
APP: Final = (
    _COMMON.replace("img-src 'self'", "img-src 'self' blob:")
    + "form-action 'self'; script-src 'self'; connect-src 'self'; worker-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types dkx"
)
"""For pages with scripts of ours: none inline, none from elsewhere, and text never becomes code. Pictures that were
decrypted in the page (``blob:``) may be shown."""
MAY: Final = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
"""What such a page may ask a person for: a code to scan or a photo, and where they search from."""
ASK_AGAIN: Final = "no-cache"
"""Kept, but never shown without asking: a page names files that the next version no longer has."""
PRIVATE: Final = "no-store"


async def page(template: str, cache_control: str, *, status: int = 200, policy: str = READ, **more: Any) -> Response:
    """A page in the visitor's language; ``policy`` is its Content-Security-Policy."""
    made = await render_template(template, **(_shared() | more))
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": cache_control,
        "Vary": "Accept, Accept-Language, Cookie",
    }
    if policy == APP:
        headers["Permissions-Policy"] = MAY
    response = pack(request, Response("", status, headers, content_type="text/html; charset=utf-8"), made.encode())
    return await unless_known(response) if cache_control == ASK_AGAIN else response


async def unless_known(response: Response) -> Response:
    """304 for whoever has just this already."""
    await response.add_etag()
    return await response.make_conditional(request)


def site() -> Site:
    """What is known of this hub."""
    found: Site = current_app.extensions["site"]
    return found


def query() -> str:
    """Links go on in the language that was clicked; without a click the browser goes on saying it."""
    chosen = chosen_language(request)
    return f"?lang={chosen}" if chosen else ""


def here(**changed: str | None) -> str:
    """The same page with other questions; None takes one out."""
    kept = {**request.args, **changed}
    asked = urlencode({name: value for name, value in kept.items() if value})
    return f"{request.path}?{asked}" if asked else request.path


def hue(name: str) -> int:
    """Which of the six colours stands behind somebody's initials; ui/parts.js says the same."""
    return sum(map(ord, name)) % 6


def _shared() -> dict[str, Any]:
    language = language_of(request)
    return {
        "t": words(language),
        "say": Speech(language),
        "lang": language,
        "languages": LANGUAGES,
        "look": Look.of(request),
        "query": query(),
        "here": here,
        "path": request.path,
        "site": site(),
        "village": site().village,
        "pages": tuple(PAGES),
        "asset": asset_url,
        "modules": module_urls,
        "name": "",
        "kinds": top_kinds(language),
        "chosen": "",
        "hue": hue,
    }
