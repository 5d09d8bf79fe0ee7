"""Every refusal over HTTP is a problem object (RFC 9457), also the ones of the framework and of our own faults."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson
from quart import Quart, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestedRangeNotSatisfiable

from api.errors import internal, problem, trace_of
from hub.errors import HubError

DOOR_CODES: Final = {
    400: ("bad_request", "invalid"),
    404: ("route_unknown", "not_found"),
    405: ("method_not_allowed", "invalid"),
    408: ("body_too_slow", "invalid"),
    413: ("too_large", "invalid"),
    415: ("json_expected", "invalid"),
    416: ("range_not_satisfiable", "invalid"),
}
"""Refusals of this door itself, by status: code and kind. Everything else comes from the acts."""

Page = Callable[[HTTPException], Awaitable[Response | None]]

log = logging.getLogger("dorfkiste.http")


def install_problems(app: Quart, page: Page) -> None:
    """Answer everything that is raised; ``page`` answers a browser that came to look around."""

    async def refused_at_the_door(error: HTTPException) -> Response:
        return await page(error) or door_refusal(error)

    app.register_error_handler(HubError, refusal)
    app.register_error_handler(HTTPException, refused_at_the_door)
    app.register_error_handler(Exception, fault)


def refusal(error: HubError) -> Response:
    """The hub's own no."""
    status, body = problem(error)
    response = _response(status, body)
    if status == 401:  # noqa: PLR2004 - RFC 9110 wants the challenge with it
        response.headers["WWW-Authenticate"] = 'Bearer realm="hub"'
    if error.after_ms is not None:
        seconds = str(-(-error.after_ms // 1000))
        response.headers["Retry-After"] = seconds
        if limit := error.data.get("limit"):
            response.headers["RateLimit"] = f'"{limit}";r=0;t={seconds}'
    return response


def door_refusal(error: HTTPException) -> Response:
    """What Quart refuses before an act begins."""
    status = error.code or 500
    code, kind = DOOR_CODES.get(status, DOOR_CODES[400])
    response = _response(status, _problem(status, code, kind))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, RequestedRangeNotSatisfiable):
        response.headers["Content-Range"] = f"bytes */{error.length}"
    return response


def fault(error: Exception) -> Response:
    """Our fault: told by the id that the log has it under."""
    rule = request.url_rule.rule if request.url_rule else "-"
    trace = trace_of(log, f"{request.method} {rule}", error)
    return _response(500, _problem(500, "internal", "internal") | internal(trace) | {"id": trace})


def _problem(status: int, code: str, kind: str) -> dict[str, Any]:
    title = code.replace("_", " ").capitalize()
    return {"type": f"urn:dorfkiste:error:{code}", "title": title, "status": status, "code": code, "kind": kind}


def _response(status: int, body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/problem+json")
