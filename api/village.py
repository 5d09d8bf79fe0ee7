"""The demo village: neighbours and things, made by the same acts that people use. Making it again changes nothing."""

import json
from pathlib import Path
from typing import Any, Final

from hub.account import Actor, User
from hub.ids import SessionId, new_id
from hub.item import Accessory, Translation
from hub.place import Point, Window
from hub.ports import Ports
from hub.tariff import Tariff
from hub.usecases.accounts import RegisterAccount, register_account
from hub.usecases.items import CreateItem, ListItems, NewPlace, create_item, list_items

VILLAGE: Final = Path(__file__).parent.parent / "static" / "demo" / "village.json"
PASSWORD: Final = "nachbarschaft"  # noqa: S105 - printed in the banner, for demo data on this machine only

Json = dict[str, Any]


def centre() -> Point:
    """The middle of the demo village."""
    told = json.loads(VILLAGE.read_text(encoding="utf-8"))["centre"]
    return Point(told["lat"], told["lon"])


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
    for thing in neighbour["things"]:
        if thing["title"] not in listed:
            await create_item(ports, owner, _content(thing, _place(neighbour, user)))


def _place(neighbour: Json, user: User) -> NewPlace:
    told = neighbour.get("place", {})
    windows = tuple(Window(**window) for window in told.get("windows", ()))
    return NewPlace(
        label=user.display_name,
        address=neighbour["address"],
        lat=neighbour["lat"],
        lon=neighbour["lon"],
        kind=told.get("kind", "home"),
        windows=windows,
        instructions=told.get("instructions", ""),
    )


def _content(thing: Json, place: NewPlace) -> CreateItem:
    told = {**thing, "tariff": Tariff.read(thing["tariff"])}
    told["accessories"] = tuple(Accessory(**each) for each in thing.get("accessories", ()))
    told["translation"] = Translation(**thing["translation"]) if "translation" in thing else None
    return CreateItem(**told, place=place)
