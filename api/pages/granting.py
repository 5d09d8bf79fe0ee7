"""The page where a person lets an app in (OAuth 2.1): who asks, and yes or no. What is wrong goes back to the app."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from quart import Blueprint, redirect, request

from api.errors import STATUS
from api.pages.browser import read_form
from api.pages.page import APP
from api.pages.signin import HOME, SignIn, Trouble
from crypto.pkce import METHOD, is_challenge
from hub.errors import HubError, Invalid, Unauthenticated
from hub.grant import App
from hub.ports import Ports
from hub.usecases.granting import grant_access

PATH: Final = "/oauth/authorize"
ASKED: Final = ("client_id", "redirect_uri", "response_type", "state", "code_challenge", "code_challenge_method")
MAX_STATE: Final = 512


@dataclass(frozen=True)
class Request:
    """An app's request: ``app`` and ``redirect`` are known to belong together, the rest is to be judged."""

    app: App
    redirect: str
    fields: Mapping[str, str]

    @property
    def fault(self) -> str:
        """What the app is told is wrong, if anything (RFC 6749 section 4.1.2.1)."""
        if self.fields.get("response_type") != "code":
            return "unsupported_response_type"
        challenge = self.fields.get("code_challenge", "")
        whole = self.fields.get("code_challenge_method") == METHOD and is_challenge(challenge)
        return "" if whole and len(self.fields.get("state", "")) <= MAX_STATE else "invalid_request"

    def answer(self, issuer: str, **told: str) -> Any:
        """Back to the app, which learns from whom (RFC 9207)."""
        state = {"state": self.fields["state"]} if self.fields.get("state") else {}
        mark = "&" if "?" in self.redirect else "?"
        return redirect(f"{self.redirect}{mark}{urlencode({**told, **state, 'iss': issuer})}", 303)


class Granting:
    """The authorization endpoint."""

    def __init__(self, ports: Ports, door: SignIn, apps: Mapping[str, App]) -> None:
        self._ports, self._door, self._apps = ports, door, apps
        self._issuer = ports.policy.origin

    async def ask(self) -> Any:
        """Show the question, after signing in and proving to be there."""
        actor = await self._door.actor()
        try:
            wanted = self._request({name: request.args.getlist(name) for name in ASKED})
        except HubError as error:
            return await self._door.page(actor, "", Trouble(STATUS[error.kind], error.code), step="refused")
        if wanted.fault:
            return wanted.answer(self._issuer, error=wanted.fault)
        here = f"{PATH}?{urlencode(wanted.fields)}"
        if actor is None or actor.pending:
            return redirect(f"{HOME}?next={quote(here, safe='')}", 303)
        try:
            actor.require_recent(self._ports.clock.real())
        except Unauthenticated:
            return await self._door.page(actor, here, step="confirm")
        policy = APP.replace("form-action 'self'", f"form-action 'self' {_origin(wanted.redirect)}")
        app, host = wanted.app.name, urlsplit(wanted.redirect).hostname
        return await self._door.page(actor, "", step="consent", policy=policy, app=app, host=host, fields=wanted.fields)

    async def decide(self) -> Any:
        """Yes or no."""
        sent = await read_form(request, self._issuer)
        actor = await self._door.actor()
        try:
            wanted = self._request({name: [sent[name]] for name in ASKED if name in sent})
            if actor is None or actor.pending:
                raise Unauthenticated("sign_in_required")
            if wanted.fault or sent.get("decision") != "allow":
                return wanted.answer(self._issuer, error=wanted.fault or "access_denied")
            challenge = wanted.fields["code_challenge"]
            granted = grant_access(self._ports, actor, wanted.app, wanted.redirect, challenge)
            return wanted.answer(self._issuer, code=await self._door.kept(granted))
        except HubError as error:
            return await self._door.page(actor, "", Trouble(STATUS[error.kind], error.code), step="refused")

    def _request(self, told: Mapping[str, list[str]]) -> Request:
        """Nothing goes to an address that is not the app's; a name given twice is given wrong."""
        fields = {name: values[0] for name, values in told.items() if len(values) == 1}
        app = self._apps.get(fields.get("client_id", ""))
        wanted = fields.get("redirect_uri", "")
        if app is None or not app.may_redirect(wanted):
            raise Invalid("bad_client")
        return Request(app, wanted, fields)


def granting_routes(ports: Ports, door: SignIn, apps: Mapping[str, App]) -> Blueprint:
    """The page by its path."""
    blueprint, granting = Blueprint("granting", __name__), Granting(ports, door, apps)
    blueprint.add_url_rule(PATH, "ask", granting.ask)
    blueprint.add_url_rule(PATH, "decide", granting.decide, methods=["POST"])
    return blueprint


def _origin(url: str) -> str:
    """Where the form may lead: browsers hold redirects against the policy, too."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
