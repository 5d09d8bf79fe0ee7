"""Two neighbours compare one number."""

import pytest

from crypto.dkx.error import SafetyError
from crypto.dkx.safety import SafetyCode, grouped, safety_number
from tests.crypto.cast import ANNA, BERND, VECTORS, stranger

SHOWN = SafetyCode(ANNA.account, ANNA.aik, BERND.account, BERND.aik)


def test_both_sides_see_the_same_number() -> None:
    number = safety_number(ANNA.account, ANNA.aik, BERND.account, BERND.aik)
    assert number == safety_number(BERND.account, BERND.aik, ANNA.account, ANNA.aik)
    assert grouped(number).count(" ") == 11


def test_a_key_in_the_middle_changes_the_number() -> None:
    honest = safety_number(ANNA.account, ANNA.aik, BERND.account, BERND.aik)
    assert honest != safety_number(ANNA.account, ANNA.aik, BERND.account, stranger(9).aik)


def test_a_scanned_code_agrees_with_the_scanner_s_own() -> None:
    mine = SafetyCode(BERND.account, BERND.aik, ANNA.account, ANNA.aik)
    assert SafetyCode.parse(VECTORS["safety_qr"]).agrees(mine)
    assert not SHOWN.agrees(mine._replace(other_aik=stranger(9).aik))
    assert not SHOWN.agrees(SHOWN)


@pytest.mark.parametrize("text", ["", "dk1v:", "dk1h:AA", "dk1v:AA==", VECTORS["safety_qr"] + "AA",
                                  VECTORS["safety_qr"].replace("dk1v:A", "dk1v:B"), "dk1v:" + "A" * 130])  # fmt: skip
def test_another_text_is_no_safety_code(text: str) -> None:
    with pytest.raises(SafetyError):
        SafetyCode.parse(text)


def test_a_code_with_a_bad_key_is_refused() -> None:
    with pytest.raises(SafetyError):
        SafetyCode.parse(SHOWN._replace(other_aik=bytes(32)).text())
