"""The audit log: one chain whoever writes, told apart from a mended one, and readable by those it concerns."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from crypto.audit import HeadError, SignedHead
from crypto.fields import Keyring
from hub.ids import UserId
from hub.ports import Note
from storage.mongo.audit import AuditBroken, Head, MongoAudit
from storage.mongo.changes import MongoChanges
from storage.mongo.personal import NOBODY, PersonalFields
from storage.mongo.store import Database
from storage.mongo.transaction import transaction
from storage.mongo.users import MongoUsers
from tests.storage import world

NOW = datetime.now(UTC)
SEED = bytes(range(32))


@pytest.fixture
async def people(store: Database, personal: PersonalFields, audit: MongoAudit, changes: MongoChanges) -> list[UserId]:
    users, made = MongoUsers(store, personal, changes, audit), [world.user(), world.user()]
    for user in made:
        await users.add(user, "hash")
    return [user.id for user in made]


async def told(audit: MongoAudit, people: Sequence[UserId], count: int = 3) -> Head:
    for n in range(count):
        await audit.note(Note("place_read", people[0], (people[1],), f"{n:032x}"))
    return await audit.head()


async def test_an_empty_log_verifies(audit: MongoAudit):
    assert await audit.verify() == await audit.head() == Head()


async def test_entries_of_two_workers_form_one_chain(
    audit: MongoAudit, people: list[UserId], store: Database, personal: PersonalFields
):
    other = MongoAudit(store, personal)
    notes = [Note("signed_in", person, (person,)) for person in people] * 5
    await asyncio.gather(*(worker.note(note) for worker in (audit, other) for note in notes))
    assert (await audit.verify()).seq == 20


async def test_an_entry_lives_and_dies_with_its_transaction(audit: MongoAudit, people: list[UserId], store: Database):
    async def undecided() -> bool:
        return False

    async def fail() -> None:
        async with transaction(store, undecided) as session:
            await audit.append(Note("place_read", people[0]), session)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await audit.verify() == Head()


@pytest.mark.parametrize(
    "change",
    [
        {"act": "signed_in"},
        {"detail": "x"},
        {"about": []},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"hash": bytes(32)},
    ],
)
async def test_a_changed_entry_is_found(audit: MongoAudit, people: list[UserId], store: Database, change: object):
    await told(audit, people)
    await store.audit_log.update_one({"_id": 2}, {"$set": change})
    with pytest.raises(AuditBroken) as broken:
        await audit.verify()
    assert broken.value.seq == 2


async def test_a_missing_entry_is_found(audit: MongoAudit, people: list[UserId], store: Database):
    await told(audit, people)
    await store.audit_log.delete_one({"_id": 2})
    with pytest.raises(AuditBroken, match="entry 2: missing"):
        await audit.verify()


async def test_a_log_cut_short_or_written_anew_is_found_by_an_exported_head(
    audit: MongoAudit, people: list[UserId], store: Database
):
    exported = await told(audit, people)
    assert await audit.verify(exported) == exported
    await store.audit_log.delete_one({"_id": 3})
    with pytest.raises(AuditBroken, match="though it was exported"):
        await audit.verify(exported)
    await audit.note(Note("signed_in", people[0]))
    with pytest.raises(AuditBroken, match="another one than was exported"):
        await audit.verify(exported)


async def test_old_entries_go_and_the_chain_holds_from_there(audit: MongoAudit, people: list[UserId], store: Database):
    exported = await told(audit, people)
    assert await audit.forget(NOW - timedelta(days=1)) == 0
    assert await audit.forget(datetime.now(UTC) + timedelta(seconds=2)) == 3
    assert await audit.verify(exported) == exported
    await audit.note(Note("signed_in", people[0]))
    assert (await audit.verify()).seq == 4


async def test_people_stand_in_it_by_pseudonyms_that_go_with_their_keys(
    audit: MongoAudit, people: list[UserId], store: Database, keyring: Keyring, index_key: bytes
):
    await told(audit, people)
    entry = await store.audit_log.find_one({"_id": 1})
    assert entry is not None
    assert not {*people} & {entry["actor"], *entry["about"]}
    await store.data_keys.delete_one({"_id": people[1]})
    later = MongoAudit(store, PersonalFields(store, keyring, index_key))
    assert [noted async for noted in later.concerning(people[1])] == []
    await later.note(Note("place_read", people[0], (people[1],)))
    last = await store.audit_log.find_one({"_id": 4})
    assert last is not None
    assert last["about"] == [NOBODY]
    assert (await later.verify()).seq == 4


async def test_people_read_what_was_done_about_them(audit: MongoAudit, people: list[UserId]):
    await told(audit, people, 1)
    await audit.note(Note("signed_in", people[1], (people[1],)))
    noted = [(each.act, each.own) async for each in audit.concerning(people[1])]
    assert noted == [("place_read", False), ("signed_in", True)]


async def test_a_breach_names_those_it_affects(audit: MongoAudit, people: list[UserId]):
    await told(audit, people)
    await audit.note(Note("signed_in", people[0], (people[0],)))
    since, until = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=1)
    (one,) = (await audit.affected(since, until, ["place_read"])).values()
    assert (one.user, dict(one.acts)) == (people[1], {"place_read": 3})
    assert len(await audit.affected(since, until)) == 2
    assert len(await audit.affected(since, until, target=f"{1:032x}")) == 1
    assert await audit.affected(until, until + timedelta(hours=1)) == {}


def test_a_head_is_signed_and_read_back():
    signed = SignedHead.sign(SEED, 7, bytes(32), 1_790_000_000_000)
    raw = json.dumps(signed.to_json()).encode()
    assert SignedHead.from_json(raw) == signed
    for wrong in (raw.replace(b'"seq": 7', b'"seq": 8'), b"{}", b"x", raw.replace(b'"hash": "00', b'"hash": "01')):
        with pytest.raises(HeadError):
            SignedHead.from_json(wrong)
