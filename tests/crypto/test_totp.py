"""Codes of authenticator apps, against the vectors of RFC 6238 appendix B, and spare codes."""

import pyotp
import pytest

from crypto import spare_codes, totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The RFC's ``12345678901234567890`` in base32."""
VECTORS = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
]


@pytest.mark.parametrize(("now", "code"), VECTORS)
def test_the_rfcs_codes_belong_to_their_step(now: int, code: str) -> None:
    assert totp.matching_step(SECRET, code, now) == now // 30


@pytest.mark.parametrize(("drift", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(drift: int, counts: bool) -> None:
    now = 1_234_567_890
    code = pyotp.TOTP(SECRET).at(now + drift)
    assert (totp.matching_step(SECRET, code, now) == (now + drift) // 30) is counts


@pytest.mark.parametrize("code", ["", "00592", "0059240", "٠٠٥٩٢٤", "abcdef", "\ud800", "005925"])
def test_what_is_not_the_code_matches_nothing(code: str) -> None:
    assert totp.matching_step(SECRET, code, 1_234_567_890) is None


def test_an_app_can_read_the_uri() -> None:
    secret = totp.new_secret()
    read = pyotp.parse_uri(totp.provisioning_uri(secret, "anna", "Musterdorf am See"))
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.name, read.issuer) == (secret, "anna", "Musterdorf am See")
    assert len(secret) == 32


def test_spare_codes_are_many_different_and_long() -> None:
    codes = {code for _ in range(20) for code in spare_codes.new_codes()}
    assert len(codes) == 200
    assert all(len(code.replace("-", "")) == 16 for code in codes)


def test_a_spare_code_counts_however_it_is_typed() -> None:
    code = "OIBA-CDEF-GHIJ-KLMN"
    for typed in ("oiba cdef ghij klmn", " OIBACDEFGHIJKLMN ", "018A-CDEF-GHIJ-KLMN", "0I8a--cdef-ghij-klmn"):
        assert spare_codes.code_hash(typed) == spare_codes.code_hash(code)
    assert spare_codes.code_hash("OIBA-CDEF-GHIJ-KLMO") != spare_codes.code_hash(code)
