"""ID tokens by every kind of key we take, and by none that we do not."""

import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from crypto.idtoken import Expected, IdTokenError, UnknownKeyError, read_id_token

NOW = int(time.time())
EXPECTED = Expected("https://id.example", "kiste", "n")
CLAIMS = {"iss": "https://id.example", "aud": "kiste", "nonce": "n", "sub": "1", "iat": NOW, "exp": NOW + 300}
KEYS: dict[str, Any] = {
    "RS256": RSAKey.generate_key(2048, parameters={"kid": "k"}),
    "PS256": RSAKey.generate_key(2048, parameters={"kid": "k"}),
    "ES256": ECKey.generate_key("P-256", parameters={"kid": "k"}),
    "Ed25519": OKPKey.generate_key("Ed25519", parameters={"kid": "k"}),
}


def jwks(*keys: Any) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def signed(algorithm: str, key: Any, **header: Any) -> str:
    return jwt.encode({"alg": algorithm, "kid": "k", **header}, CLAIMS, key, algorithms=[algorithm])


@pytest.mark.parametrize("algorithm", KEYS)
def test_each_algorithm_is_read(algorithm: str) -> None:
    key = KEYS[algorithm]
    assert read_id_token(signed(algorithm, key), jwks(key), EXPECTED, NOW)["sub"] == "1"


def test_without_a_key_id_there_must_be_one_key() -> None:
    key, other = KEYS["RS256"], KEYS["PS256"]
    token = jwt.encode({"alg": "RS256"}, CLAIMS, key)
    assert read_id_token(token, jwks(key, KEYS["ES256"]), EXPECTED, NOW)
    with pytest.raises(UnknownKeyError):
        read_id_token(token, jwks(key, other), EXPECTED, NOW)


def test_a_key_is_taken_for_its_own_algorithm_and_use_alone() -> None:
    key = KEYS["RS256"]
    for more in ({"alg": "PS256"}, {"use": "enc"}):
        shown = {"keys": [{**key.as_dict(private=False), **more}]}
        with pytest.raises(UnknownKeyError):
            read_id_token(signed("RS256", key), shown, EXPECTED, NOW)


def test_a_shared_secret_in_the_set_is_never_used() -> None:
    secret = OctKey.generate_key(256, parameters={"kid": "k"})
    with pytest.raises(IdTokenError):
        read_id_token(signed("HS256", secret), {"keys": [secret.as_dict(private=True)]}, EXPECTED, NOW)


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "ä.b.c", "." * 3, "e30.e30.", "x" * 20_000])
def test_junk_is_refused_and_never_breaks(token: str) -> None:
    with pytest.raises(IdTokenError):
        read_id_token(token, jwks(KEYS["RS256"]), EXPECTED, NOW)


@pytest.mark.parametrize(
    "keys", [{}, {"keys": None}, {"keys": []}, {"keys": [{}]}, {"keys": ["x"]}, {"keys": [{"kty": "RSA"}]}]
)
def test_a_broken_key_set_is_refused_and_never_breaks(keys: Any) -> None:
    with pytest.raises(IdTokenError):
        read_id_token(signed("RS256", KEYS["RS256"]), keys, EXPECTED, NOW)
