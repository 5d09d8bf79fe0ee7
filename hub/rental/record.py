"""The rental itself: everything the hub knows of one lending, as one immutable value."""

from dataclasses import dataclass
from datetime import datetime

from hub.ids import ItemId, RentalId, RoomId, UserId
from hub.item import Item, Tariff
from hub.rental.state import Role, State
from hub.rental.terms import Offer


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new rental needs from outside the rules: its fresh ids, and who asks."""

    id: RentalId
    room: RoomId
    renter: UserId


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The item as it stood at the last offer: later edits of the listing do not reach into a rental."""

    title: str
    tariff: Tariff

    @classmethod
    def of(cls, item: Item) -> "Snapshot":
        return cls(item.title, item.tariff)


@dataclass(frozen=True, slots=True)
class Cancellation:
    by: Role
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rental:
    """``offer`` is the live one while negotiating, the agreed one from accept on; ``offers`` are those it superseded.

    ``rev`` counts applied commands. ``event_head`` is the hash of the last event, kept by the store.
    """

    id: RentalId
    item: ItemId
    owner: UserId
    renter: UserId
    room: RoomId
    q: int
    tz: str
    state: State
    rev: int
    snapshot: Snapshot
    created_at: datetime
    updated_at: datetime
    offer: Offer | None = None
    offers: tuple[Offer, ...] = ()
    closed_reason: str | None = None
    cancel: Cancellation | None = None
    event_head: bytes | None = None

    @property
    def live(self) -> Offer:
        """The offer, where the state guarantees one."""
        if self.offer is None:
            raise LookupError(f"a rental in {self.state} has no offer")
        return self.offer


def draft(opening: Opening, item: Item, at: datetime) -> Rental:
    """A rental before its first command."""
    return Rental(
        id=opening.id,
        item=item.id,
        owner=item.owner,
        renter=opening.renter,
        room=opening.room,
        q=1,
        tz=item.tz,
        state=State.INQUIRY,
        rev=0,
        snapshot=Snapshot.of(item),
        created_at=at,
        updated_at=at,
    )
