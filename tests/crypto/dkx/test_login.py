"""A device's proof counts for one hub, one challenge and one device."""

from typing import Any

import pytest

from crypto.dkx import login
from crypto.dkx.error import LoginError
from crypto.dkx.sealing.signing import sign_login
from tests.crypto.cast import ANNA, BERND, ORIGIN, id16, seed

GOOD: dict[str, Any] = {"challenge": seed(26), "origin": ORIGIN, "account": ANNA.account, "device": ANNA.device}
PROOF = sign_login(ANNA, seed(26), ORIGIN)


def test_the_proof_is_believed() -> None:
    login.verify(PROOF, ANNA.dsk.public, **GOOD)


@pytest.mark.parametrize(
    "other",
    [
        {"challenge": seed(27)},
        {"challenge": b"short"},
        {"origin": "https://phish.example"},
        {"origin": "http://kiste.example"},
        {"account": BERND.account},
        {"device": id16(1)},
        {"account": ANNA.account + ANNA.device[:1], "device": ANNA.device[1:]},
    ],
)
def test_the_proof_counts_for_nothing_else(other: dict[str, Any]) -> None:
    with pytest.raises(LoginError):
        login.verify(PROOF, ANNA.dsk.public, **{**GOOD, **other})


def test_the_proof_of_another_device_is_refused() -> None:
    with pytest.raises(LoginError):
        login.verify(PROOF, BERND.dsk.public, **GOOD)


@pytest.mark.parametrize("origin", ["https://kiste.example:8443", "http://localhost:8000", "http://[::1]:8000",
                                    "https://xn--drfkiste-m4a.example", "http://192.0.2.7"])  # fmt: skip
def test_an_origin_in_canonical_form_is_signed(origin: str) -> None:
    login.verify(sign_login(ANNA, seed(1), origin), ANNA.dsk.public, **{**GOOD, "challenge": seed(1), "origin": origin})


@pytest.mark.parametrize(
    "origin",
    [
        "https://kiste.example/",
        "https://Kiste.example",
        "HTTPS://kiste.example",
        "https://kiste.example:443",
        "http://kiste.example:80",
        "https://kiste.example:",
        "https://kiste.example:08443",
        "https://dörfkiste.example",
        "https://anna@kiste.example",
        "wss://kiste.example",
        "kiste.example",
        "https://",
        "https://kiste.example\n",
    ],
)
def test_another_form_of_an_origin_is_refused(origin: str) -> None:
    with pytest.raises(LoginError, match="canonical"):
        sign_login(ANNA, seed(1), origin)
