"""Account numbers for transfers (ISO 13616): the length of each SEPA country, and the check digits."""

import re
from typing import Final

from hub.errors import Invalid

LENGTHS: Final = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}  # fmt: skip
"""Characters of an IBAN by country, where SEPA transfers go."""
_SHAPE: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)


def check_iban(text: str) -> str:
    """The number without blanks, in capitals. ``Invalid("bad_iban")`` for another country, length or check digits."""
    iban = "".join(text.split()).upper()
    if not _SHAPE.fullmatch(iban) or len(iban) != LENGTHS.get(iban[:2]) or _remainder(iban) != 1:
        raise Invalid("bad_iban")
    return iban


def _remainder(iban: str) -> int:
    """ISO 7064 MOD 97-10: the first four characters last, letters as 10 to 35."""
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97
