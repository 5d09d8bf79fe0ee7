"""The events of a room are a chain: none can be changed, moved or dropped unseen."""

from typing import Any

import pytest

from crypto.dkx.error import DkxError
from crypto.dkx.event import GENESIS, event_hash

EVENT: dict[str, Any] = {
    "at": "2026-07-04T08:00:00Z",
    "by": "b1" * 16,
    "cmd_id": "c4" * 16,
    "data": {"rev": 2},
    "room": "c1" * 16,
    "seq": 5,
    "type": "offer_accepted",
}


def test_each_field_and_the_predecessor_count() -> None:
    hashes = {event_hash(GENESIS, EVENT), event_hash(bytes([1] * 32), EVENT)}
    hashes |= {event_hash(GENESIS, {**EVENT, "at": "2026-07-04T08:00:01Z"}), event_hash(GENESIS, {**EVENT, "seq": 6})}
    hashes |= {event_hash(GENESIS, {**EVENT, name: "x"}) for name in ("by", "cmd_id", "data", "room", "type")}
    assert len(hashes) == 9


@pytest.mark.parametrize(
    "odd",
    [
        {"at": "2026-07-04T08:00:00+00:00"},
        {"at": "2026-07-04T08:00:00.000Z"},
        {"at": "٢٠٢٦-07-04T08:00:00Z"},
        {"at": 0},
        {"data": {"price": 9.5}},
        {"extra": 1},
    ],
)
def test_an_odd_event_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(DkxError):
        event_hash(GENESIS, {**EVENT, **odd})


def test_a_missing_field_or_a_short_predecessor_is_refused() -> None:
    with pytest.raises(DkxError):
        event_hash(GENESIS, {name: value for name, value in EVENT.items() if name != "by"})
    with pytest.raises(DkxError):
        event_hash(b"", EVENT)
