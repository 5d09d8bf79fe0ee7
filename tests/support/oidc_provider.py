"""An OpenID provider that speaks the real protocol and takes it seriously; what it signs a test may spoil.

Whoever comes to its front door is ``person``, without being asked. Authorization code alone, PKCE by S256 alone,
redirects exact, codes once, clients by secret (RFC 6749, 7636, 9207; OpenID Connect Core and Discovery 1.0).
"""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from quart import Quart, Response, redirect, request

from tests.support.echo_hub import until

CLIENT, SECRET = "dorfkiste", "geheim & lang +/="


def fresh_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass
class Provider:
    redirect: str
    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "4711"})
    key: RSAKey = field(default_factory=lambda: fresh_key("k1"))
    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    iss: str | None = None
    """In place of its own name in what it sends back with the browser."""
    sign: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    """Why token requests failed."""
    signed: list[str] = field(default_factory=list)

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def authorize(self, asked: dict[str, str]) -> Response | Any:
        if asked.get("redirect_uri") != self.redirect or asked.get("client_id") != CLIENT:
            return Response("unknown client or redirect", 400)
        back = {"state": asked.get("state", ""), "iss": self.iss or self.issuer}
        whole = asked.get("response_type") == "code" and "openid" in asked.get("scope", "").split()
        if not whole or asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
            return redirect(f"{self.redirect}?{urlencode({**back, 'error': 'invalid_request'})}", 303)
        code = secrets.token_urlsafe(32)
        self.codes[code] = asked
        return redirect(f"{self.redirect}?{urlencode({**back, 'code': code})}", 303)

    def token(self, sent: dict[str, str], authorization: str) -> tuple[dict[str, Any], int]:
        asked = self.codes.pop(sent.get("code", ""), None)
        verifier = sent.get("code_verifier", "").encode()
        proven = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
        for wrong, why in (
            (_secret_of(authorization) != (CLIENT, SECRET), "invalid_client"),
            (sent.get("grant_type") != "authorization_code", "unsupported_grant_type"),
            (asked is None, "invalid_grant: code"),
            (sent.get("redirect_uri") != self.redirect, "invalid_grant: redirect"),
            (asked is not None and asked["code_challenge"] != proven, "invalid_grant: verifier"),
        ):
            if wrong:
                self.refused.append(why)
                return {"error": why.partition(":")[0]}, 400
        assert asked is not None
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked.get("nonce"))}, 200

    def id_token(self, nonce: str | None) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        header, claims = {"alg": "RS256", "kid": self.key.kid, **self.header}, {**claims, **self.claims}
        self.signed.append(self.sign(header, claims) if self.sign else jwt.encode(header, claims, self.key))
        return self.signed[-1]


def _secret_of(authorization: str) -> tuple[str, ...]:
    scheme, _, pair = authorization.partition(" ")
    if scheme != "Basic":
        return ()
    return tuple(unquote_plus(part) for part in base64.b64decode(pair).decode().split(":"))


def _app(provider: Provider) -> Quart:
    app = Quart("provider", static_folder=None)

    @app.get("/.well-known/openid-configuration")
    async def metadata() -> dict[str, Any]:
        return provider.metadata()

    @app.get("/keys")
    async def keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorize")
    async def authorize() -> Response | Any:
        return provider.authorize(dict(request.args.items()))

    @app.post("/token")
    async def token() -> tuple[dict[str, Any], int]:
        return provider.token(dict((await request.form).items()), request.headers.get("Authorization", ""))

    return app


@asynccontextmanager
async def running_provider(provider: Provider, listener: Any) -> AsyncIterator[Provider]:
    """Serve on a bound socket, which names the issuer."""
    provider.issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(_app(provider), log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve([listener]))
    await until(lambda: server.started)
    try:
        yield provider
    finally:
        server.should_exit = True
        await task
