"""What a device keeps of a message so that its reader can report it, and for how long."""

import pytest

from client.errors import NotReady
from client.proof import REPORTABLE_MS, Proof, mark_of, report_of
from client.store.log import Entry
from crypto.franking import Mark
from tests.client.conftest import Village


async def said(village: Village, text: str = "Dann ist es erst mal weg.") -> Entry:
    await village.tim.send(village.room, text)
    await village.marta.catch_up(village.room)
    entry = village.marta.store.log.get(village.room, village.marta.store.log.cursor(village.room))
    assert entry is not None
    return entry


async def test_whatever_is_shown_can_be_reported(village: Village) -> None:
    entry = await said(village)
    report = report_of(entry)
    header, rest = report.opened()
    assert (rest.body, report.sender.hex(), report.seq) == (entry.body, entry.account, entry.seq)
    assert header.cid.hex() == entry.cid


async def test_ones_own_messages_too(village: Village) -> None:
    entry = await said(village)
    await village.tim.catch_up(village.room)
    mine = village.tim.store.log.get(village.room, entry.seq)
    assert mine is not None
    assert report_of(mine).to_json() == report_of(entry).to_json()


async def test_erased_it_is_shown_no_more_and_can_be_reported(village: Village) -> None:
    entry = await said(village)
    before = report_of(entry)
    village.marta.applier.erase(village.room, entry.seq)
    gone = village.marta.store.log.get(village.room, entry.seq)
    assert gone is not None
    assert (gone.kind, gone.body) == ("gone", None)
    assert report_of(gone) == before
    village.marta.applier.erase(village.room, entry.seq)
    assert report_of(gone) == before


async def test_for_thirty_days(village: Village) -> None:
    entry, kept = await said(village), await said(village, "bleibt")
    village.marta.applier.erase(village.room, entry.seq)
    village.marta.store.log.forget_erased(entry.at)
    assert report_of(village.marta.store.log.get(village.room, entry.seq)).seq == entry.seq
    village.marta.store.log.forget_erased(entry.at + 1)
    with pytest.raises(NotReady):
        report_of(village.marta.store.log.get(village.room, entry.seq))
    assert report_of(village.marta.store.log.get(village.room, kept.seq)).seq == kept.seq
    assert REPORTABLE_MS == 30 * 24 * 3600 * 1000


async def test_an_event_is_no_message(village: Village) -> None:
    with pytest.raises(NotReady):
        report_of(village.marta.store.log.get(village.room, 1))


@pytest.mark.parametrize("spoilt", [{"ft": None}, {"ft": "AAAA"}, {"kid": ""}, {"kid": "k" * 65}])
async def test_a_hub_that_marks_nothing_is_noticed(village: Village, spoilt: dict[str, str | None]) -> None:
    await village.tim.send(village.room, "Hallo")
    village.hub.logs[village.room][-1].update(spoilt)
    await village.marta.catch_up(village.room)
    assert village.marta.texts(village.room) == ["Hallo"]
    assert village.marta.warned() == ["unmarked"]


def test_what_is_kept_is_read_as_it_was_written() -> None:
    for body in (None, b"", b"{}"):
        proof = Proof(bytes(104), b"k" * 32, b"h" * 53, Mark("f\u00e4", b"t" * 32), body)
        assert Proof.parse(proof.to_bytes()) == proof
    assert mark_of({"kid": "f", "ft": "A" * 43}) == Mark("f", bytes(32))
