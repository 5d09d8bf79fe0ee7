"""Other servers and apps that an operator names in the settings: where people may sign in from, and what with."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def _issuer(value: str) -> str:
    """An address without query and fragment; plain http on this machine alone."""
    parts = urlsplit(value)
    if parts.query or parts.fragment or not parts.hostname or parts.username or parts.scheme not in {"https", "http"}:
        raise ValueError("an issuer is https://host or https://host/path")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("an issuer is reached over https")
    return value


class ProviderSetting(BaseModel):
    """A server that vouches for people (OpenID Connect)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: Annotated[str, Field(min_length=1, max_length=255)]
    client_secret: SecretStr = SecretStr("")
    scope: Annotated[str, Field(pattern=r"^openid( [\x21\x23-\x5b\x5d-\x7e]+)*$")] = "openid email profile"


def _redirect(value: str) -> str:
    """Https exactly, or the person's own machine by address and without a port (RFC 8252 sections 7.2 and 7.3)."""
    parts = urlsplit(value)
    if parts.fragment or parts.username or not parts.hostname or "*" in value:
        raise ValueError("a redirect is an exact address without a fragment")
    if parts.scheme == "https" and parts.hostname not in LOOPBACK:
        return value
    if parts.scheme == "http" and parts.netloc in {"127.0.0.1", "[::1]"}:
        return value
    raise ValueError("a redirect is https://…, or http://127.0.0.1/… or http://[::1]/… without a port")


class AppSetting(BaseModel):
    """An app that people may let in (OAuth 2.1, a public client)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    redirects: Annotated[tuple[Annotated[str, AfterValidator(_redirect)], ...], Field(min_length=1)]
