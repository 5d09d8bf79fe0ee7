"""Small makers of valid things, with fresh random ids."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crypto.dkx.envelope import EnvelopeHeader
from crypto.franking import FrankRing
from hub.account import Session, User
from hub.availability import Block, Busy, Calendar, full_intervals
from hub.ids import DeviceId, ItemId, PlaceId, RentalId, RoomId, SessionId, UserId, new_id
from hub.item import Item, Rules, Tariff
from hub.lateness import LateFee
from hub.place import Place, Point
from hub.pricing import Line
from hub.rental import Offer, Rental, Role, Snapshot, State, Terms
from hub.room import DeviceList, Member, NewMessage, Room, RosterRole, Stored
from hub.season import Season
from hub.tariff import LongDiscount

NOW = datetime(2026, 7, 4, 8, tzinfo=UTC)
RING = FrankRing({"f1": bytes(32)}, "f1")
WHOLE_TARIFF = Tariff(
    minute=10,
    hour=300,
    day=1200,
    weekend=2000,
    week=5000,
    month=15_000,
    min_total=500,
    grace_min=30,
    season=(Season("05-01", "08-31", 125), Season("12-20", "01-06", 80)),
    long=(LongDiscount(14, 10), LongDiscount(30, 20)),
    deposit=5000,
    late_fee=LateFee(cap=6000, per_day=1500),
    cur="CHF",
)


def user(**fields: Any) -> User:
    id_ = UserId(new_id())
    made = {"handle": f"h{id_[:20]}", "display_name": "Änne", "email": f"{id_}@example.org", "locale": "de"}
    return User(id=id_, created_at=NOW, **{**made, **fields})


def session(owner: UserId, **fields: Any) -> Session:
    hashes = {"refresh_hash": secrets.token_bytes(32), "previous_hash": None}
    times = {"rotated_at": NOW, "created_at": NOW, "expires_at": NOW + timedelta(days=3000)}
    return Session(id=SessionId(new_id()), user=owner, client="web/1", **{**hashes, **times, **fields})


def device_list(account: UserId, version: int = 1, epoch: int = 1, devices: Sequence[DeviceId] = ()) -> DeviceList:
    listed = tuple(devices) or (DeviceId(new_id()),)
    return DeviceList(account, bytes(32), epoch, version, listed, b"cert", b"list", secrets.token_bytes(32))


def place(owner: UserId) -> Place:
    exact, public = Point(52.520008, 13.404954), Point(52.52, 13.4)
    return Place(PlaceId(new_id()), owner, "Zuhause", "Gartenweg 7", exact, public)


def item(owner: UserId, where: Place, **fields: Any) -> Item:
    made: dict[str, Any] = {
        "title": "Bohrmaschine",
        "description": "mit Koffer",
        "tz": "Europe/Berlin",
        "tariff": Tariff(day=1200, deposit=5000),
        "rules": Rules(turnaround_min=30),
        "units": 2,
        "status": "active",
        "rev": 1,
        "created_at": NOW,
    }
    return Item(id=ItemId(new_id()), owner=owner, place=where.id, public=where.public, **{**made, **fields})


def calendar(of: ItemId) -> Calendar:
    busy = Busy(RentalId(new_id()), NOW, NOW + timedelta(days=1), 2, "confirmed")
    block = Block("b1", NOW + timedelta(days=3), NOW + timedelta(days=4), "repair", "Motor")
    made = Calendar(of, 1, "Europe/Berlin", 2, 30, (busy,), (block,))
    return Calendar(of, 1, "Europe/Berlin", 2, 30, (busy,), (block,), full_intervals(made))


def offer(rev: int = 1, by: Role = Role.RENTER) -> Offer:
    terms = Terms(NOW, NOW + timedelta(days=2), 1, 2400, "EUR", 5000, (Line("day", 2, 1, 1200, 2400),))
    return Offer(rev, by, terms, NOW + timedelta(hours=3))


def rental(**fields: Any) -> Rental:
    made: dict[str, Any] = {
        "id": RentalId(new_id()),
        "item": ItemId(new_id()),
        "owner": UserId(new_id()),
        "renter": UserId(new_id()),
        "room": RoomId(new_id()),
        "q": 1,
        "tz": "Europe/Berlin",
        "state": State.NEGOTIATING,
        "rev": 1,
        "snapshot": Snapshot("Bohrmaschine", Tariff(day=1200, deposit=5000)),
        "created_at": NOW,
        "updated_at": NOW,
        "offer": offer(2, Role.OWNER),
        "offers": (offer(),),
    }
    return Rental(**{**made, **fields})


def room(of: Rental) -> Room:
    members = (Member(of.renter, RosterRole.RENTER), Member(of.owner, RosterRole.OWNER))
    return Room(of.room, of.id, members, b"roster", 1, bytes(32), NOW)


def message(
    room_id: RoomId | None = None,
    *,
    device: DeviceId | None = None,
    chain: bytes | None = None,
    index: int = 0,
    cid: bytes | None = None,
    account: UserId | None = None,
    keys: Mapping[DeviceId, bytes] | None = None,
    body: bytes = b"",
) -> NewMessage:
    room_id, device = room_id or RoomId(new_id()), device or DeviceId(new_id())
    chain, cid = chain or secrets.token_bytes(16), cid or secrets.token_bytes(16)
    header = EnvelopeHeader(bytes.fromhex(room_id), bytes.fromhex(device), chain, index, cid, bytes(32)).to_bytes()
    envelope = header + (body or secrets.token_bytes(360))
    sender = account or UserId(new_id())
    return NewMessage(room_id, sender, device, cid, chain, index, header, envelope, keys or {}, "normal")


class Listener:
    """Remembers what the log told."""

    def __init__(self) -> None:
        self.told: list[tuple[NewMessage, Stored]] = []

    def __call__(self, batch: Sequence[tuple[NewMessage, Stored]]) -> None:
        self.told.extend(batch)

    def seqs(self, room_id: RoomId) -> list[int]:
        return [stored.seq for told, stored in self.told if told.room == room_id]
