"""The demo village moves in once, whole, with prices that a hub takes."""

from pathlib import Path
from uuid import uuid4

from api.village import settle
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
