"""Signing in with another server (OpenID Connect): found by discovery, code with PKCE, everything it says checked."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from api.clients.outbound import Outbound, Unreachable
from crypto.idtoken import Expected, IdTokenError, UnknownKeyError, read_id_token
from crypto.pkce import METHOD, challenge_of
from hub.identity import Claimed

DISCOVERY: Final = "/.well-known/openid-configuration"
FRESH_S: Final = 3600.0
KEYS_AGAIN_S: Final = 60.0
"""A token by an unknown key makes us look for new keys, but not more often than this."""
OK: Final = 200


class ProviderError(Exception):
    """It cannot be reached or is not to be believed; ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Provider:
    """What the operator agreed on with it. Without a secret the hub is a public client there."""

    id: str
    name: str
    issuer: str
    client: str
    secret: str = ""
    scope: str = "openid email profile"


@dataclass(frozen=True, slots=True)
class Returned:
    """What a browser brought back, and what it had been sent with."""

    code: str
    iss: str | None
    nonce: str
    verifier: str


class OidcClient:
    """One provider; ``redirect`` is where it sends browsers back to."""

    def __init__(self, provider: Provider, outbound: Outbound, redirect: str) -> None:
        self.provider = provider
        self._outbound, self._redirect = outbound, redirect
        self._known: dict[str, tuple[float, Mapping[str, Any]]] = {}

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser. ``ProviderError``."""
        endpoint = str(_text(await self._metadata(), "authorization_endpoint"))
        asked = {
            "response_type": "code",
            "client_id": self.provider.client,
            "redirect_uri": self._redirect,
            "scope": self.provider.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": METHOD,
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def claimed(self, returned: Returned, now: int) -> Claimed:
        """Who it says that it is. ``ProviderError``."""
        metadata = await self._metadata()
        self._check_issuer(metadata, returned.iss)
        token = await self._redeemed(metadata, returned)
        expected = Expected(self.provider.issuer, self.provider.client, returned.nonce)
        claims = await self._read(token, _text(metadata, "jwks_uri"), expected, now)
        verified = claims.get("email_verified") is True
        return Claimed(
            provider=self.provider.id,
            issuer=self.provider.issuer,
            subject=claims["sub"],
            email=_claim(claims, "email") if verified else "",
            name=_claim(claims, "name"),
            handle=_claim(claims, "preferred_username"),
        )

    def _check_issuer(self, metadata: Mapping[str, Any], iss: str | None) -> None:
        """Against mix-up: the answer comes from who was asked (RFC 9207)."""
        needed = metadata.get("authorization_response_iss_parameter_supported") is True
        if iss != self.provider.issuer and (needed or iss is not None):
            raise ProviderError("answered by another issuer")

    async def _redeemed(self, metadata: Mapping[str, Any], returned: Returned) -> str:
        sent = {
            "grant_type": "authorization_code",
            "code": returned.code,
            "redirect_uri": self._redirect,
            "code_verifier": returned.verifier,
        }
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        if self.provider.secret and "client_secret_basic" in _methods(metadata):
            headers["authorization"] = _basic(self.provider.client, self.provider.secret)
        else:
            sent["client_id"] = self.provider.client
            sent |= {"client_secret": self.provider.secret} if self.provider.secret else {}
        body = urlencode(sent).encode()
        return _text(await self._json("POST", _text(metadata, "token_endpoint"), headers, body), "id_token")

    async def _read(self, token: str, keys: str, expected: Expected, now: int) -> Mapping[str, Any]:
        try:
            return read_id_token(token, await self._fetched(keys, FRESH_S), expected, now)
        except UnknownKeyError:
            pass  # perhaps they were changed
        except IdTokenError as error:
            raise ProviderError(error.reason) from error
        try:
            return read_id_token(token, await self._fetched(keys, KEYS_AGAIN_S), expected, now)
        except IdTokenError as error:
            raise ProviderError(error.reason) from error

    async def _metadata(self) -> Mapping[str, Any]:
        found = await self._fetched(self.provider.issuer.removesuffix("/") + DISCOVERY, FRESH_S)
        if found.get("issuer") != self.provider.issuer:
            raise ProviderError("describes another issuer")
        return found

    async def _fetched(self, url: str, fresh_s: float) -> Mapping[str, Any]:
        at, known = self._known.get(url, (-FRESH_S, {}))
        if monotonic() - at < fresh_s and known:
            return known
        found = await self._json("GET", url, {"accept": "application/json"}, None)
        self._known[url] = monotonic(), found
        return found

    async def _json(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Mapping[str, Any]:
        try:
            reply = await self._outbound.send(method, url, headers=headers, content=body)
        except Unreachable as error:
            raise ProviderError(error.reason) from error
        if reply.status != OK:
            raise ProviderError(f"answered {reply.status}")
        try:
            found = json.loads(reply.body)
        except ValueError:
            raise ProviderError("no JSON") from None
        if not isinstance(found, dict):
            raise ProviderError("no JSON object")
        return found


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise ProviderError(f"no {name}")
    return value


def _claim(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) and len(value) <= 254 else ""  # noqa: PLR2004 - as long as an e-mail gets


def _methods(metadata: Mapping[str, Any]) -> list[Any]:
    found = metadata.get("token_endpoint_auth_methods_supported")
    return found if isinstance(found, list) else ["client_secret_basic"]


def _basic(client: str, secret: str) -> str:
    """Each part form-encoded before they are joined (RFC 6749 section 2.3.1)."""
    pair = f"{quote_plus(client)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")
