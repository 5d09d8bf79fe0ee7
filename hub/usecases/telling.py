"""What live sockets are told when an act is done: the payloads of the tells that come from acts, ready for JSON."""

from collections.abc import Collection, Iterable
from typing import Any

from hub.account import Actor
from hub.ids import UserId
from hub.notice import Notification
from hub.period import stamp
from hub.ports import Ports
from hub.presence import PresenceState
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


def tell_hidden(ports: Ports, one: UserId, other: UserId) -> None:
    """Neither sees any longer whether the other is here. ``n`` is of the real clock, like that of presence itself."""
    n = int(ports.clock.real().timestamp() * 1000)
    for reader, hidden in ((one, other), (other, one)):
        payload = {"user": hidden, "state": PresenceState.UNKNOWN.value, "n": n}
        ports.publisher.tell(("user", reader), "presence:changed", payload)


def tell_typing(ports: Ports, room: Room, actor: Actor, *, on: bool, unseen_by: Collection[UserId]) -> None:
    """Somebody is about to write, or has stopped. To the room as a whole, unless a member must not see it."""
    payload = {"room": room.id, "user": actor.user, "device": actor.device, "on": on}
    seen_by = [user for user in room.users() if user not in unseen_by]
    if len(seen_by) == len(room.users()):
        ports.publisher.tell(("room", room.id), "typing:changed", payload)
        return
    for user in seen_by:
        ports.publisher.tell(("user", user), "typing:changed", payload)


def notification_item(notification: Notification) -> dict[str, Any]:
    """A notification as lists and live hints carry it."""
    return {
        "id": notification.id,
        "type": notification.type,
        "ref": notification.ref,
        "data": dict(notification.data),
        "created_at": stamp(notification.created_at),
        "read": notification.read_at is not None,
    }


def tell_notices(ports: Ports, notifications: Iterable[Notification]) -> None:
    """Something new waits for somebody: to all their sockets."""
    for notification in notifications:
        payload = {"code": notification.type, "notification": notification_item(notification)}
        ports.publisher.tell(("user", notification.user), "notice", payload)
