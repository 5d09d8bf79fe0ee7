"""The page where a neighbour joins: one form, without a script; what was agreed to is asked again once signed in."""

from typing import Final

from quart import Blueprint, Response

from api.pages.account_form import AccountForm, Filled
from api.pages.page import FILL, page
from hub.errors import HubError
from hub.ports import Ports

INPUTS: Final = ("display_name", "handle", "email", "password")
OF_INPUT: Final = {
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
        self._form, self._mailed = AccountForm(ports, "account:register", INPUTS), ports.policy.confirm_email

    async def show(self) -> Response:
        return await self._page(Filled())

    async def join(self) -> Response:
        filled = await self._form.send()
        return await self._page(filled, done=filled.error is None)

    async def _page(self, filled: Filled, *, done: bool = False) -> Response:
        at = _input_of(filled.error) if filled.error else ""
        told = filled.told() | {"at": at, "done": done, "mailed": self._mailed}
        return await page("join.html", "no-store", policy=FILL, **told)


def _input_of(error: HubError) -> str:
    return OF_INPUT.get(error.code) or str((error.data or {}).get("field", ""))


def join_routes(ports: Ports) -> Blueprint:
    """The page by its path; the link of the welcome mail has its own (slips.py)."""
    blueprint, joining = Blueprint("join", __name__), Joining(ports)
    blueprint.add_url_rule("/join", "show", joining.show)
    blueprint.add_url_rule("/join", "join", joining.join, methods=["POST"])
    return blueprint
