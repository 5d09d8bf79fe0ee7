"""Headers on every answer (security.md T1, W1): what a browser may do with it, and which other origins may read it."""

from typing import Final

from quart import Quart, Response, request

from hub.errors import Forbidden

YEAR_S: Final = 31_536_000
PREFLIGHT_S: Final = "600"
API: Final = "/v1/"
PRIVATE: Final = (API, "/oauth/")
"""Where tokens and passwords travel."""

BASE: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""For JSON; an answer that says otherwise for itself keeps its own."""
SANDBOX: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""The policy of files of people: nothing that one of them holds ever runs."""
EXPOSED: Final = "Content-Range, RateLimit, RateLimit-Policy, Retry-After, Upload-Length, Upload-Offset"


def install_headers(app: Quart, origins: frozenset[str], *, https_only: bool) -> None:
    """Set them on everything this app answers; refuse plain HTTP to the acts where ``https_only``."""

    @app.before_request
    async def check() -> Response | None:
        if https_only and request.scheme != "https" and request.path.startswith(PRIVATE):
            raise Forbidden("https_required")
        asked = request.headers.get("Access-Control-Request-Method")
        return Response(status=204) if request.method == "OPTIONS" and asked else None

    @app.after_request
    async def finish(response: Response) -> Response:
        for name, value in BASE.items():
            response.headers.setdefault(name, value)
        if request.scheme == "https":
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR_S}; includeSubDomains"
        if request.path.startswith(API):
            _share(response, origins)
        return response


def _share(response: Response, origins: frozenset[str]) -> None:
    """CORS for the fixed list; bearer tokens only, so credentials are never allowed."""
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "DELETE, GET, HEAD, POST, PUT"
        response.headers["Access-Control-Allow-Headers"] = "authorization, content-type, range"
        response.headers["Access-Control-Max-Age"] = PREFLIGHT_S
