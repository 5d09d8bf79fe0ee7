"""ID tokens of other servers (OpenID Connect Core 1.0, section 3.1.3.7): what they say, once everything was checked."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

ALGORITHMS: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "P-256", "Ed25519": "Ed25519"}
"""Each with the key it takes. No shared secrets, and never ``none``: the key decides, not the token."""
PUBLIC: Final = frozenset({"RSA", "EC", "OKP"})
HEADER: Final = frozenset({"alg", "kid", "typ"})
"""A token that brings its key, or says where to find one, is refused (RFC 8725 section 3.10)."""
SKEW_S: Final = 60
OLDEST_S: Final = 600
MAX_SUBJECT: Final = 255
MAX_TOKEN: Final = 16_384


class IdTokenError(ValueError):
    """Not to be believed; ``reason`` is for the log and holds nothing of the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownKeyError(IdTokenError):
    """Signed by a key that is not in the set: the set may be an old one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: who issued it for whom, in answer to which question."""

    issuer: str
    client: str
    nonce: str


def read_id_token(token: str, keys: Mapping[str, Any], expected: Expected, now: int) -> Mapping[str, Any]:
    """The claims, or ``IdTokenError``. ``keys`` is the issuer's JWK set as it came."""
    if len(token) > MAX_TOKEN:
        raise IdTokenError("too long")
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
        algorithm = _algorithm(header)
        claims = jwt.decode(token, _key(keys, header, algorithm), algorithms=[algorithm]).claims
    except IdTokenError:
        raise
    except (JoseError, ValueError, LookupError, TypeError) as error:
        raise IdTokenError(f"not readable: {type(error).__name__}") from error
    _check_party(claims, expected)
    _check_times(claims, now)
    return claims


def _algorithm(header: Mapping[str, Any]) -> str:
    algorithm = header.get("alg")
    if not header.keys() <= HEADER or not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise IdTokenError("another header or algorithm")
    return algorithm


def _key(keys: Mapping[str, Any], header: Mapping[str, Any], algorithm: str) -> Key:
    """The one key with this id; without an id, the only one there is. It must be made for the algorithm."""
    kid = header.get("kid")
    found = [key for key in _usable(keys) if kid in {None, key.kid} and key.get("alg") in {None, algorithm}]
    found = [key for key in found if _kind(key) == ALGORITHMS[algorithm]]
    if len(found) != 1:
        raise UnknownKeyError("no such key, or several")
    return found[0]


def _usable(keys: Mapping[str, Any]) -> Iterator[Key]:
    """Public keys for signatures; those that cannot be read are somebody else's business."""
    for told in keys["keys"]:
        if isinstance(told, dict) and told.get("kty") in PUBLIC and told.get("use") in {None, "sig"}:
            with suppress(JoseError, ValueError, LookupError, TypeError):
                yield import_key(told)


def _kind(key: Key) -> str:
    match key:
        case RSAKey():
            return "RSA"
        case ECKey() | OKPKey():
            return key.curve_name
    return ""


def _check_party(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise IdTokenError("another issuer")
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if expected.client not in several or claims.get("azp", expected.client) != expected.client:
        raise IdTokenError("meant for someone else")
    if len(several) > 1 and "azp" not in claims:
        raise IdTokenError("meant for several")
    if claims.get("nonce") != expected.nonce:
        raise IdTokenError("answers another question")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= MAX_SUBJECT:
        raise IdTokenError("no subject")


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    times = [claims.get("iat"), claims.get("exp"), claims.get("nbf", claims.get("iat"))]
    if not all(isinstance(at, int | float) and not isinstance(at, bool) for at in times):
        raise IdTokenError("a time is missing")
    issued, ends, begins = times
    if not now - OLDEST_S <= issued <= now + SKEW_S or not begins - SKEW_S <= now < ends + SKEW_S:
        raise IdTokenError("expired, or not valid yet")
