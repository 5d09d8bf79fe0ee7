"""What the acts about things and places share: making a place, and finding one's own."""

from dataclasses import dataclass

from hub.account import Actor
from hub.authority import OWN_PLACE, authorize
from hub.errors import Conflict
from hub.ids import PlaceId, new_id
from hub.place import Place, PlaceKind, Point, SpecialDay, Window, public_point
from hub.ports import Ports


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Where things are: degrees WGS 84. Only the centre of the grid cell is ever shown before a rental is agreed."""

    label: str
    address: str
    lat: float
    lon: float
    kind: PlaceKind = "home"
    windows: tuple[Window, ...] = ()
    exceptions: tuple[SpecialDay, ...] = ()
    instructions: str = ""


def made_place(actor: Actor, told: NewPlace, id_: PlaceId, rev: int = 1) -> Place:
    """The same address has the same public point, whenever and however often it is entered (security.md L3)."""
    exact = Point(told.lat, told.lon)
    return Place(
        id=id_,
        owner=actor.user,
        label=told.label,
        address=told.address,
        exact=exact,
        public=public_point(exact),
        kind=told.kind,
        windows=told.windows,
        exceptions=told.exceptions,
        instructions=told.instructions,
        rev=rev,
    )


async def new_place(ports: Ports, actor: Actor, told: NewPlace) -> Place:
    """Store it, or answer the equal one that the person has. Conflict("too_many_places")."""
    place, known = made_place(actor, told, PlaceId(new_id())), await ports.places.of(actor.user)
    for other in known:
        if _same(other, place):
            return other
    if len(known) >= ports.policy.max_places:
        raise Conflict("too_many_places", {"max": ports.policy.max_places})
    await ports.places.add(place)
    return place


async def own_place(ports: Ports, actor: Actor, place_id: PlaceId) -> Place:
    """NotFound("place_not_found"), also for somebody else's: nobody learns that it exists."""
    return authorize(actor, OWN_PLACE, await ports.places.get(place_id))


def _same(a: Place, b: Place) -> bool:
    return (a.label, a.address, a.exact, a.kind, a.windows, a.exceptions, a.instructions) == (
        b.label, b.address, b.exact, b.kind, b.windows, b.exceptions, b.instructions,
    )  # fmt: skip
