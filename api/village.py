"""The demo village: neighbours and things, made by the same acts that people use. Making it again changes nothing."""

import json
from pathlib import Path
from typing import Any, Final

from hub.account import Actor, User
from hub.ids import SessionId, new_id
from hub.ports import Ports
from hub.tariff import Tariff
from hub.usecases.accounts import RegisterAccount, register_account
from hub.usecases.items import CreateItem, ListItems, NewPlace, create_item, list_items

VILLAGE: Final = Path(__file__).parent.parent / "static" / "demo" / "village.json"
PASSWORD: Final = "nachbarschaft"  # noqa: S105 - printed in the banner, for demo data on this machine only

Json = dict[str, Any]


async def settle(ports: Ports) -> tuple[int, int]:
    """Make the village where it is missing; answers how many neighbours and things there are."""
    neighbours: list[Json] = json.loads(VILLAGE.read_text(encoding="utf-8"))["neighbours"]
    for neighbour in neighbours:
        await _furnish(ports, neighbour, await _move_in(ports, neighbour))
    return len(neighbours), sum(len(neighbour["things"]) for neighbour in neighbours)


async def _move_in(ports: Ports, neighbour: Json) -> User:
    known = await ports.users.by_handle(neighbour["handle"])
    if known is None:
        told = {name: neighbour[name] for name in ("email", "handle", "display_name")}
        await register_account(ports, RegisterAccount(**told, password=PASSWORD))
        known = await ports.users.by_handle(neighbour["handle"])
    if known is None:
        raise LookupError(neighbour["handle"])
    return known


async def _furnish(ports: Ports, neighbour: Json, user: User) -> None:
    owner = Actor(user.id, SessionId(new_id()))
    listed = {listing.item.title for listing in await list_items(ports, ListItems(owner=user.id))}
    place = NewPlace(user.display_name, neighbour["address"], neighbour["lat"], neighbour["lon"])
    for thing in neighbour["things"]:
        if thing["title"] not in listed:
            tariff = Tariff.read(thing["tariff"])
            await create_item(
                ports, owner, CreateItem(thing["title"], thing["description"], tariff, place, units=thing["units"])
            )
