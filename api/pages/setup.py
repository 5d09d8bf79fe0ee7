"""The page where a hub gets its first admin, by the secret that the start printed; its script only fills that in."""

from typing import Final

from quart import Blueprint, Response

from api.pages.account_form import AccountForm, Filled
from api.pages.asset import code_url
from api.pages.page import APP, page
from hub.ports import Ports

SCRIPT: Final = "lib/setup.js"
INPUTS: Final = ("slip", "display_name", "handle", "email", "password")


class Setup:
    """One form."""

    def __init__(self, ports: Ports) -> None:
        self._form = AccountForm(ports, "setup:found", INPUTS)

    async def show(self) -> Response:
        return await self._page(Filled())

    async def found(self) -> Response:
        filled = await self._form.send()
        return await self._page(filled if filled.error else Filled(), done=filled.error is None)

    async def _page(self, filled: Filled, *, done: bool = False) -> Response:
        told = filled.told() | {"script": code_url(SCRIPT), "done": done}
        made = await page("setup.html", "no-store", policy=APP, **told)
        made.headers["Referrer-Policy"] = "same-origin"
        return made


def setup_routes(ports: Ports) -> Blueprint:
    """The page by its path."""
    blueprint, setup = Blueprint("setup", __name__), Setup(ports)
    blueprint.add_url_rule("/setup", "show", setup.show)
    blueprint.add_url_rule("/setup", "found", setup.found, methods=["POST"])
    return blueprint
