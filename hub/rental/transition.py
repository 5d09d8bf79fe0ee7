"""TRANSITIONS, the only place where a rental's state changes are declared (design: rental.md §1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from hub.rental import effect, guard
from hub.rental.ask import Ask
from hub.rental.command import (
    Accept,
    Cancel,
    Counter,
    Decline,
    IdleClose,
    Inquire,
    ModClose,
    OfferExpire,
    Propose,
    Request,
    Revise,
    Taken,
    Withdraw,
    command_name,
)
from hub.rental.effect import Effect
from hub.rental.state import Role, State

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Row(Generic[C]):
    """``command`` by one of ``who`` leads from any of ``sources`` to ``target``, if no guard refuses.

    The source None is the rental that does not exist yet. ``event`` is what the room's log calls it; ``effects`` says
    in words what happens besides.
    """

    command: type[C]
    sources: tuple[State | None, ...]
    target: State
    who: tuple[Role, ...]
    guards: tuple[Callable[[Ask[C]], None], ...]
    effect: Callable[[Ask[C]], Effect]
    event: str
    effects: str

    @property
    def name(self) -> str:
        return command_name(self.command)

    @property
    def guard_names(self) -> tuple[str, ...]:
        return tuple(check.__name__ for check in self.guards)


RENTER, OWNER, MODERATOR, SYSTEM = (Role.RENTER,), (Role.OWNER,), (Role.MODERATOR,), (Role.SYSTEM,)
PARTIES = RENTER + OWNER
BEFORE_AGREEMENT = (State.INQUIRY, State.NEGOTIATING)

_PEOPLE = (guard.own_item, guard.blocked, guard.shunned, guard.suspended)
_TERMS = (
    guard.too_many_units,
    guard.bad_place,
    guard.outside_window,
    guard.too_short,
    guard.too_long,
    guard.price_changed,
    guard.slot_unavailable_now,
)

TRANSITIONS: Final = (
    Row(
        Inquire,
        (None,),
        State.INQUIRY,
        RENTER,
        (*_PEOPLE, guard.item_unavailable),
        effect.open_inquiry,
        "rental_inquired",
        "room; timer idle_close after 30 days",
    ),
    Row(
        Request,
        (None, State.INQUIRY),
        State.NEGOTIATING,
        RENTER,
        (*_PEOPLE, guard.quota_exceeded, guard.item_unavailable, *_TERMS),
        effect.make_offer,
        "rental_requested",
        "offer 1; timer offer_expire; dates are held only if the item's offers hold theirs",
    ),
    Row(
        Propose,
        (State.INQUIRY,),
        State.NEGOTIATING,
        OWNER,
        (*_PEOPLE, guard.quota_exceeded, guard.item_archived, *_TERMS),
        effect.make_offer,
        "offer_made",
        "offer 1, the owner's; timer offer_expire",
    ),
    Row(
        Counter,
        (State.NEGOTIATING,),
        State.NEGOTIATING,
        PARTIES,
        (
            guard.offer_superseded,
            guard.not_your_turn,
            guard.offer_expired,
            guard.rounds_exhausted,
            *_PEOPLE,
            guard.item_archived,
            *_TERMS,
        ),
        effect.make_offer,
        "offer_countered",
        "the old offer is superseded; new timer",
    ),
    Row(
        Revise,
        (State.NEGOTIATING,),
        State.NEGOTIATING,
        PARTIES,
        (
            guard.offer_superseded,
            guard.not_your_offer,
            guard.offer_expired,
            guard.rounds_exhausted,
            *_PEOPLE,
            guard.item_archived,
            *_TERMS,
        ),
        effect.make_offer,
        "offer_revised",
        "the old offer is superseded: an accept that quotes it is refused; new timer",
    ),
    Row(
        Accept,
        (State.NEGOTIATING,),
        State.CONFIRMED,
        PARTIES,
        (
            guard.offer_superseded,
            guard.not_your_turn,
            guard.offer_expired,
            *_PEOPLE,
            guard.item_archived,
            guard.slot_unavailable,
        ),
        effect.agree,
        "offer_accepted",
        "the calendar keeps the units; rivals that no longer fit are told taken",
    ),
    Row(
        Decline,
        BEFORE_AGREEMENT,
        State.DECLINED,
        OWNER,
        (),
        effect.close,
        "rental_declined",
        "the room stays readable",
    ),
    Row(
        Withdraw,
        BEFORE_AGREEMENT,
        State.WITHDRAWN,
        RENTER,
        (),
        effect.close,
        "rental_withdrawn",
        "the room stays readable",
    ),
    Row(
        OfferExpire,
        (State.NEGOTIATING,),
        State.EXPIRED,
        SYSTEM,
        (guard.not_due,),
        effect.end_as("offer_expired"),
        "offer_expired",
        "dates never stay held",
    ),
    Row(
        IdleClose,
        (State.INQUIRY,),
        State.EXPIRED,
        SYSTEM,
        (guard.not_idle,),
        effect.end_as("idle"),
        "inquiry_expired",
        "the room stays readable",
    ),
    Row(
        Taken,
        (State.NEGOTIATING,),
        State.EXPIRED,
        SYSTEM,
        (guard.slot_free,),
        effect.end_as("taken"),
        "rental_taken",
        "other dates and things are suggested",
    ),
    Row(
        Cancel,
        (State.HELD, State.CONFIRMED),
        State.CANCELLED,
        PARTIES + MODERATOR,
        (),
        effect.cancel,
        "rental_cancelled",
        "the calendar lets go of the units; who and why is kept",
    ),
    Row(
        ModClose,
        BEFORE_AGREEMENT,
        State.EXPIRED,
        MODERATOR,
        (),
        effect.moderate,
        "rental_closed",
        "the reason is told",
    ),
)

ROWS: tuple[Row[Any], ...] = TRANSITIONS
"""The same, for walking over: the elements of TRANSITIONS keep the exact type of their command."""
