"""A sender's chain moves forward only, and not for long."""

import pytest

from crypto.dkx.error import ChainError
from crypto.dkx.primitive import HOUR_MS
from crypto.dkx.sealing.chain import MAX_MESSAGES, SendingChain, walk
from crypto.dkx.sealing.record import ChainRecord
from tests.crypto.cast import ANNA, ROOM, T, id16, seed


def begin() -> SendingChain:
    return SendingChain.begin(ROOM, ANNA.device, roster_hash=seed(1), peers_hash=id16(2), now_ms=T, sent_before=41)


def after(messages: int) -> SendingChain:
    chain = begin()
    for _ in range(messages):
        _, chain = chain.advance()
    return chain


def test_no_two_chains_share_anything() -> None:
    first, second = begin(), begin()
    assert (first.id, first.ck, first.csk) != (second.id, second.ck, second.csk)
    assert len({first.id, second.id, first.ck, second.ck}) == 4


def test_the_record_taken_at_the_start_gives_every_message_key() -> None:
    chain = begin()
    record = ChainRecord.of(chain, ANNA.account)
    for index in range(MAX_MESSAGES):
        key, chain = chain.advance()
        assert key == record.message_key(index)


def test_a_used_key_is_gone_from_the_sending_state() -> None:
    chain = begin()
    key, later = chain.advance()
    assert chain.ck not in {later.ck, key}
    assert later.index == 1


def test_secrets_are_not_shown_in_logs() -> None:
    shown = repr(begin())
    assert "ck=" not in shown
    assert "csk=" not in shown


def test_a_full_chain_sends_no_more() -> None:
    with pytest.raises(ChainError):
        after(MAX_MESSAGES).advance()


def test_a_young_chain_goes_on() -> None:
    assert begin().reason_to_rotate(T, seed(1), id16(2)) is None
    assert after(99).reason_to_rotate(T + 24 * HOUR_MS - 1, seed(1), id16(2)) is None


def test_it_rotates_after_100_messages_a_day_or_any_change_of_people_or_devices() -> None:
    assert after(100).reason_to_rotate(T, seed(1), id16(2)) == "full"
    assert begin().reason_to_rotate(T + 24 * HOUR_MS, seed(1), id16(2)) == "old"
    assert begin().reason_to_rotate(T, seed(2), id16(2)) == "roster"
    assert begin().reason_to_rotate(T, seed(1), id16(3)) == "devices"


def test_a_clock_set_back_rotates_too() -> None:
    assert begin().reason_to_rotate(T - 1, seed(1), id16(2)) == "old"


def test_a_restored_state_is_noticed() -> None:
    assert not after(3).is_rolled_back(None)
    assert not after(3).is_rolled_back(2)
    assert after(3).is_rolled_back(3)


def test_a_chain_is_walked_at_most_1023_steps_and_never_back() -> None:
    assert walk(seed(1), 5, 5) == seed(1)
    walk(seed(1), 5, 1028)
    for index in (4, 1029, 2**32 - 1):
        with pytest.raises(ChainError):
            walk(seed(1), 5, index)
