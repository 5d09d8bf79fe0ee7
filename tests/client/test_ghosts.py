"""A hub whose database is changed under it to add a device or a member nobody signed: no client believes it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from client.neighbour import Neighbour
from crypto.dkx import roster as rosters
from crypto.dkx.devlist import Device, DevList
from crypto.dkx.devlist import unsigned as devlist_bytes
from crypto.dkx.primitive import SIGNATURE
from crypto.dkx.roster import Member, Role, Roster
from crypto.dkx.sealing.keys import BoxKey, SigningKey, new_id
from storage.servers import Servers
from tests.e2e.village import PASSWORD, list_trailer, living, request
from tests.support.hub_process import running_hub

Document = dict[str, Any]


@pytest.fixture(scope="module")
async def lying(
    servers: Servers, mongo: AsyncMongoClient[Document], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, AsyncDatabase[Document]]]:
    """A real hub on a database that its operator also writes to by hand."""
    name = f"t{uuid4().hex}"
    env = {"MONGODB_URI": servers.mongodb_uri, "REDIS_URL": servers.redis_url, "MONGODB_DATABASE": name}
    with running_hub(tmp_path_factory.mktemp("hub"), env={**env, "CONNECTS_PER_MIN_IP": "10000"}) as hub:
        yield hub.url, mongo[name]
    await mongo.drop_database(name)


@asynccontextmanager
async def talking(url: str, directory: Path, tag: str) -> AsyncIterator[tuple[Neighbour, Neighbour, str]]:
    async with living(directory, url, [f"marta-{tag}", f"tim-{tag}"]) as (marta, tim):
        room = (await request(tim, (await list_trailer(marta))["id"], 9))["room"]
        tim.send_text(room, "echt")
        await heard(marta, room, "echt")
        yield marta, tim, room


async def heard(person: Neighbour, room: str, text: str) -> None:
    happenings = person.happenings()
    async with asyncio.timeout(20):
        while text not in [line.text for line in person.timeline(room)]:
            await anext(happenings)


async def warned(person: Neighbour, code: str) -> None:
    happenings = person.happenings()
    async with asyncio.timeout(20):
        while code not in [warning.code for warning in person.warnings()]:
            await anext(happenings)


async def lie(database: AsyncDatabase[Document], kind: str, name: str) -> None:
    """Make the hub's workers read again what was changed."""
    content = {"$set": {"kind": kind, "id": name}, "$currentDate": {"at": True}}
    await database.changes.update_one({"_id": new_id().hex()}, content, upsert=True)
    await asyncio.sleep(1.5)


async def test_a_device_that_nobody_signed_gets_no_key(
    lying: tuple[str, AsyncDatabase[Document]], tmp_path: Path
) -> None:
    url, database = lying
    async with talking(url, tmp_path, "dev") as (marta, tim, room):
        newest = await database.device_lists.find_one({"account": marta.user})
        assert newest is not None
        known = DevList.parse(newest["devlist"])
        ghost = Device(new_id(), SigningKey.generate().public, BoxKey.generate().public, 1)
        raw = devlist_bytes(
            account=known.account, epoch=1, version=2, prev_hash=known.hash, created=1, devices=[*known.devices, ghost]
        )
        forged = DevList.parse(raw + known.raw[-SIGNATURE:])
        names = {"_id": f"{marta.user}:1:2", "version": 2, "after": "1.1", "devlist": forged.raw, "hash": forged.hash}
        await database.device_lists.insert_one(
            newest | names | {"devices": [device.id.hex() for device in forged.devices]}
        )
        await lie(database, "devices", marta.user)
        tim.send_text(room, "nur für Marta")
        await warned(tim, "devlist_invalid")
        pin = tim.trust.pin(marta.user)
        assert pin is not None
        assert pin.current is not None
        assert pin.current.device(ghost.id) is None
        assert await database.entries.count_documents({"keys.to": ghost.id}) == 0
        assert [line.kind for line in tim.timeline(room) if line.text == "nur für Marta"] == ["sending"]


async def test_a_member_that_nobody_signed_gets_no_key(
    lying: tuple[str, AsyncDatabase[Document]], tmp_path: Path
) -> None:
    url, database = lying
    async with talking(url, tmp_path, "mem") as (marta, tim, room), living(tmp_path, url, ["mallory"]) as (mallory,):
        document = await database.rooms.find_one({"_id": room})
        assert document is not None
        known = Roster.parse(document["roster"])
        own = mallory._store.identity.own()
        raw = rosters.unsigned(
            room=known.room,
            version=2,
            prev_hash=known.hash,
            signer=(known.signer_account, known.signer_device),
            created=known.created,
            members=[*known.members, Member(own.account, own.aik, Role.OBSERVER)],
        )
        forged = Roster.parse(raw + known.raw[-SIGNATURE:])
        told = {"roster": forged.raw, "roster_version": 2, "roster_hash": forged.hash}
        ghost = {"user": mallory.user, "role": 4, "joined_seq": 1}
        await database.rooms.update_one({"_id": room}, {"$set": told, "$push": {"members": ghost}})
        await lie(database, "room", room)
        for person, text in ((tim, "von Tim"), (marta, "von Marta")):
            person.send_text(room, text)
            await warned(person, "roster_invalid")
            assert [line.kind for line in person.timeline(room) if line.text == text] == ["sending"]
        assert await database.entries.count_documents({"keys.to": own.device}) == 0


async def test_a_hub_that_drops_part_of_the_backup_is_noticed(
    lying: tuple[str, AsyncDatabase[Document]], tmp_path: Path
) -> None:
    url, database = lying
    async with talking(url, tmp_path, "bak") as (marta, tim, room):
        await marta.account.confirm(PASSWORD)
        code = marta.recovery.prepare()
        await marta.recovery.confirm(code)
        marta._store.chains.discard(room)
        marta.send_text(room, "zweite Kette")
        await heard(tim, room, "zweite Kette")
        async with asyncio.timeout(20):
            while marta._store.chains.unbacked(1):  # noqa: ASYNC110 - nobody is told of it
                await asyncio.sleep(0.05)
        fresh = Neighbour(tmp_path / "fresh", url)
        try:
            await database.backup_entries.delete_one({"account": marta.user})
            await fresh.sign_in("marta-bak@example.org", PASSWORD)
            assert await fresh.recovery.restore(code) == 1
            assert [warning.code for warning in fresh.warnings()] == ["backup_incomplete"]
        finally:
            await fresh.close()
