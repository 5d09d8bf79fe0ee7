"""The demo village moves in once, whole, with prices that a hub takes."""

import json
from pathlib import Path
from uuid import uuid4

from api.village import DEMO, VILLAGE, hang_pictures, settle
from hub.ports import Ports
from hub.tariff import Tariff
from hub.usecases.items import ListItems, list_items
from storage.servers import Servers
from tests.support.live_hub import live_hub


async def test_making_the_village_again_changes_nothing(servers: Servers, tmp_path: Path) -> None:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}") as empty:
        await move_in_twice(empty.world.ports)


async def move_in_twice(ports: Ports) -> None:
    neighbours, things = await settle(ports)
    found = await list_items(ports, ListItems(limit=100))
    assert len(found) == things > neighbours > 1
    assert await settle(ports) == (neighbours, things)
    assert await list_items(ports, ListItems(limit=100)) == found
    tariffs = [listing.item.tariff for listing in found]
    assert Tariff(day=0, deposit=1000) in tariffs
    assert any(tariff.hour and tariff.weekend and tariff.late_fee for tariff in tariffs)


async def test_the_owners_hang_a_picture_of_each_thing_once(servers: Servers, tmp_path: Path) -> None:
    """Of one neighbour here: each takes the way of every upload."""
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}") as empty:
        ports = empty.world.ports
        await settle(ports, most=1)
        told = len(json.loads(VILLAGE.read_text("utf-8"))["neighbours"][0]["things"])
        assert await hang_pictures(ports) == told
        assert await hang_pictures(ports) == 0
        for listing in await list_items(ports, ListItems()):
            assert [photo.alt for photo in listing.photos] == [listing.item.title]


def test_each_thing_of_the_village_has_a_picture_and_both_languages() -> None:
    things = [thing for each in json.loads(VILLAGE.read_text("utf-8"))["neighbours"] for thing in each["things"]]
    pictures = [thing["picture"] for thing in things]
    assert len(set(pictures)) == len(things) == 40
    assert {path.stem for path in (DEMO / "photos").iterdir()} == set(pictures)
    assert all(thing["translation"]["title"] and thing["translation"]["description"] for thing in things)
