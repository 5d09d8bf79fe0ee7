"""Who sits in which room on this worker, as the newest roster says: looked up on joining and again on every change."""

from collections.abc import Collection
from typing import Final

from api.sockets.connection import Connection, Registry
from hub.account import Actor
from hub.ids import RoomId, UserId
from hub.ports import Ports

ROOM: Final = "room:"


class Seating:
    """Keeps the registry's rooms and the hub's rooms the same. Names of rooms are made here, never by a client."""

    ports: Ports
    """Set once the stores are open: they tell of what they store, and telling needs the seats."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._moves = 0

    async def admit(self, conn: Connection, actor: Actor) -> Collection[RoomId]:
        """Let a newcomer be found by who they are, then seat them in each of their rooms. RateLimited at their cap."""
        self.registry.identify(conn, actor.user, actor.session, actor.device)
        seen = -1
        while seen != self._moves:  # a change read before the seats were taken would be lost
            seen = self._moves
            rooms = await self.ports.rooms.of(actor.user)
        for room in rooms:
            self.registry.join(conn, ROOM + room)
        return rooms

    async def reseat(self, room_id: RoomId) -> None:
        """Make the seats of one room those of its roster: strangers leave, members' sockets come in and are told."""
        self._moves += 1
        room = await self.ports.rooms.get(room_id)
        members: Collection[str] = room.users() if room else ()
        here = self.registry.in_room(ROOM + room_id)
        for conn in here:
            if conn.user not in members:
                self.registry.leave(conn, ROOM + room_id)
        newcomers = [conn for user in members for conn in self.registry.by_user(user) if conn not in here]
        if newcomers:
            heads = await self.ports.log.heads([room_id])
            for conn in newcomers:
                self.registry.join(conn, ROOM + room_id)
                conn.tell("room:head", {"room": room_id, "head": heads.get(room_id, 0)})

    async def rooms_of(self, user: UserId) -> Collection[RoomId]:
        return await self.ports.rooms.of(user)

    def local_rooms(self) -> list[RoomId]:
        """The rooms somebody here sits in."""
        return [RoomId(name.removeprefix(ROOM)) for name in self.registry.rooms() if name.startswith(ROOM)]

    async def tell_heads(self) -> None:
        """Tell every room here how long its log is, so that whoever missed a hint catches up."""
        rooms = self.local_rooms()
        for room, head in (await self.ports.log.heads(rooms)).items() if rooms else ():
            self.registry.tell(ROOM + room, "room:head", {"room": room, "head": head})
