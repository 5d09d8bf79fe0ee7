"""A copy of everything about oneself: whole, one's own, sealed, and fetched once by each link."""

import io
import json
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest

from hub.errors import Conflict, HubError, NotFound
from hub.usecases.blocking import PutBlock, put_block
from hub.usecases.booking import ReadPlace, read_place
from hub.usecases.erasing import EraseAccount, erase_account
from hub.usecases.exporting import (
    FetchExport,
    GetExport,
    LinkExport,
    StartExport,
    fetch_export,
    get_export,
    link_export,
    make_exports,
    start_export,
    sweep_exports,
)
from hub.usecases.photos import AddPhoto, add_photo
from tests.support.lending import agree
from tests.support.pictures import photographed, upload
from tests.support.world import Neighbour, Pen, World, roster


async def fetched(world: World, person: Neighbour) -> ZipFile:
    """Asked for, made, linked and fetched."""
    export = await start_export(world.ports, person.actor, StartExport())
    assert await make_exports(world.ports) == 1
    link = await link_export(world.ports, person.actor, LinkExport(export.id))
    found, content = await fetch_export(world.ports, FetchExport(link.secret))
    raw = b"".join([part async for part in content])
    assert len(raw) == found.bytes
    return ZipFile(io.BytesIO(raw))


def told(archive: ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"{name}.json"))


def refused(code: str, kind: type[HubError]) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def test_it_holds_everything_about_the_person_and_their_ciphertexts(world: World) -> None:
    anna, bernd = await world.person("anna"), await world.person("bernd")
    with upload(photographed()) as file:
        photo = await add_photo(world.ports, anna.actor, AddPhoto(file, "Eine Säge"))
    loan = await agree(world, owner=anna)
    await read_place(world.ports, loan.renter.actor, ReadPlace(loan.id))
    room = loan.applied.sheet.rental.room
    for author in (anna, loan.renter):
        pen = Pen(world, author, [anna, loan.renter], room, roster(loan.renter, anna, room))
        pen.roster = await _roster(world, pen)
        await pen.send(pen.write())
    await put_block(world.ports, anna.actor, PutBlock(bernd.user.id))

    archive = await fetched(world, anna)
    assert archive.testzip() is None
    assert told(archive, "account")["email"] == "anna@example.org"
    assert [place["address"] for place in told(archive, "places")] == ["Geheimweg 7, 12345 Musterdorf"]
    assert told(archive, "things")[0]["title"] == "Bohrmaschine"
    assert told(archive, "rentals")[0]["id"] == loan.id
    assert told(archive, "blocks")[0]["blocked"] == bernd.user.id
    assert ("place_read", False) in [(use["act"], use["own"]) for use in told(archive, "uses")]
    assert archive.read(f"photos/{photo.id}.webp").startswith(b"RIFF")
    entries = told(archive, f"rooms/{room}")
    assert [entry["account"] for entry in entries if "account" in entry] == [anna.user.id]
    assert {"rental_requested", "place_read"} <= {entry["type"] for entry in entries if "type" in entry}


async def _roster(world: World, pen: Pen) -> Any:
    room = await world.ports.rooms.get(pen.room)
    assert room is not None
    return type(pen.roster).parse(room.roster)


async def test_it_says_nothing_of_others_but_their_ids(world: World) -> None:
    anna = await world.person("anna")
    loan = await agree(world, owner=anna)
    other = loan.renter.user
    archive = await fetched(world, anna)
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert other.id in everything
    for secret in (other.handle, other.display_name, other.email):
        assert secret not in everything


async def test_at_rest_it_is_noise(world: World) -> None:
    anna = await world.person("anna")
    await fetched(world, anna)
    chunks = b"".join([chunk["data"] async for chunk in world.database["blobs.chunks"].find()])
    assert chunks
    assert b"anna" not in chunks
    assert b"PK" not in chunks[:4]


async def test_a_link_is_good_once_and_not_for_long(world: World) -> None:
    anna = await world.person()
    export = await start_export(world.ports, anna.actor, StartExport())
    with refused("export_not_ready", Conflict):
        await link_export(world.ports, anna.actor, LinkExport(export.id))
    await make_exports(world.ports)
    link = await link_export(world.ports, anna.actor, LinkExport(export.id))
    assert link.expires_at - world.clock.real() <= timedelta(minutes=10)
    await fetch_export(world.ports, FetchExport(link.secret))
    for secret in (link.secret, "x"):
        with refused("slip_not_found", NotFound):
            await fetch_export(world.ports, FetchExport(secret))


async def test_it_is_nobody_elses(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    export = await start_export(world.ports, anna.actor, StartExport())
    for act in (
        get_export(world.ports, bernd.actor, GetExport(export.id)),
        link_export(world.ports, bernd.actor, LinkExport(export.id)),
    ):
        with refused("export_not_found", NotFound):
            await act


async def test_asked_twice_it_is_made_once_and_tells_how_far_it_is(world: World) -> None:
    anna = await world.person()
    first = await start_export(world.ports, anna.actor, StartExport())
    assert (await start_export(world.ports, anna.actor, StartExport())).id == first.id
    assert await make_exports(world.ports) == 1
    done = await get_export(world.ports, anna.actor, GetExport(first.id))
    assert done.ready
    assert done.done == done.of > 10
    assert {"code": "export_ready"} in world.ear.of("notice")
    for _ in range(4):
        await start_export(world.ports, anna.actor, StartExport())
        await make_exports(world.ports)
    assert len(await world.ports.exports.of(anna.user.id)) == 3
    assert await world.database["blobs.files"].count_documents({}) == 3


async def test_what_broke_off_is_made_by_whoever_comes_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await world.person()
    export = await start_export(world.ports, anna.actor, StartExport())

    async def crash(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(type(world.ports.exports), "report", crash)
        with pytest.raises(ConnectionError):
            await make_exports(world.ports)
    assert await make_exports(world.ports) == 0, "it is still held by whoever died"
    await world.database.exports.update_one({"_id": export.id}, {"$set": {"lease_until": export.created_at}})
    assert await make_exports(world.ports) == 1


async def test_it_goes_after_a_week_and_with_the_person(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    for person in (anna, bernd):
        await fetched(world, person)
    assert await sweep_exports(world.ports) == 0
    past = world.clock.real() - timedelta(days=1)
    await world.database.exports.update_one({"user": anna.user.id}, {"$set": {"expires_at": past}})
    assert await sweep_exports(world.ports) == 1
    await erase_account(world.ports, bernd.actor, EraseAccount())
    for name in ("exports", "blobs.files", "blobs.chunks"):
        assert await world.database[name].count_documents({}) == 0, name
