"""The page where a hub gets its first admin, by the secret that the start printed; its script only fills that in."""

from typing import Any, Final

from quart import Blueprint, Response, request

from api.address import caller
from api.errors import STATUS
from api.limit import check_limits
from api.pages.asset import code_url
from api.pages.browser import read_form
from api.pages.page import APP, page
from api.pages.words import errors, language_of
from api.protocol import BY_EVENT
from api.undisturbed import Undisturbed
from api.wire import parse
from hub.errors import HubError
from hub.ports import Ports

SCRIPT: Final = "lib/setup.js"
FIELDS: Final = ("slip", "display_name", "handle", "email", "password")


class Setup:
    """One form."""

    def __init__(self, ports: Ports) -> None:
        self._ports, self._kept = ports, Undisturbed()

    async def show(self) -> Response:
        return await self._page({})

    async def found(self) -> Response:
        """Everything that was typed comes back with a refusal, but for the password."""
        sent = await read_form(request, self._ports.policy.origin)
        fields = {name: sent.get(name, "") for name in FIELDS}
        row, ip = BY_EVENT["setup:found"], caller(request.remote_addr or "")
        try:
            command = parse(row, {**fields, "locale": language_of(request)})
            await check_limits(self._ports.limiter, row.limits, actor=None, ip=ip, command=command)
            await self._kept(row.call(self._ports, None, command))
        except HubError as error:
            return await self._page({**fields, "password": ""}, error)
        return await self._page({}, done=True)

    async def _page(self, fields: dict[str, str], error: HubError | None = None, **more: Any) -> Response:
        told: dict[str, Any] = {"fields": fields, "script": code_url(SCRIPT), "trouble": "", **more}
        if error is not None:
            told |= {"status": STATUS[error.kind], "trouble": errors(language_of(request))[error.code]}
        made = await page("setup.html", "no-store", policy=APP, **told)
        made.headers["Referrer-Policy"] = "same-origin"
        return made


def setup_routes(ports: Ports) -> Blueprint:
    """The page by its path."""
    blueprint, setup = Blueprint("setup", __name__), Setup(ports)
    blueprint.add_url_rule("/setup", "show", setup.show)
    blueprint.add_url_rule("/setup", "found", setup.found, methods=["POST"])
    return blueprint
