"""The plain sign-in page: by password without any script, by passkey with a small one; and what is one's own there.

Every button is an act of the table, asked as any client asks it: the same models, limits, proofs and refusals.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from quart import Blueprint, Response, redirect, request
from werkzeug.exceptions import NotFound

from api.address import caller
from api.errors import STATUS, problem
from api.gate import Gate
from api.limit import Limit, check_limits
from api.pages.asset import code_url
from api.pages.browser import YEAR_S, Cookies, check_same_site, local_path, read_form
from api.pages.page import APP, page
from api.pages.viewing import Residents, at_this_machine
from api.pages.words import errors, language_of
from api.protocol import BY_EVENT
from api.undisturbed import Undisturbed
from api.views import person as views
from api.wire import parse
from hub.account import Actor, SignedIn
from hub.errors import Forbidden, HubError, Unauthenticated
from hub.ports import Ports
from hub.usecases._sessions import Completed
from hub.usecases.sessions import lend_access

HOME: Final = "/signin"
TOKEN: Final = "/v1/session/token"  # noqa: S105 - a path
LENDING: Final = Limit("lend", 600, 3600, "ip")
SCRIPT: Final = "lib/signin.js"
CLIENT: Final = "web"
SESSION, KNOWN = "session", "known"
"""Cookies: of this sign-in, and that this browser has signed in before."""
PROOF: Final = ("credential", "client_data", "authenticator", "signature", "user_handle")
FORMS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "password": ("session:open", ("email", "password")),
    "passkey": ("passkey:open", PROOF),
    "code": ("session:complete", ("code",)),
    "code-passkey": ("passkey:complete", PROOF),
    "confirm": ("session:confirm", ("password", "code")),
    "confirm-passkey": ("passkey:confirm", PROOF),
    "add": ("passkey:add", ("client_data", "attestation", "name")),
    "rename": ("passkey:rename", ("passkey", "name")),
    "remove": ("passkey:remove", ("passkey",)),
    "unlink": ("identity:remove", ("identity",)),
    "out": ("session:revoke", ("session",)),
}
"""Each form with its act and the fields of it that people or the script fill in."""
ASKS: Final = {"open": "passkey:challenge", "session": "session:challenge", "add": "passkey:offer"}
"""What the script asks for before it turns to the authenticator."""


@dataclass(frozen=True)
class Trouble:
    """A refusal, to be shown where it happened."""

    status: int
    code: str


class SignIn:
    """The page, its forms and its script's questions."""

    def __init__(
        self, ports: Ports, gate: Gate, providers: Mapping[str, str], residents: Residents | None = None
    ) -> None:
        """``providers``: names of other servers to sign in with, by id; ``residents``: of a demo village."""
        self._ports, self._gate, self._providers, self._residents = ports, gate, providers, residents
        self.cookies = Cookies(ports.policy.origin.startswith("https://"))
        self.kept = Undisturbed()

    async def actor(self) -> Actor | None:
        """Who is signed in in this browser, if anybody."""
        cookie = self.cookies.read(request, SESSION)
        if not cookie:
            return None
        try:
            return await self._gate.admit_browser(cookie)
        except (Unauthenticated, Forbidden):
            return None

    async def show(self) -> Any:
        actor, wanted = await self.actor(), local_path(request.args.get("next", ""), "")
        if actor and not actor.pending and wanted:
            return redirect(wanted, 303)
        return await self.page(actor, wanted)

    async def page(
        self,
        actor: Actor | None,
        wanted: str,
        trouble: Trouble | None = None,
        *,
        step: str = "",
        policy: str = APP,
        **more: Any,
    ) -> Response:
        """The step that comes next: signing in, the second factor, or what is one's own; unless it is another one."""
        code = trouble.code if trouble else ""
        told: dict[str, Any] = {"next": wanted, "code": code, "trouble": errors(language_of(request)).get(code, "")}
        told |= {"providers": self._providers, "residents": self._shown_residents(), **more}
        if actor and not actor.pending:
            told |= await self._own(actor)
        step = step or ("open" if actor is None else "code" if actor.pending else "own")
        told |= {"status": trouble.status if trouble else 200, "step": step, "script": code_url(SCRIPT)}
        made = await page("signin.html", "no-store", policy=policy, **told)
        made.headers["Referrer-Policy"] = "same-origin"
        return made

    async def act(self, form: str) -> Any:
        """Press a button. Afterwards the browser asks for a page anew, so that reloading does nothing twice."""
        if form not in FORMS:
            raise NotFound
        sent = await read_form(request, self._ports.policy.origin)
        actor, wanted = await self.actor(), local_path(sent.get("next", ""), "")
        try:
            done = await self._do(form, sent, actor)
        except HubError as error:
            return await self.page(actor, wanted, Trouble(STATUS[error.kind], error.code))
        response: Any = redirect(HOME if form in {"add", "rename", "remove", "unlink"} else wanted or HOME, 303)
        if form == "out":
            self.cookies.forget(response, SESSION)
        self.remember(response, done)
        return response

    async def ask(self, what: str) -> Response:
        """The options for the authenticator, for the script."""
        if what not in ASKS:
            raise NotFound
        check_same_site(request, self._ports.policy.origin)
        try:
            told, status = await self._ask(ASKS[what], {}, await self.actor()), 200
        except HubError as error:
            status, told = problem(error)
        return Response(orjson.dumps(told), status, content_type="application/json")

    async def token(self) -> Response:
        """A short access token for the scripts of this browser, in exchange for the cookie that they cannot read."""
        check_same_site(request, self._ports.policy.origin)
        await check_limits(
            self._ports.limiter, (LENDING,), actor=None, ip=caller(request.remote_addr or ""), command=None
        )
        cookie = self.cookies.read(request, SESSION)
        if not cookie:
            raise Unauthenticated("sign_in_required")
        told = views.lent(await lend_access(self._ports, cookie))
        return Response(orjson.dumps(told), content_type="application/json", headers={"Cache-Control": "no-store"})

    async def _ask(self, event: str, payload: Mapping[str, Any], actor: Actor | None) -> dict[str, Any]:
        return BY_EVENT[event].view(await self._call(event, payload, actor))

    async def _do(self, form: str, sent: Mapping[str, str], actor: Actor | None) -> Any:
        event, names = FORMS[form]
        payload = {name: sent[name] for name in names if name in sent}
        if event in {"session:open", "passkey:open"}:
            payload |= {"client": CLIENT, "known": self.cookies.read(request, KNOWN)}
        if form == "out" and actor:
            payload = {"session": actor.session}
        return await self._call(event, payload, actor)

    async def _call(self, event: str, payload: Mapping[str, Any], actor: Actor | None) -> Any:
        row = BY_EVENT[event]
        if row.who != ("anyone",) and actor is None:
            raise Unauthenticated("sign_in_required")
        command = parse(row, payload)
        ip = caller(request.remote_addr or "")
        await check_limits(self._ports.limiter, row.limits, actor=actor, ip=ip, command=command)
        return await self.kept(row.call(self._ports, actor, command))

    def _shown_residents(self) -> Residents | None:
        return self._residents if at_this_machine(request) else None

    async def _own(self, actor: Actor) -> dict[str, Any]:
        try:
            actor.require_recent(self._ports.clock.real())
            recent = True
        except Unauthenticated:
            recent = False
        found: dict[str, Any] = {"me": await self._ask("me:get", {}, actor), "recent": recent}
        return found | await self._ask("passkey:list", {}, actor) | await self._ask("identity:list", {}, actor)

    def remember(self, response: Any, done: object) -> None:
        """Keep in the browser what a sign-in was answered with."""
        match done:
            case SignedIn():
                self.cookies.write(response, SESSION, done.refresh, done.refresh_expires)
            case Completed():
                self.cookies.write(response, SESSION, self.cookies.read(request, SESSION), done.expires)
        if isinstance(done, SignedIn | Completed) and done.known:
            self.cookies.write(response, KNOWN, done.known, YEAR_S)


def signin_routes(door: SignIn) -> Blueprint:
    """The page by its paths."""
    blueprint = Blueprint("signin", __name__)
    for path, name, handler, method in (
        (HOME, "show", door.show, "GET"),
        (f"{HOME}/<form>", "act", door.act, "POST"),
        (f"{HOME}/ask/<what>", "ask", door.ask, "POST"),
        (TOKEN, "token", door.token, "POST"),
    ):
        view: Callable[..., Awaitable[Any]] = handler
        blueprint.add_url_rule(path, name, view, methods=[method])
    return blueprint
