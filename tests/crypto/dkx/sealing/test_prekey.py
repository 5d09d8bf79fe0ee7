"""What the age of a prekey means."""

import pytest

from crypto.dkx.primitive import DAY_MS
from crypto.dkx.sealing import prekey
from crypto.dkx.sealing.prekey import Freshness, freshness
from tests.crypto.cast import SIGNED_SPK_B, T


@pytest.mark.parametrize(
    ("days", "meaning"),
    [(-1, "fresh"), (0, "fresh"), (35, "fresh"), (36, "stale"), (180, "stale"), (181, "expired")],
)
def test_a_neighbour_who_was_away_stays_reachable_for_half_a_year(days: int, meaning: str) -> None:
    assert freshness(SIGNED_SPK_B, T + days * DAY_MS) == Freshness(meaning)


def test_a_device_renews_its_prekey_every_week_or_when_its_clock_was_wrong() -> None:
    assert not prekey.is_due(SIGNED_SPK_B, T + 7 * DAY_MS - 1)
    assert prekey.is_due(SIGNED_SPK_B, T + 7 * DAY_MS)
    assert prekey.is_due(SIGNED_SPK_B, T - 1)


def test_a_packet_to_a_prekey_replaced_more_than_a_day_before_is_a_warning() -> None:
    assert not prekey.is_rolled_back(None, T)
    assert not prekey.is_rolled_back(T, T - 5)
    assert not prekey.is_rolled_back(T, T + DAY_MS)
    assert prekey.is_rolled_back(T, T + DAY_MS + 1)
