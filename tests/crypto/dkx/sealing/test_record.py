"""The first record of a chain stays, unless a consistent earlier start arrives."""

from dataclasses import replace
from typing import Any

import pytest

from crypto.dkx.error import ChainConflictError, ChainError
from crypto.dkx.sealing.chain import walk
from crypto.dkx.sealing.record import ChainRecord
from tests.crypto.cast import RECORD, id16, seed


def from_index(start: int) -> ChainRecord:
    """The same chain, told from a later start."""
    return replace(RECORD, start=start, ck=walk(RECORD.ck, RECORD.start, start))


def test_a_record_that_starts_later_opens_only_what_comes_after() -> None:
    late = from_index(7)
    assert late.message_key(9) == RECORD.message_key(9)
    with pytest.raises(ChainError):
        late.message_key(6)


def test_an_index_1023_after_the_start_is_the_last() -> None:
    RECORD.message_key(1023)
    with pytest.raises(ChainError):
        RECORD.message_key(1024)


def test_the_same_again_changes_nothing() -> None:
    assert RECORD.merged(RECORD) == RECORD


def test_a_later_start_changes_nothing() -> None:
    assert RECORD.merged(from_index(30)) == RECORD


def test_a_consistent_lower_start_replaces_the_start() -> None:
    assert from_index(30).merged(from_index(4)) == from_index(4)


@pytest.mark.parametrize("other", [{"csk": seed(1)}, {"roster_hash": seed(1)}, {"ck": seed(1)}, {"account": id16(9)},
                                   {"account": None}, {"room": id16(9)}, {"start": 3}])  # fmt: skip
def test_what_does_not_fit_is_a_conflict_whichever_came_first(other: dict[str, Any]) -> None:
    with pytest.raises(ChainConflictError):
        RECORD.merged(replace(RECORD, **other))
    with pytest.raises(ChainConflictError):
        replace(RECORD, **other).merged(RECORD)


def test_a_start_too_far_away_to_compare_is_a_conflict() -> None:
    assert RECORD.merged(from_index(1023)) == RECORD
    far = replace(RECORD, start=1024, ck=walk(from_index(1).ck, 1, 1024))
    with pytest.raises(ChainConflictError):
        RECORD.merged(far)
