"""Leaving for another server to sign in there, coming back, and joining by it. A browser's doing from end to end."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from quart import Blueprint, Response, redirect, request
from werkzeug.exceptions import NotFound as NoPage

from api.address import caller
from api.clients.oidc import OidcClient, ProviderError, Returned
from api.errors import STATUS
from api.limit import Limit, check_limits
from api.pages.browser import local_path, read_form
from api.pages.signin import CLIENT, HOME, KNOWN, SignIn, Trouble
from api.pages.words import language_of
from crypto.tokens import new_slip
from hub.errors import HubError, NotFound, Unauthenticated, Unavailable
from hub.identity import Claimed
from hub.ports import Ports
from hub.usecases.identities import (
    Arrived,
    Departure,
    JoinByIdentity,
    arrive,
    depart,
    join_by_identity,
    link_identity,
    newcomer,
    open_by_identity,
    remember_newcomer,
)

DEPARTURE: Final = "departure"
NEWCOMER: Final = "newcomer"
AWAY_S: Final = 600
LIMITS: Final = (Limit("provider", 60, 3600, "ip"),)

log = logging.getLogger("dorfkiste.oidc")


class Providers:
    """Every provider of the settings, by its id."""

    def __init__(self, ports: Ports, door: SignIn, clients: Mapping[str, OidcClient]) -> None:
        self._ports, self._door, self._clients = ports, door, clients

    async def leave(self, provider: str) -> Any:
        """To the provider; with ``link`` to add it to the account that is signed in here."""
        client, browser = self._client(provider), new_slip()
        try:
            await self._limit()
            departed = await depart(self._ports, await self._departure(provider, browser))
            url = await _told(provider, client.address(departed.state, departed.nonce, departed.verifier))
        except HubError as error:
            return await self._trouble(error)
        response: Any = redirect(url, 303)
        self._door.cookies.write(response, DEPARTURE, browser, AWAY_S)
        return response

    async def come_back(self, provider: str) -> Any:
        """From the provider. What it says is asked for by this very browser, once."""
        client = self._client(provider)
        try:
            await self._limit()
            arrived = await self._arrived(provider)
            claimed = await _told(provider, client.claimed(_returned(arrived), int(self._ports.clock.seconds())))
            response = await self._welcome(arrived.departure, claimed)
        except HubError as error:
            response = await self._trouble(error)
        self._door.cookies.forget(response, DEPARTURE)
        return response

    async def choose(self) -> Response:
        """The form for somebody new."""
        try:
            claimed = await newcomer(self._ports, *self._new())
        except HubError as error:
            return await self._trouble(error)
        fields = {"email": claimed.email, "handle": claimed.handle.casefold(), "display_name": claimed.name}
        return await self._door.page(None, "", step="join", fields=fields)

    async def join(self) -> Response:
        """Somebody new has chosen a name."""
        sent = await read_form(request, self._ports.policy.origin)
        fields = {name: sent.get(name, "") for name in ("email", "handle", "display_name")}
        try:
            await self._limit()
            slip, browser = self._new()
            command = JoinByIdentity(slip, browser, **fields, locale=language_of(request))
            await self._door.kept(join_by_identity(self._ports, command))
        except HubError as error:
            return await self._door.page(None, "", Trouble(STATUS[error.kind], error.code), step="join", fields=fields)
        response = await self._door.page(None, "", step="joined")
        self._door.cookies.forget(response, NEWCOMER)
        return response

    def _client(self, provider: str) -> OidcClient:
        if provider not in self._clients:
            raise NoPage
        return self._clients[provider]

    async def _departure(self, provider: str, browser: str) -> Departure:
        if "link" not in request.args:
            return Departure(provider, browser, local_path(request.args.get("next", ""), ""))
        actor = await self._door.actor()
        if actor is None or actor.pending:
            raise Unauthenticated("sign_in_required")
        actor.require_recent(self._ports.clock.real())
        return Departure(provider, browser, user=actor.user)

    async def _arrived(self, provider: str) -> Arrived:
        """Looked at before anything else that came back: without it, nobody here had asked."""
        browser = self._door.cookies.read(request, DEPARTURE)
        arrived = await arrive(self._ports, request.args.get("state", ""), provider, browser)
        if "code" not in request.args:
            raise Unauthenticated("provider_refused")
        return arrived

    async def _welcome(self, departure: Departure, claimed: Claimed) -> Any:
        if departure.user:
            return await self._link(departure, claimed)
        known = self._door.cookies.read(request, KNOWN)
        opened = await self._door.kept(open_by_identity(self._ports, claimed, CLIENT, known))
        if opened is None:
            return await self._newcomer(claimed)
        response: Any = redirect(departure.wanted or HOME, 303)
        self._door.remember(response, opened)
        return response

    async def _link(self, departure: Departure, claimed: Claimed) -> Any:
        actor = await self._door.actor()
        if actor is None or actor.pending or actor.user != departure.user:
            raise Unauthenticated("bad_state")
        await self._door.kept(link_identity(self._ports, actor, claimed))
        return redirect(HOME, 303)

    async def _newcomer(self, claimed: Claimed) -> Any:
        browser = new_slip()
        slip = await remember_newcomer(self._ports, claimed, browser)
        response: Any = redirect(f"{HOME}/join", 303)
        self._door.cookies.write(response, NEWCOMER, f"{slip}.{browser}", AWAY_S)
        return response

    def _new(self) -> tuple[str, str]:
        slip, _, browser = self._door.cookies.read(request, NEWCOMER).partition(".")
        if not browser:
            raise NotFound("slip_not_found")
        return slip, browser

    async def _limit(self) -> None:
        ip = caller(request.remote_addr or "")
        await check_limits(self._ports.limiter, LIMITS, actor=None, ip=ip, command=None)

    async def _trouble(self, error: HubError) -> Response:
        actor = await self._door.actor()
        return await self._door.page(actor, "", Trouble(STATUS[error.kind], error.code))


def provider_routes(ports: Ports, door: SignIn, clients: Mapping[str, OidcClient]) -> Blueprint:
    """The ways there and back."""
    blueprint, providers = Blueprint("providers", __name__), Providers(ports, door, clients)
    blueprint.add_url_rule(f"{HOME}/with/<provider>", "leave", providers.leave)
    blueprint.add_url_rule(f"{HOME}/back/<provider>", "come_back", providers.come_back)
    blueprint.add_url_rule(f"{HOME}/join", "choose", providers.choose)
    blueprint.add_url_rule(f"{HOME}/join", "join", providers.join, methods=["POST"])
    return blueprint


def _returned(arrived: Arrived) -> Returned:
    return Returned(request.args["code"], request.args.get("iss"), arrived.nonce, arrived.verifier)


async def _told(provider: str, asked: Any) -> Any:
    """What the provider says; the log learns why nothing, people only that."""
    try:
        return await asked
    except ProviderError as error:
        log.warning("provider %s: %s", provider, error.reason)
        raise Unavailable("provider_unavailable", after_ms=5000) from error
