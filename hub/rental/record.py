"""The rental itself: everything the hub knows of one lending, as one immutable value."""

from dataclasses import dataclass
from datetime import datetime

from hub.availability import Interval
from hub.cancellation import CancellationPolicy
from hub.ids import ItemId, RentalId, RoomId, UserId
from hub.item import Item, PrereqKind, Tariff
from hub.rental.case import Case
from hub.rental.change import Change
from hub.rental.ledger import Entry
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
    policy: CancellationPolicy = CancellationPolicy.FLEXIBLE
    prereqs: tuple[PrereqKind, ...] = ()

    @classmethod
    def of(cls, item: Item) -> "Snapshot":
        return cls(item.title, item.tariff, item.policy, item.prereqs)


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """``met_at`` None: still missing."""

    kind: PrereqKind
    met_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """``fee`` minor units of the rent are the owner's by the rules agreed on, unless ``waived``."""

    by: Role
    reason: str
    at: datetime
    fee: int = 0
    waived: bool = False


@dataclass(frozen=True, slots=True)
class NoShow:
    """``by`` says that the other side did not come. ``fee`` as in ``Cancellation``, suspended while contested."""

    by: Role
    at: datetime
    fee: int = 0
    contested_at: datetime | None = None
    waived: bool = False


@dataclass(frozen=True, slots=True)
class HandedOver:
    """``unilateral``: by the word of the owner alone, without the renter's code."""

    at: datetime
    unilateral: bool
    contested_at: datetime | None = None


MAX_PARTS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """``q`` units came back before the others, at ``at``; the calendar keeps them until ``free_at``."""

    q: int
    at: datetime
    free_at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """``at`` by the renter's word; ``verified_at`` by the owner's, too. ``words`` are the renter's statement."""

    at: datetime
    verified_at: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rental:
    """``offer`` is the live one while negotiating, the agreed one from accept on; ``offers`` are those it superseded.

    ``rev`` counts applied commands. ``holds`` is what the calendar keeps for it, turnaround included. Cases and ledger
    are few, read with the rest and changed together with it, so they are part of the record. ``event_head`` is the hash
    of the last event, kept by the store.
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
    holds: Interval | None = None
    closed_reason: str | None = None
    cancel: Cancellation | None = None
    answered_at: datetime | None = None
    """When the owner first did anything about it."""
    agreed_at: datetime | None = None
    prereqs: tuple[Prerequisite, ...] = ()
    change: Change | None = None
    """The last change that was proposed, open or not."""
    no_show: NoShow | None = None
    start_reminded: datetime | None = None
    """The start of which both sides were reminded; another start is another reminder."""
    return_reminded: datetime | None = None
    """The end of which the renter was reminded."""
    handed_over: HandedOver | None = None
    overdue_since: datetime | None = None
    overdue_step: int = 0
    """How many of the notices that lateness leads to were given."""
    extended_at: datetime | None = None
    """When lateness last took more of the calendar."""
    non_return_at: datetime | None = None
    """When the owner last said that it has not come back."""
    returned: Returned | None = None
    parts: tuple[Part, ...] = ()
    """Units that came back while others stayed out."""
    nudges: int = 0
    """How often the owner was reminded of a declared return."""
    lost_at: datetime | None = None
    at_risk_since: datetime | None = None
    """Since when another rental's lateness stands in the way of this one."""
    ended_at: datetime | None = None
    cases: tuple[Case, ...] = ()
    ledger: tuple[Entry, ...] = ()
    event_head: bytes | None = None

    @property
    def live(self) -> Offer:
        """The offer, where the state guarantees one."""
        if self.offer is None:
            raise LookupError(f"a rental in {self.state} has no offer")
        return self.offer

    @property
    def verified(self) -> bool:
        """Whether both sides say that the thing is back."""
        return self.returned is not None and self.returned.verified_at is not None

    @property
    def out(self) -> int:
        """Units that are not back yet, once handed over."""
        return self.q - sum(part.q for part in self.parts)

    @property
    def open_change(self) -> Change | None:
        return self.change if self.change and self.change.open else None

    @property
    def disputed(self) -> bool:
        """Whether somebody still has to judge: a case is not over, or what came of it is appealed."""
        return any(case.unresolved or case.appealed for case in self.cases)

    @property
    def open_cases(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.unresolved)


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
