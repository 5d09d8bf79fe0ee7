"""What people say and where they live is nowhere to be found in what the hub keeps (security.md E1, D1)."""

from pathlib import Path

import pytest

from crypto.dkx.roster import Roster
from tests.support.world import Pen, World

CANARY = "Kanarienvogel-7f3a"
HIDDEN = (CANARY, "Geheimweg 7", "anna-canary@example.org", "52.520008")
SHOWN = "Bohrmaschine"


@pytest.fixture
async def lived_in(world: World) -> World:
    """A world in which somebody has lent something and talked about it."""
    anna, bernd = await world.person("anna-canary"), await world.person()
    applied = await world.request(bernd, anna, await world.item(anna))
    await world.accept(anna, applied)
    room = await world.ports.rooms.get(applied.sheet.rental.room)
    assert room is not None
    pen = Pen(world, bernd, [anna, bernd], room.id, Roster.parse(room.roster))
    await pen.send(pen.write(CANARY))
    return world


async def test_no_document_holds_them(lived_in: World) -> None:
    names = await lived_in.database.list_collection_names()
    everything = [repr(document) for name in names async for document in lived_in.database[name].find()]
    assert any(SHOWN in document for document in everything)
    for secret in HIDDEN:
        assert not any(secret in document for document in everything), secret


async def test_no_file_of_the_database_holds_them(lived_in: World, servers_dir: Path) -> None:
    await lived_in.database.client.admin.command({"fsync": 1})
    files = contents(servers_dir)
    assert any(SHOWN.encode() in content for content in files)
    for secret in HIDDEN:
        assert not any(secret.encode() in content for content in files), secret


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_nothing_that_is_told_holds_them(lived_in: World) -> None:
    told = repr(lived_in.ear.heard)
    assert not any(secret in told for secret in HIDDEN)
