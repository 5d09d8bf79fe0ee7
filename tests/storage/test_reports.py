"""Reports at rest: sealed with the hub's own key, which can be replaced."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crypto.fields import Keyring, new_key
from hub.ids import RentalId, ReportId, RoomId, UserId
from hub.report import Closing, Outcome, Reason, Report
from storage.mongo.personal import PersonalFields
from storage.mongo.reports import MongoReports, report_document
from storage.mongo.rewrap import rewrap
from storage.mongo.store import Database
from tests.crypto.vectors2 import report

AT = datetime(2026, 7, 5, 9, tzinfo=UTC)
OPEN = Report(
    id=ReportId("a" * 32),
    room=RoomId("b" * 32),
    rental=RentalId("c" * 32),
    people=(UserId("d" * 32), UserId("e" * 32)),
    by=UserId("d" * 32),
    at=AT,
    reason=Reason.SCAM,
    words="Das Rad gibt es gar nicht.",
    messages=(report(),),
    case=None,
    body_hash=bytes(32),
)
CLOSED = replace(
    OPEN, id=ReportId("f" * 32), closed=Closing(UserId("0" * 32), AT, Outcome.DISMISSED, "Das Rad gibt es.")
)


@pytest.fixture(autouse=True)
async def none_before(db: Database) -> None:
    await db.reports.delete_many({})


async def test_they_survive_a_rotation_of_the_hubs_key(db: Database) -> None:
    keys = {"old": new_key(), "new": new_key()}
    before = PersonalFields(db, Keyring(keys, "old"), new_key())
    for one in (OPEN, CLOSED):
        await db.reports.insert_one(report_document(before, one))
    assert await rewrap(db, Keyring(keys, "new"), "new") == 4
    after = MongoReports(db, PersonalFields(db, Keyring({"new": keys["new"]}, "new"), new_key()))
    assert [await after.get(one.id) for one in (OPEN, CLOSED)] == [OPEN, CLOSED]


async def test_what_waits_is_open_and_of_others(db: Database) -> None:
    personal = PersonalFields(db, Keyring({"k": new_key()}, "k"), new_key())
    for one in (OPEN, CLOSED):
        await db.reports.insert_one(report_document(personal, one))
    reports = MongoReports(db, personal)
    assert [one.id for one in await reports.waiting(UserId("1" * 32), 10)] == [OPEN.id]
    assert await reports.waiting(OPEN.by, 10) == []
    assert {one.id for one in await reports.of_room(OPEN.room)} == {OPEN.id, CLOSED.id}
