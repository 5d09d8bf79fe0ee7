"""A report is believed only for what the hub really passed on."""

import pytest

from crypto.franking import FrankRing, Mark
from tests.crypto.cast import ANNA, BERND, T, hexed, seed

HEADER = hexed("envelope")[:104]
RING = FrankRing({"old": seed(22), "new": seed(23)}, "new")
MARK = RING.mark(HEADER, 18, ANNA.account, T)


def test_the_hub_knows_its_own_mark() -> None:
    assert RING.is_mine(MARK, HEADER, 18, ANNA.account, T)


def test_a_mark_of_the_former_key_stays_good() -> None:
    mark = FrankRing({"old": seed(22)}, "old").mark(HEADER, 18, ANNA.account, T)
    assert RING.is_mine(mark, HEADER, 18, ANNA.account, T)


def test_another_header_place_sender_or_time_is_not_marked() -> None:
    assert not RING.is_mine(MARK, HEADER[:-1] + b"\0", 18, ANNA.account, T)
    assert not RING.is_mine(MARK, HEADER, 19, ANNA.account, T)
    assert not RING.is_mine(MARK, HEADER, 18, BERND.account, T)
    assert not RING.is_mine(MARK, HEADER, 18, ANNA.account, T + 1)


def test_another_key_id_is_not_this_hub_s() -> None:
    assert not RING.is_mine(Mark("old", MARK.ft), HEADER, 18, ANNA.account, T)
    assert not RING.is_mine(Mark("unknown", MARK.ft), HEADER, 18, ANNA.account, T)


def test_a_header_of_another_length_is_never_marked() -> None:
    with pytest.raises(ValueError, match="104"):
        RING.mark(HEADER + b"\0", 18, ANNA.account, T)
