"""Access tokens: one algorithm, known keys, every claim; refresh tokens: opaque, hashed, with one successor."""

import json
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import OctKey, OKPKey

from crypto import b64, tokens
from crypto.tokens import TokenError, TokenSigner

NOW = 1_760_000_000
SEEDS = {"old": b"\x01" * 32, "new": b"\x02" * 32}
SIGNER = TokenSigner(SEEDS, "new", "https://kiste.example")
CLAIMS: dict[str, Any] = {
    "iss": "https://kiste.example",
    "aud": "hub",
    "sub": "u",
    "sid": "s",
    "jti": "j",
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 300,
}
HEADER = {"alg": "Ed25519", "kid": "new", "typ": "at+jwt"}


def signed(header: dict[str, Any] = HEADER, claims: dict[str, Any] = CLAIMS, kid: str = "new") -> str:
    """A token with a good signature over whatever header and claims."""
    head = b64.encode(json.dumps(header).encode())
    body = b64.encode(json.dumps(claims).encode())
    key = tokens._key(SEEDS[kid])
    return f"{head}.{body}.{b64.encode(key.private_key.sign(f'{head}.{body}'.encode()))}"


def refuse(token: str, now: int = NOW) -> None:
    with pytest.raises(TokenError):
        SIGNER.verify(token, now)


def test_an_issued_token_tells_who_it_is() -> None:
    claims = SIGNER.verify(SIGNER.issue("u", "s", "d", ttl_s=300, now=NOW), NOW)
    assert (claims.sub, claims.sid, claims.dev, claims.iat, claims.exp) == ("u", "s", "d", NOW, NOW + 300)


def test_a_token_without_a_device_says_so() -> None:
    assert SIGNER.verify(SIGNER.issue("u", "s", None, ttl_s=300, now=NOW), NOW).dev is None


def test_no_two_tokens_are_the_same() -> None:
    assert SIGNER.issue("u", "s", None, ttl_s=300, now=NOW) != SIGNER.issue("u", "s", None, ttl_s=300, now=NOW)


def test_a_token_made_by_hand_the_same_way_is_accepted() -> None:
    assert SIGNER.verify(signed(), NOW).jti == "j"


def test_a_token_lives_from_its_start_until_just_before_its_end() -> None:
    token = SIGNER.issue("u", "s", None, ttl_s=300, now=NOW)
    SIGNER.verify(token, NOW + 299)
    refuse(token, NOW + 300)
    refuse(token, NOW - 1)


def test_tokens_of_the_former_key_stay_good_while_it_is_kept() -> None:
    token = TokenSigner(SEEDS, "old", "https://kiste.example").issue("u", "s", None, ttl_s=300, now=NOW)
    assert SIGNER.verify(token, NOW)
    after = TokenSigner({"new": SEEDS["new"]}, "new", "https://kiste.example")
    with pytest.raises(TokenError):
        after.verify(token, NOW)


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"])
@pytest.mark.parametrize("value", [None, "", 1.5, [], True])
def test_a_missing_or_odd_claim_is_refused(claim: str, value: Any) -> None:
    refuse(signed(claims={**CLAIMS, claim: value}))


@pytest.mark.parametrize("claim", ["iss", "aud"])
def test_a_token_for_or_of_someone_else_is_refused(claim: str) -> None:
    refuse(signed(claims={**CLAIMS, claim: "https://other.example"}))


def test_a_device_that_is_no_text_is_refused() -> None:
    refuse(signed(claims={**CLAIMS, "dev": 1}))


def test_claims_that_are_no_object_are_refused() -> None:
    refuse(jws.serialize_compact(HEADER, b"[]", tokens._key(SEEDS["new"]), ["Ed25519"]))


@pytest.mark.parametrize(
    "header",
    [
        {**HEADER, "jku": "https://evil.example/keys"},
        {**HEADER, "x5u": "https://evil.example/cert"},
        {**HEADER, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}},
        {**HEADER, "crit": ["exp"], "exp": 1},
        {**HEADER, "b64": False, "crit": ["b64"]},
        {**HEADER, "alg": "none"},
        {**HEADER, "alg": "HS256"},
        {**HEADER, "alg": "EdDSA"},
        {**HEADER, "alg": "Ed448"},
        {**HEADER, "kid": "unknown"},
        {**HEADER, "kid": "../new"},
        {**HEADER, "kid": ["new"]},
        {**HEADER, "kid": "old"},
        {**HEADER, "typ": "JWT"},
        {**HEADER, "typ": "AT+JWT"},
        {"alg": "Ed25519", "typ": "at+jwt"},
        {"alg": "Ed25519", "kid": "new"},
        [],
        None,
    ],
)
def test_another_header_is_refused_even_if_signed(header: Any) -> None:
    refuse(signed(header))


def test_the_public_key_is_no_hmac_secret() -> None:
    public = tokens._key(SEEDS["new"]).as_dict(private=False)["x"]
    key = OctKey.import_key({"kty": "oct", "k": str(public)})
    refuse(jwt.encode({**HEADER, "alg": "HS256"}, CLAIMS, key, algorithms=["HS256"]))


def test_a_stranger_s_key_is_refused() -> None:
    refuse(jwt.encode(HEADER, CLAIMS, OKPKey.generate_key("Ed25519"), algorithms=["Ed25519"]))


def test_each_changed_character_is_refused() -> None:
    token = signed()
    for place, character in enumerate(token):
        refuse(token[:place] + ("A" if character != "A" else "B") + token[place + 1 :])


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "ä.ä.ä", "e30.e30.", "null.null.null", "A" * 9000])
def test_what_is_no_token_is_refused(token: str) -> None:
    refuse(token)


def test_refresh_tokens_are_256_random_bits() -> None:
    first, second = tokens.new_refresh(), tokens.new_refresh()
    assert first != second
    assert len(b64.decode(first)) == 32


def test_the_hub_keeps_a_hash_that_is_not_the_token() -> None:
    token = tokens.new_refresh()
    assert tokens.refresh_hash(token) == tokens.refresh_hash(token)
    assert tokens.refresh_hash(token) not in {b64.decode(token), token.encode()}


def test_parallel_uses_get_the_same_successor() -> None:
    key, token = b"k" * 32, tokens.new_refresh()
    assert tokens.successor(key, token) == tokens.successor(key, token)
    assert tokens.successor(key, token) != tokens.successor(b"l" * 32, token)
    assert tokens.successor(key, tokens.successor(key, token)) != token
