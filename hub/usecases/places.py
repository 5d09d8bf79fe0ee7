"""One's places: where things are fetched and brought back, and when somebody is in."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.account import Actor
from hub.errors import Conflict
from hub.ids import PlaceId
from hub.place import Place
from hub.ports import Ports, StaleWrite
from hub.usecases._places import NewPlace, made_place, new_place, own_place


@dataclass(frozen=True, slots=True)
class CreatePlace(NewPlace):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlace(NewPlace):
    """Everything anew; ``expected_rev`` is the one that was read."""

    place: PlaceId
    expected_rev: int


@dataclass(frozen=True, slots=True)
class ListPlaces:
    pass


@dataclass(frozen=True, slots=True)
class DeletePlace:
    place: PlaceId


async def create_place(ports: Ports, actor: Actor, command: CreatePlace) -> Place:
    """A place; entered again, the same one."""
    return await new_place(ports, actor, command)


async def list_places(ports: Ports, actor: Actor, command: ListPlaces) -> Sequence[Place]:  # noqa: ARG001 - has no fields
    return await ports.places.of(actor.user)


async def update_place(ports: Ports, actor: Actor, command: UpdatePlace) -> Place:
    """Change it for every thing that is there."""
    before = await own_place(ports, actor, command.place)
    place = made_place(actor, command, before.id, command.expected_rev + 1)
    try:
        await ports.places.save(place, command.expected_rev)
    except StaleWrite:
        raise Conflict("place_changed") from None
    return place


async def delete_place(ports: Ports, actor: Actor, command: DeletePlace) -> None:
    """Forget an address that no thing needs any more."""
    place = await own_place(ports, actor, command.place)
    if await ports.places.in_use(place.id):
        raise Conflict("place_in_use")
    await ports.places.delete(place.id)
