"""Who lives at the doors: an owner, a renter who has asked for a thing, a stranger, and payloads about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.examples import sample as examples
from api.protocol import Act
from crypto import b64
from crypto.dkx.roster import Member, Roster
from crypto.dkx.sealing import signing
from hub.ids import RoomId
from hub.usecases.messaging import PublishRoster, SendMessage, publish_roster
from tests.support.world import Neighbour, Pen, World, cmd_id, now_ms


@dataclass
class Street:
    """``renter`` and ``owner`` share a room; ``stranger`` has a proven device, too, and nothing to do with it."""

    world: World
    owner: Neighbour
    renter: Neighbour
    stranger: Neighbour
    item: str
    place: str
    rental: str
    room: str
    roster: Roster
    notification: str
    """The owner's."""

    def pen(self, author: Neighbour) -> Pen:
        """What ``author`` writes into the room with."""
        return Pen(self.world, author, [self.owner, self.renter], RoomId(self.room), self.roster)

    async def seat(self, before: Roster, members: Sequence[Member]) -> Roster:
        """The renter's next roster of the room."""
        roster = signing.next_roster(self.renter.device, before, members, now_ms=now_ms())
        told = PublishRoster(cmd_id(), RoomId(self.room), roster.raw)
        await publish_roster(self.world.ports, self.renter.actor, told)
        return roster

    def payload(self, row: Act) -> dict[str, Any]:
        """The example of a row, with the ids of this street put in."""
        ids = {
            examples.USER: self.renter.user.id,
            examples.NEIGHBOUR: self.owner.user.id,
            examples.SESSION: self.owner.actor.session,
            examples.DEVICE: str(self.owner.actor.device),
            examples.ITEM: self.item,
            examples.PLACE: self.place,
            examples.RENTAL: self.rental,
            examples.ROOM: self.room,
            examples.NOTIFICATION: self.notification,
            examples.COMMAND: str(cmd_id()),
        }
        payload: dict[str, Any] = renamed(row.example.ask, ids)
        return payload


def renamed(value: Any, ids: dict[str, str]) -> Any:
    """The same value with other ids, as keys, too."""
    if isinstance(value, dict):
        return {renamed(name, ids): renamed(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [renamed(part, ids) for part in value]
    return ids.get(value, value) if isinstance(value, str) else value


async def settle(world: World) -> Street:
    """Build the street on a hub."""
    owner, renter, stranger = [await world.person() for _ in range(3)]
    item = await world.item(owner)
    asking = world.asking(renter, owner, item)
    applied = await world.request(
        renter, owner, item, **{name: getattr(asking, name) for name in ("cmd_id", "room", "roster")}
    )
    roster = Roster.parse(asking.roster)
    (notice,) = await world.ports.notifications.page(owner.user.id, None, 1)
    rental = applied.sheet.rental.id
    return Street(world, owner, renter, stranger, item.id, item.place, rental, asking.room, roster, notice.id)


def on_the_wire(sent: SendMessage) -> dict[str, Any]:
    """A sealed message as ``message:send`` takes it."""
    return {
        "room": sent.room,
        "cid": sent.cid.hex(),
        "env": b64.encode(sent.env),
        "chain": sent.chain.hex(),
        "idx": sent.idx,
        "dl": {account: list(stamp) for account, stamp in sent.dl.items()},
        "roster": sent.roster,
        "keys": [{"to": key.to, "pkt": b64.encode(key.pkt)} for key in sent.keys],
    }
