"""Rosters: who may change who is in a room."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.dkx import roster
from crypto.dkx.error import (
    RosterError,
    RosterForbiddenError,
    RosterForkError,
    RosterGapError,
    RosterRollbackError,
)
from crypto.dkx.primitive import ZEROS32
from crypto.dkx.roster import Member, Role, Roster, check_successor
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.keys import OwnDevice
from tests.crypto import cast
from tests.crypto.cast import ANNA, BERND, LIST_A, LIST_B, ROOM, ROSTER, T, member, stranger

MEDIATOR, BOT, OBSERVER, CAROL = (stranger(n) for n in (0x31, 0x32, 0x33, 0x34))
PAIR = [member(ANNA, Role.OWNER), member(BERND, Role.RENTER)]
ALL = [*PAIR, member(MEDIATOR, Role.MEDIATOR), member(BOT, Role.BOT), member(OBSERVER, Role.OBSERVER)]
FULL = signing.first_roster(ANNA, ROOM, ALL, now_ms=T)


def raw_roster(members: list[Member], *, version: int = 1, prev_hash: bytes = ZEROS32) -> bytes:
    """A roster signed by Anna with the rows in just this order."""
    head = roster._HEAD.pack(roster.MAGIC, ROOM, version, prev_hash, ANNA.account, ANNA.device, T, len(members))
    body = head + b"".join(roster._ENTRY.pack(*row) for row in members)
    return cast.resigned(body, ANNA.dsk, roster.LABEL)


def change(signer: OwnDevice, members: list[Member], previous: Roster = FULL) -> Roster:
    """The next version as this signer would make it, allowed or not."""
    return signing._roster(signer, previous.room, (previous.version + 1, previous.hash), members, T)


def without(account: bytes) -> list[Member]:
    return [row for row in ALL if row.account != account]


@pytest.mark.parametrize(
    "members",
    [
        [],
        PAIR[::-1],
        [PAIR[0], PAIR[0]],
        [PAIR[0], PAIR[1]._replace(aik=ANNA.aik)],
        [PAIR[0], (*PAIR[1][:2], 0)],
        [PAIR[0], (*PAIR[1][:2], 6)],
        [PAIR[0], PAIR[1]._replace(aik=bytes(32))],
        [member(stranger(n), Role.RENTER) for n in range(1, 13)] + [PAIR[0]],
        [PAIR[1]],
        [PAIR[0]._replace(role=Role.MEDIATOR), PAIR[1]],
    ],
    ids=[
        "empty",
        "unsorted",
        "twice",
        "aik twice",
        "role 0",
        "role 6",
        "zero aik",
        "13",
        "no maker",
        "mediator made it",
    ],
)
def test_a_malformed_roster_is_refused_though_signed(members: list[Member]) -> None:
    with pytest.raises(RosterError):
        Roster.parse(raw_roster(members))


@pytest.mark.parametrize(("version", "prev_hash"), [(0, ZEROS32), (1, ROSTER.hash), (2, ZEROS32)])
def test_counting_starts_at_1_and_only_there_nothing_comes_before(version: int, prev_hash: bytes) -> None:
    with pytest.raises(RosterError, match="versions start at 1"):
        Roster.parse(raw_roster(PAIR, version=version, prev_hash=prev_hash))


def test_a_list_without_the_signing_device_does_not_vouch() -> None:
    with pytest.raises(RosterError):
        ROSTER.verify(LIST_B)
    with pytest.raises(RosterError):
        ROSTER.verify(signing.next_devlist(cast.DLK_A, LIST_A, [], now_ms=T))


def test_an_old_roster_still_verifies_against_the_list_of_its_time() -> None:
    ROSTER.verify(LIST_A)


@pytest.mark.parametrize("signer", [ANNA, BERND])
def test_owner_and_renter_may_add_and_remove(signer: OwnDevice) -> None:
    check_successor(None, FULL)
    check_successor(FULL, FULL)
    check_successor(FULL, change(signer, without(MEDIATOR.account)))
    check_successor(FULL, change(signer, [*ALL, member(CAROL, Role.MEDIATOR)]))
    check_successor(FULL, change(signer, without(signer.account)))


@pytest.mark.parametrize("signer", [MEDIATOR, BOT, OBSERVER])
def test_others_may_only_leave(signer: OwnDevice) -> None:
    check_successor(FULL, change(signer, without(signer.account)))
    for members in (ALL, without(ANNA.account), [*ALL, member(CAROL, Role.BOT)], without(signer.account)[:-1]):
        with pytest.raises(RosterForbiddenError):
            check_successor(FULL, change(signer, members))


def test_others_may_not_promote_themselves() -> None:
    promoted = [*without(BOT.account), member(BOT, Role.OWNER)]
    with pytest.raises(RosterForbiddenError):
        check_successor(FULL, change(BOT, promoted))


def test_a_stranger_may_not_join_by_their_own_hand() -> None:
    with pytest.raises(RosterForbiddenError):
        check_successor(FULL, change(CAROL, [*ALL, member(CAROL, Role.RENTER)]))


SECOND = change(ANNA, PAIR)
REFUSED: dict[str, tuple[type[RosterError], Callable[[], tuple[Roster | None, Roster]]]] = {
    "the first has version 1": (RosterGapError, lambda: (None, SECOND)),
    "rollback": (RosterRollbackError, lambda: (SECOND, FULL)),
    "fork": (RosterForkError, lambda: (SECOND, change(BERND, PAIR))),
    "two first rosters": (RosterForkError, lambda: (FULL, ROSTER)),
    "gap": (RosterGapError, lambda: (FULL, change(ANNA, PAIR, SECOND))),
    "broken prev_hash": (RosterForkError, lambda: (SECOND, change(ANNA, PAIR, change(BERND, PAIR)))),
    "another room": (RosterError, lambda: (FULL, signing.first_roster(ANNA, bytes(16), PAIR, now_ms=T))),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_follow_is_refused(case: str) -> None:
    error, rosters = REFUSED[case]
    with pytest.raises(error):
        check_successor(*rosters())


def test_a_device_does_not_sign_what_others_would_refuse() -> None:
    with pytest.raises(RosterForbiddenError):
        signing.next_roster(BOT, FULL, PAIR, now_ms=T)
    with pytest.raises(RosterForbiddenError):
        signing.first_roster(BOT, ROOM, ALL, now_ms=T)


def test_one_looks_for_one_s_own_row() -> None:
    assert ROSTER.names(BERND.account, BERND.aik)
    assert not ROSTER.names(BERND.account, ANNA.aik)
    assert not ROSTER.names(CAROL.account, CAROL.aik)


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.integers(1, 150), st.sampled_from(Role), max_size=11), st.integers(0, 2**64 - 1))
def test_what_is_signed_is_parsed_to_the_same_fields(others: dict[int, Role], created: int) -> None:
    members = [PAIR[0], *(member(stranger(n), role) for n, role in others.items())]
    signed = signing.first_roster(ANNA, ROOM, members, now_ms=created)
    again = Roster.parse(signed.to_bytes())
    again.verify(LIST_A)
    assert (again, again.members, again.created) == (signed, tuple(sorted(members)), created)
