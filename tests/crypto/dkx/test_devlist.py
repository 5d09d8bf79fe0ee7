"""Device lists: sorted, unique, chained by hash; a new epoch may branch off and wins."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.dkx import devlist
from crypto.dkx.devlist import Device, DevList, check_successor
from crypto.dkx.error import DevListError, DevListForkError, DevListGapError, DevListRollbackError
from crypto.dkx.primitive import ZEROS32
from crypto.dkx.sealing import signing
from tests.crypto import cast
from tests.crypto.cast import ANNA, CERT_A, CERT_B, DLK_A, DLK_B, LIST_A, LIST_B, T, next_list

PHONE, LAPTOP = cast.device(0x10), cast.device(0x20)
OTHER_SECOND = next_list(LIST_A, PHONE)
ROWS = [cast.row(PHONE), cast.row(LAPTOP)]


def raw_list(rows: list[Device], *, epoch: int = 1, version: int = 1, prev_hash: bytes = ZEROS32) -> bytes:
    """A list with a good signature and the rows in just this order."""
    head = devlist._HEAD.pack(devlist.MAGIC, ANNA.account, epoch, version, prev_hash, T, len(rows))
    body = head + b"".join(devlist._ENTRY.pack(*row) for row in rows)
    return cast.resigned(body, DLK_A, devlist.LABEL)


def test_a_list_may_be_empty_or_hold_ten_devices() -> None:
    assert DevList.parse(raw_list([])).devices == ()
    ten = [cast.row(cast.device(n)) for n in range(10)]
    assert len(DevList.parse(raw_list(ten)).devices) == 10


@pytest.mark.parametrize(
    "rows",
    [
        [cast.row(cast.device(n)) for n in range(11)],
        ROWS[::-1],
        [ROWS[0], ROWS[0]],
        [ROWS[0], ROWS[1]._replace(id=ROWS[0].id)],
        [ROWS[0], ROWS[1]._replace(dsk=ROWS[0].dsk)],
        [ROWS[0], ROWS[1]._replace(dbk=ROWS[0].dbk)],
        [ROWS[0]._replace(dbk=bytes(32))],
        [ROWS[0]._replace(dsk=b"\x01" + bytes(31))],
    ],
    ids=["eleven", "unsorted", "row twice", "id twice", "dsk twice", "dbk twice", "zero dbk", "identity dsk"],
)
def test_a_malformed_list_is_refused_though_signed(rows: list[Device]) -> None:
    with pytest.raises(DevListError):
        DevList.parse(raw_list(rows))


@pytest.mark.parametrize(
    ("epoch", "version", "prev_hash"), [(0, 1, ZEROS32), (1, 0, ZEROS32), (1, 1, LIST_A.hash), (1, 2, ZEROS32)]
)
def test_counting_starts_at_1_and_only_there_nothing_comes_before(epoch: int, version: int, prev_hash: bytes) -> None:
    with pytest.raises(DevListError, match="versions start at 1"):
        DevList.parse(raw_list(ROWS, epoch=epoch, version=version, prev_hash=prev_hash))


def test_a_list_of_another_account_or_epoch_is_not_certified() -> None:
    with pytest.raises(DevListError):
        LIST_A.verify(CERT_B)
    with pytest.raises(DevListError):
        LIST_A.verify(cast.cert_of_epoch(2, DLK_A))


def test_the_next_version_follows() -> None:
    check_successor(None, LIST_A)
    check_successor(LIST_A, LIST_A)
    check_successor(LIST_A, next_list(LIST_A, PHONE))


REFUSED: dict[str, tuple[type[DevListError], Callable[[], tuple[DevList | None, DevList]]]] = {
    "the first list of an account has version 1": (DevListGapError, lambda: (None, next_list())),
    "another account": (DevListError, lambda: (LIST_A, LIST_B)),
    "rollback": (DevListRollbackError, lambda: (next_list(), LIST_A)),
    "fork": (DevListForkError, lambda: (next_list(), next_list(LIST_A, PHONE))),
    "gap": (DevListGapError, lambda: (LIST_A, next_list(next_list()))),
    "broken prev_hash": (DevListForkError, lambda: (next_list(), next_list(next_list(LIST_A, PHONE)))),
    "lower epoch": (DevListRollbackError, lambda: (next_list(LIST_A, epoch=2), next_list(next_list()))),
    "start anew": (DevListForkError, lambda: (next_list(), DevList.parse(raw_list(ROWS, epoch=2)))),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_follow_is_refused(case: str) -> None:
    error, lists = REFUSED[case]
    with pytest.raises(error):
        check_successor(*lists())


def test_a_thief_who_published_first_does_not_lock_the_owner_out() -> None:
    thief = next_list(LIST_A, PHONE)
    owner = signing.next_devlist(DLK_B, LIST_A, [cast.row(ANNA)], now_ms=T, epoch=2)
    check_successor(thief, owner, ancestor=LIST_A)
    with pytest.raises(DevListForkError):
        check_successor(thief, owner)
    with pytest.raises(DevListRollbackError):
        check_successor(owner, next_list(thief))


def test_within_an_epoch_no_ancestor_helps() -> None:
    with pytest.raises(DevListForkError):
        check_successor(next_list(), next_list(OTHER_SECOND), ancestor=OTHER_SECOND)


def test_a_device_is_found_by_its_id() -> None:
    assert LIST_A.device(ANNA.device) == cast.row(ANNA)
    assert LIST_A.device(PHONE.device) is None


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(0, 255), max_size=10), st.integers(0, 2**64 - 1))
def test_what_is_signed_is_parsed_to_the_same_fields(numbers: set[int], created: int) -> None:
    rows = [cast.row(cast.device(n), added=created) for n in numbers]
    signed = signing.first_devlist(DLK_A, ANNA.account, rows, now_ms=created)
    again = DevList.parse(signed.to_bytes())
    again.verify(CERT_A)
    assert (again, again.devices, again.created) == (signed, tuple(sorted(rows)), created)
