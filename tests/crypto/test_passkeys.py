"""What an authenticator answers proves something only as it was made: other sites, challenges, frames and bits fail."""

import secrets
from dataclasses import replace
from typing import Any

import pytest

from crypto.passkeys import PasskeyError, Proof, challenge_of, name_of, site_of, verify_new, verify_proof
from tests.support.authenticator import PRESENT, VERIFIED, Authenticator
from tests.support.world import ORIGIN

CHALLENGE = bytes(range(32))


def device(**how: Any) -> Authenticator:
    return Authenticator(b"anna", **how)


def made(by: Authenticator, **more: Any) -> Any:
    return verify_new(**by.make(CHALLENGE, **more), challenge=CHALLENGE, origin=ORIGIN)


def proven(by: Authenticator, key: bytes, **more: Any) -> Any:
    return verify_proof(Proof(**by.sign(CHALLENGE, **more)), challenge=CHALLENGE, origin=ORIGIN, key=key)


def test_a_passkey_is_made_and_signs() -> None:
    anna = device()
    new = made(anna)
    assert (new.credential, new.count, new.synced) == (anna.credential, 0, False)
    assert proven(anna, new.key) == (1, False)
    assert proven(anna, new.key) == (2, False)


def test_a_site_is_the_host_alone() -> None:
    assert site_of("http://localhost:8000") == "localhost"
    assert site_of("https://kiste.example") == "kiste.example"


def test_the_challenge_is_read_before_anything_is_believed() -> None:
    assert challenge_of(device().client_data("get", CHALLENGE)) == CHALLENGE


@pytest.mark.parametrize(
    "junk", [b"", b"{", b"[]", b"null", b"\xff", b'{"challenge": 1}', b'{"challenge": "="}', b"[" * 2000]
)
def test_what_names_no_challenge_is_refused(junk: bytes) -> None:
    with pytest.raises(PasskeyError):
        challenge_of(junk)


WRONG: list[dict[str, Any]] = [
    {"origin": "https://kiste.example:444"},
    {"origin": "http://kiste.example"},
    {"origin": "https://evil.example"},
    {"site": "example"},
    {"site": "evil.example"},
    {"flags": PRESENT},
    {"flags": VERIFIED},
]


@pytest.mark.parametrize("how", WRONG, ids=str)
def test_made_or_used_elsewhere_or_without_its_owner_it_proves_nothing(how: dict[str, Any]) -> None:
    honest = device()
    new = made(honest)
    with pytest.raises(PasskeyError):
        made(device(**how))
    with pytest.raises(PasskeyError):
        proven(replace(honest, **how), new.key)


@pytest.mark.parametrize(
    "more", [{"crossOrigin": True}, {"topOrigin": "https://evil.example"}, {"type": "webauthn.other"}]
)
def test_in_a_frame_or_for_something_else_it_proves_nothing(more: dict[str, Any]) -> None:
    honest = device()
    new = made(honest)
    for attempt in (lambda: made(device(), **more), lambda: proven(honest, new.key, **more)):
        with pytest.raises(PasskeyError):
            attempt()


def test_another_challenge_or_key_proves_nothing() -> None:
    honest, other = device(), device()
    new = made(honest)
    with pytest.raises(PasskeyError):
        verify_new(**honest.make(CHALLENGE), challenge=bytes(32), origin=ORIGIN)
    with pytest.raises(PasskeyError):
        proven(other, new.key)


def test_any_flipped_bit_or_cut_fails_and_never_breaks() -> None:
    honest = device()
    new = made(honest)
    whole = honest.sign(CHALLENGE)
    for part in ("client_data", "authenticator", "signature"):
        for _ in range(40):
            spoiled = bytearray(whole[part])
            spoiled[secrets.randbelow(len(spoiled))] ^= 1 << secrets.randbelow(8)
            with pytest.raises(PasskeyError):
                _verify(Proof(**{**whole, part: bytes(spoiled)}), new.key)
        with pytest.raises(PasskeyError):
            _verify(Proof(**{**whole, part: whole[part][:-1]}), new.key)


def _verify(proof: Proof, key: bytes) -> None:
    verify_proof(proof, challenge=CHALLENGE, origin=ORIGIN, key=key)


def test_a_new_one_that_is_cut_or_spoiled_never_breaks() -> None:
    whole = device().make(CHALLENGE)
    for cut in range(len(whole["attestation"])):
        with pytest.raises(PasskeyError):
            verify_new(whole["client_data"], whole["attestation"][:cut], challenge=CHALLENGE, origin=ORIGIN)
    with pytest.raises(PasskeyError):
        verify_new(whole["client_data"], b"\xa1" * 4000, challenge=CHALLENGE, origin=ORIGIN)


def test_credentials_have_names_of_one_length() -> None:
    assert len({name_of(bytes([n]) * 1023) for n in range(10)}) == 10
    assert len(name_of(b"")) == 16
