"""Passwords are hashed at a cost that hurts, the same whether an account exists or not."""

import argon2
import pytest

from crypto import passwords


@pytest.fixture(scope="module")
def stored() -> str:
    return passwords.hash_password("ein Käsebrot bitte")


def test_the_right_password_is_accepted(stored: str) -> None:
    assert passwords.verify_password(stored, "ein Käsebrot bitte")


def test_another_password_is_refused(stored: str) -> None:
    assert not passwords.verify_password(stored, "ein Kasebrot bitte")


def test_a_keyboard_that_composes_letters_otherwise_signs_in_too(stored: str) -> None:
    assert passwords.verify_password(stored, "ein Ka\u0308sebrot bitte")


def test_each_hash_has_its_own_salt(stored: str) -> None:
    assert passwords.hash_password("ein Käsebrot bitte") != stored


def test_the_cost_is_what_asvs_asks_for(stored: str) -> None:
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.needs_rehash(stored)


def test_a_cheaper_hash_is_to_be_made_again() -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
    assert passwords.verify_password(cheap, "x")
    assert passwords.needs_rehash(cheap)


def test_the_dummy_costs_the_same_and_nobody_knows_its_password() -> None:
    assert not passwords.needs_rehash(passwords.DUMMY_HASH)
    assert not passwords.verify_password(passwords.DUMMY_HASH, "")


@pytest.mark.parametrize("stored", ["", "x", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_stored_text_that_is_no_hash_never_matches(stored: str) -> None:
    assert not passwords.verify_password(stored, stored)


def test_any_text_is_hashed_without_an_accident() -> None:
    assert not passwords.verify_password(passwords.DUMMY_HASH, "\ud800\0")
