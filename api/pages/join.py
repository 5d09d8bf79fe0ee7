"""The page where a neighbour joins: one form, without a script; what was agreed to is asked again once signed in."""

from typing import Any, Final

from quart import Blueprint, Response, request

from api.address import caller
from api.errors import STATUS
from api.limit import check_limits
from api.pages.browser import read_form
from api.pages.page import FILL, page
from api.pages.words import errors, language_of
from api.protocol import BY_EVENT
from api.undisturbed import Undisturbed
from api.wire import parse
from hub.errors import HubError
from hub.ports import Ports

FIELDS: Final = ("display_name", "handle", "email", "password")
OF_FIELD: Final = {
    "bad_display_name": "display_name",
    "bad_handle": "handle",
    "handle_taken": "handle",
    "bad_email": "email",
    "bad_password": "password",
    "weak_password": "password",
}
"""Beside which input a refusal stands; any other stands on top."""


class Joining:
    """One form. Whether the address is known already is never told here, but by mail to that address."""

    def __init__(self, ports: Ports) -> None:
        self._ports, self._kept = ports, Undisturbed()

    async def show(self) -> Response:
        return await self._page({})

    async def join(self) -> Response:
        """Everything that was typed comes back with a refusal, but for the password."""
        sent = await read_form(request, self._ports.policy.origin)
        fields = {name: sent.get(name, "") for name in FIELDS}
        row, ip = BY_EVENT["account:register"], caller(request.remote_addr or "")
        try:
            command = parse(row, {**fields, "locale": language_of(request)})
            await check_limits(self._ports.limiter, row.limits, actor=None, ip=ip, command=command)
            await self._kept(row.call(self._ports, None, command))
        except HubError as error:
            return await self._page({**fields, "password": ""}, error)
        return await self._page(fields, done=True)

    async def _page(self, fields: dict[str, str], error: HubError | None = None, *, done: bool = False) -> Response:
        told: dict[str, Any] = {"fields": fields, "trouble": "", "at": "", "done": done}
        if error is not None:
            told |= {"status": STATUS[error.kind], "trouble": errors(language_of(request))[error.code]}
            told["at"] = OF_FIELD.get(error.code, str(error.data.get("field", "")) if error.data else "")
        return await page("join.html", "no-store", policy=FILL, mailed=self._ports.policy.confirm_email, **told)


def join_routes(ports: Ports) -> Blueprint:
    """The page by its path; the link of the welcome mail has its own (slips.py)."""
    blueprint, joining = Blueprint("join", __name__), Joining(ports)
    blueprint.add_url_rule("/join", "show", joining.show)
    blueprint.add_url_rule("/join", "join", joining.join, methods=["POST"])
    return blueprint
