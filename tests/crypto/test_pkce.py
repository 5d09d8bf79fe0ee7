"""Proof keys for code exchange: the published example, and nothing that only looks like one."""

import pytest

from crypto.pkce import challenge_of, is_challenge, matches, new_verifier

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_example_of_rfc_7636_appendix_b() -> None:
    assert challenge_of(VERIFIER) == CHALLENGE
    assert matches(CHALLENGE, VERIFIER)


def test_a_fresh_one_matches_itself_alone() -> None:
    one, other = new_verifier(), new_verifier()
    assert matches(challenge_of(one), one)
    assert not matches(challenge_of(one), other)


@pytest.mark.parametrize("verifier", ["", "a" * 42, "a" * 129, VERIFIER + "=", VERIFIER + "\n", "ä" * 43, CHALLENGE])
def test_what_is_no_verifier_matches_nothing(verifier: str) -> None:
    assert not matches(CHALLENGE, verifier)


@pytest.mark.parametrize("text", ["", "a" * 42, "a" * 44, "=" * 43, CHALLENGE + "\n", "ä" * 43])
def test_what_cannot_be_a_hash_is_no_challenge(text: str) -> None:
    assert is_challenge(CHALLENGE)
    assert not is_challenge(text)
