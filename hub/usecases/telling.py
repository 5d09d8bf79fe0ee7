"""What live sockets are told when an act is done: the payloads of the tells that come from acts, ready for JSON."""

from typing import Any

from hub.ports import Ports
from hub.rental import Rental
from hub.room import EventEntry, Receipt, Room


def event_item(entry: EventEntry) -> dict[str, Any]:
    """A rental event as sync, history and live hints carry it."""
    return {
        "seq": entry.seq,
        "kind": "event",
        "type": entry.type,
        "by": entry.by,
        "cmd_id": entry.cmd_id,
        "data": entry.data,
        "at": entry.at,
        "prev_hash": entry.prev_hash.hex(),
        "hash": entry.hash.hex(),
    }


def tell_rental(ports: Ports, rental: Rental, entry: EventEntry) -> None:
    """The rental moved: both parties, wherever they look."""
    payload = {
        "room": rental.room,
        "rental": rental.id,
        "state": rental.state.value,
        "rev": rental.rev,
        "item": event_item(entry),
    }
    ports.publisher.tell(("room", rental.room), "rental:changed", payload)


def tell_new_room(ports: Ports, room: Room, head: int) -> None:
    """A room nobody has joined yet: each member's sockets join it on this hint."""
    for user in room.users():
        ports.publisher.tell(("user", user), "room:head", {"room": room.id, "head": head})


def tell_roster(ports: Ports, room: Room, head: int) -> None:
    """Who is in the room changed, at ``head`` of its log: to those who were in it and to those who are now."""
    changed = {"room": room.id, "version": room.roster_version}
    ports.publisher.tell(("room", room.id), "roster:changed", changed)
    tell_new_room(ports, room, head)


def tell_receipt(ports: Ports, receipt: Receipt) -> None:
    payload = {
        "room": receipt.room,
        "user": receipt.user,
        "delivered": receipt.delivered,
        "read": receipt.read,
    }
    ports.publisher.tell(("room", receipt.room), "receipt:changed", payload)
