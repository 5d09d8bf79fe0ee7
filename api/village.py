"""The demo village: neighbours, things, pictures, made by the same acts that people use. Again it changes nothing."""

import json
from pathlib import Path
from typing import Any, Final

from hub.account import Actor, User, UserRole
from hub.ids import SessionId, new_id
from hub.item import Accessory, Item, PrereqKind, Translation
from hub.place import Point, Window
from hub.ports import Note, Ports
from hub.tariff import Tariff
from hub.usecases.accounts import RegisterAccount, register_account
from hub.usecases.items import (
    CreateItem,
    ListItems,
    ListOwnItems,
    NewPlace,
    UpdateItem,
    create_item,
    list_items,
    list_own_items,
    update_item,
)
from hub.usecases.photos import AddPhoto, add_photo

DEMO: Final = Path(__file__).parent.parent / "static" / "demo"
VILLAGE: Final = DEMO / "village.json"
PASSWORD: Final = "nachbarschaft"  # noqa: S105 - printed in the banner, for demo data on this machine only
RECOVERY_CODE: Final = "MUST-ERDO-RFBE-ISPI-ELKI-STE2"
"""Of every demo neighbour's backup; printed in the banner, too."""

Json = dict[str, Any]


def centre() -> Point:
    """The middle of the demo village."""
    told = json.loads(VILLAGE.read_text(encoding="utf-8"))["centre"]
    return Point(told["lat"], told["lon"])


async def settle(ports: Ports, most: int | None = None) -> tuple[int, int]:
    """Make the village where it is missing, or its first ``most`` neighbours; answers how many they and things are."""
    people = neighbours()[:most]
    for neighbour in people:
        await _furnish(ports, neighbour, await _move_in(ports, neighbour))
    return len(people), sum(len(neighbour["things"]) for neighbour in people)


async def hang_pictures(ports: Ports) -> int:
    """Upload a picture for each thing that has none, the newest first, as its owner would; answers how many.

    Drawn by ``scripts/pictures``. It takes a while, so it is done while the hub serves already.
    """
    hung = 0
    for neighbour in reversed(neighbours()):
        user = await ports.users.by_handle(neighbour["handle"])
        if user is None:
            continue
        owner = Actor(user.id, SessionId(new_id()))
        told = {thing["title"]: thing for thing in neighbour["things"]}
        for listing in await list_own_items(ports, owner, ListOwnItems()):
            if listing.item.title in told and not listing.item.media:
                await _hang(ports, owner, listing.item, told[listing.item.title])
                hung += 1
    return hung


async def _hang(ports: Ports, owner: Actor, item: Item, thing: Json) -> None:
    with (DEMO / "photos" / f"{thing['picture']}.webp").open("rb") as file:
        photo = await add_photo(ports, owner, AddPhoto(file, thing["title"]))
    content = _content(thing) | {"media": (photo.id,)}
    await update_item(ports, owner, UpdateItem(**content, item=item.id, expected_rev=item.rev))


def neighbours() -> list[Json]:
    """Who lives in the demo village, with their things."""
    found: list[Json] = json.loads(VILLAGE.read_text(encoding="utf-8"))["neighbours"]
    return found


async def _move_in(ports: Ports, neighbour: Json) -> User:
    known = await ports.users.by_handle(neighbour["handle"])
    if known is None:
        told = {name: neighbour[name] for name in ("email", "handle", "display_name")}
        await register_account(ports, RegisterAccount(**told, password=PASSWORD))
        known = await ports.users.by_handle(neighbour["handle"])
        if known is not None and "roles" in neighbour:
            await _appoint(ports, known, frozenset(map(UserRole, neighbour["roles"])))
    if known is None:
        raise LookupError(neighbour["handle"])
    return known


async def _appoint(ports: Ports, user: User, roles: frozenset[UserRole]) -> None:
    note = Note("role_granted", None, (user.id,), detail=", ".join(sorted(roles)))
    await ports.users.set_roles(user.id, roles, note)


async def _furnish(ports: Ports, neighbour: Json, user: User) -> None:
    owner = Actor(user.id, SessionId(new_id()))
    listed = {listing.item.title for listing in await list_items(ports, ListItems(owner=user.id))}
    for thing in neighbour["things"]:
        if thing["title"] not in listed:
            await create_item(ports, owner, CreateItem(**_content(thing), place=_place(neighbour, user)))


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


def _content(thing: Json) -> Json:
    """What is told of a thing, as the acts take it."""
    told = {name: value for name, value in thing.items() if name != "picture"}
    told["tariff"] = Tariff.read(thing["tariff"])
    told["prereqs"] = tuple(map(PrereqKind, thing.get("prereqs", ())))
    told["accessories"] = tuple(Accessory(**each) for each in thing.get("accessories", ()))
    told["translation"] = Translation(**thing["translation"]) if "translation" in thing else None
    return told
