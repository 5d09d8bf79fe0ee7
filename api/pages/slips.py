"""The pages that mails lead to: one form each, without a script, so that they work wherever the mail is read."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from quart import Blueprint, Response, request

from api.address import caller
from api.errors import STATUS
from api.limit import check_limits
from api.pages.page import FILL, page
from api.pages.words import errors, language_of
from api.protocol.person import SLIP
from hub.errors import HubError
from hub.ports import Ports
from hub.usecases.mailing import (
    ConfirmAccount,
    ConfirmAddress,
    ForgetPassword,
    ResetPassword,
    confirm_account,
    confirm_address,
    forget_password,
    reset_password,
)

MAX_FIELD: Final = 512

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Form:
    """``kind`` names the words, ``field`` the input there is besides the button, ``do`` what the button does."""

    kind: str
    field: str
    do: Callable[[Ports, str, Fields], Awaitable[None]]


async def _account(ports: Ports, slip: str, fields: Fields) -> None:
    await confirm_account(ports, ConfirmAccount(slip, fields.get("handle") or None))


async def _address(ports: Ports, slip: str, _: Fields) -> None:
    await confirm_address(ports, ConfirmAddress(slip))


async def _password(ports: Ports, slip: str, fields: Fields) -> None:
    await reset_password(ports, ResetPassword(slip, fields.get("password", "")))


async def _forgot(ports: Ports, _: str, fields: Fields) -> None:
    await forget_password(ports, ForgetPassword(fields.get("email", "")))


FORMS: Final = {
    "/join/<slip>": Form("account", "", _account),
    "/address/<slip>": Form("address", "", _address),
    "/reset/<slip>": Form("password", "password", _password),
    "/forgot": Form("forgot", "email", _forgot),
}


def slip_routes(ports: Ports) -> Blueprint:
    """The forms by their paths."""
    blueprint = Blueprint("slips", __name__)
    for path, form in FORMS.items():
        blueprint.add_url_rule(path, form.kind, _shower(form), methods=["GET"])
        blueprint.add_url_rule(path, f"{form.kind}_do", _doer(ports, form), methods=["POST"])
    return blueprint


def _shower(form: Form) -> Callable[..., Awaitable[Response]]:
    async def show(slip: str = "") -> Response:  # noqa: ARG001 - it is looked at when the button is pressed
        return await _shown(form)

    return show


def _doer(ports: Ports, form: Form) -> Callable[..., Awaitable[Response]]:
    async def do(slip: str = "") -> Response:
        sent = await request.form
        fields = {name: sent[name][:MAX_FIELD] for name in ("password", "email", "handle") if name in sent}
        try:
            await check_limits(ports.limiter, (SLIP,), actor=None, ip=caller(request.remote_addr or ""), command=None)
            await form.do(ports, slip, fields)
        except HubError as error:
            return await _shown(form, status=STATUS[error.kind], code=error.code)
        return await _shown(form, done=True)

    return do


async def _shown(form: Form, *, status: int = 200, code: str = "", done: bool = False) -> Response:
    told: dict[str, Any] = {"form": form, "code": code, "done": done}
    told["trouble"] = errors(language_of(request)).get(code, "")
    return await page("slip.html", "no-store", status=status, policy=FILL, **told)
