"""Tokens for apps (OAuth 2.1): metadata (RFC 8414), codes and refresh tokens for tokens, revocation (RFC 7009)."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from quart import Blueprint, Response, request

from api.address import caller
from api.gate import Gate
from api.limit import Limit, check_limits
from api.undisturbed import Undisturbed
from hub.account import SignedIn
from hub.errors import HubError, Invalid, Unauthenticated
from hub.grant import App
from hub.ports import Ports
from hub.usecases.granting import RedeemCode, end_grant, redeem_code, renew_grant

FORM: Final = "application/x-www-form-urlencoded"
MAX_FORM: Final = 16_384
MAX_FIELDS: Final = 20
LIMITS: Final = (Limit("oauth", 600, 3600, "ip"),)


class OAuthError(Exception):
    """A refusal in the words of RFC 6749 section 5.2, which are fewer than ours."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.status = error, status


class TokenDoor:
    """What apps ask without a person."""

    def __init__(self, ports: Ports, gate: Gate, apps: Mapping[str, App]) -> None:
        self._ports, self._gate, self._apps = ports, gate, apps
        self._kept = Undisturbed()

    async def metadata(self) -> Response:
        issuer = self._ports.policy.origin
        return _json({
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/oauth/authorize",
            "token_endpoint": f"{issuer}/oauth/token",
            "revocation_endpoint": f"{issuer}/oauth/revoke",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "authorization_response_iss_parameter_supported": True,
            "service_documentation": f"{issuer}/docs/people",
        })  # fmt: skip

    async def token(self) -> Response:
        """Tokens for a code or for a refresh token."""
        try:
            fields = await self._fields()
            signed_in = await self._kept(self._signed_in(fields, self._app(fields)))
        except OAuthError as error:
            return _json({"error": error.error}, error.status)
        except (Unauthenticated, Invalid):
            return _json({"error": "invalid_grant"}, 400)
        return _json(self._tokens(signed_in))

    async def revoke(self) -> Response:
        """End what a token stands for; a token that stands for nothing is over already."""
        try:
            fields = await self._fields()
            app, token = self._app(fields), _needed(fields, "token")
            await self._kept(self._revoked(token, app))
        except OAuthError as error:
            return _json({"error": error.error}, error.status)
        return _json({})

    async def _signed_in(self, fields: Mapping[str, str], app: App) -> SignedIn:
        match fields.get("grant_type"):
            case "authorization_code":
                told = [_needed(fields, name) for name in ("code", "redirect_uri", "code_verifier")]
                return await redeem_code(self._ports, RedeemCode(told[0], app.id, told[1], told[2]), app)
            case "refresh_token":
                return await renew_grant(self._ports, _needed(fields, "refresh_token"), app)
            case None:
                raise OAuthError("invalid_request")
        raise OAuthError("unsupported_grant_type")

    async def _revoked(self, token: str, app: App) -> None:
        try:
            session, _ = self._ports.tokens.read_refresh(token)
        except Unauthenticated:
            try:
                session = (await self._gate.admit(token)).actor.session
            except HubError:
                return
        await end_grant(self._ports, session, app)

    async def _fields(self) -> dict[str, str]:
        """A small form, each name once."""
        ip = caller(request.remote_addr or "")
        await check_limits(self._ports.limiter, LIMITS, actor=None, ip=ip, command=None)
        if request.mimetype != FORM or request.content_length is None or request.content_length > MAX_FORM:
            raise OAuthError("invalid_request")
        sent = list((await request.form).items(multi=True))
        if len(sent) > MAX_FIELDS or len(dict(sent)) != len(sent):
            raise OAuthError("invalid_request")
        return dict(sent)

    def _app(self, fields: Mapping[str, str]) -> App:
        app = self._apps.get(fields.get("client_id", ""))
        if app is None:
            raise OAuthError("invalid_client", 401)
        return app

    def _tokens(self, signed_in: SignedIn) -> dict[str, Any]:
        lasts = signed_in.access_expires.timestamp() - self._ports.clock.seconds()
        return {
            "access_token": signed_in.access,
            "token_type": "Bearer",
            "expires_in": max(0, int(lasts)),
            "refresh_token": signed_in.refresh,
        }


def oauth_routes(ports: Ports, gate: Gate, apps: Mapping[str, App]) -> Blueprint:
    """The endpoints by their paths."""
    blueprint, door = Blueprint("oauth", __name__), TokenDoor(ports, gate, apps)
    blueprint.add_url_rule("/.well-known/oauth-authorization-server", "metadata", door.metadata)
    blueprint.add_url_rule("/oauth/token", "token", door.token, methods=["POST"])
    blueprint.add_url_rule("/oauth/revoke", "revoke", door.revoke, methods=["POST"])
    return blueprint


def _needed(fields: Mapping[str, str], name: str) -> str:
    if not fields.get(name):
        raise OAuthError("invalid_request")
    return fields[name]


def _json(told: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(told), status, content_type="application/json")
