"""What every page of the village does before it is made: count who asks, and say a refusal as a page."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Final

from quart import Response, request

from api.address import caller
from api.errors import STATUS
from api.limit import Limit, check_limits
from api.pages.page import PRIVATE, page
from hub.errors import HubError, NotFound, RateLimited
from hub.ports import Ports

VISIT: Final = Limit("page", 240, 60, "ip")

View = Callable[..., Awaitable[Response]]


def open_to_all(ports: Ports, view: View, *limits: Limit) -> View:
    """``view`` for anybody, as often as these limits let them."""

    @wraps(view)
    async def visited(**path: str) -> Response:
        try:
            ip = caller(request.remote_addr or "")
            await check_limits(ports.limiter, (VISIT, *limits), actor=None, ip=ip, command=None)
            return await view(ports, **path)
        except HubError as error:
            return await _refused(error)

    return visited


async def _refused(error: HubError) -> Response:
    kind = "gone" if isinstance(error, NotFound) else "busy" if isinstance(error, RateLimited) else "failed"
    response = await page("error.html", PRIVATE, status=STATUS[error.kind], kind=kind, trace="")
    if error.after_ms is not None:
        response.headers["Retry-After"] = str(-(-error.after_ms // 1000))
    return response
