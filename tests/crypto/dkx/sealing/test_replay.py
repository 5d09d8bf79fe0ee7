"""An index of a chain is used for one envelope."""

from dataclasses import replace

import pytest

from crypto.dkx.envelope import EnvelopeHeader
from crypto.dkx.error import ReplayError
from crypto.dkx.sealing.replay import ReplayRegister
from tests.crypto.cast import ANNA, CHAIN, CID, ROOM, id16, seed

HEADER = EnvelopeHeader(ROOM, ANNA.device, CHAIN, 3, CID, seed(1))


def test_the_same_envelope_again_is_a_duplicate_delivery() -> None:
    register = ReplayRegister()
    assert register.note(HEADER, id16(1))
    assert not register.note(HEADER, id16(1))


def test_another_envelope_in_its_place_is_refused_and_the_first_one_stays() -> None:
    register = ReplayRegister()
    register.note(HEADER, id16(1))
    with pytest.raises(ReplayError):
        register.note(HEADER, id16(2))
    assert not register.note(HEADER, id16(1))


@pytest.mark.parametrize("other", [{"room": id16(9)}, {"device": id16(9)}, {"chain": id16(9)}, {"index": 4}])
def test_other_places_are_free(other: dict[str, bytes | int]) -> None:
    register = ReplayRegister()
    register.note(HEADER, id16(1))
    assert register.note(replace(HEADER, **other), id16(2))


def test_what_was_seen_is_remembered_across_a_restart() -> None:
    kept: dict[tuple[bytes, bytes, bytes, int], bytes] = {}
    ReplayRegister(kept).note(HEADER, id16(1))
    with pytest.raises(ReplayError):
        ReplayRegister(kept).note(HEADER, id16(2))
