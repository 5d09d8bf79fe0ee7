"""Which room somebody may act in."""

from hub.account import Actor
from hub.authority import MEMBER, authorize
from hub.ids import RoomId
from hub.ports import Ports
from hub.room import Room


async def own_room(ports: Ports, actor: Actor, room_id: RoomId) -> Room:
    """The room, if the actor is a member now; to everybody else it does not exist."""
    return authorize(actor, MEMBER, await ports.rooms.get(room_id))
