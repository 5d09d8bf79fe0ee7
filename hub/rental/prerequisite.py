"""What must be in order before an agreement is firm, and who says that it is (design: rental.md §1)."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from hub.item import PrereqKind
from hub.period import stamp
from hub.rental.ledger import EntryKind, paid
from hub.rental.record import Prerequisite, Rental
from hub.rental.state import Role

SAID_BY: Final = {
    PrereqKind.CONTRACT: Role.RENTER,
    PrereqKind.BRIEFING: Role.RENTER,
    PrereqKind.IDENTITY: Role.OWNER,
}
"""Whose word meets it. Money is said by one side and confirmed by the other: the ledger knows."""


def required(rental: Rental, at: datetime) -> Rental:
    """The rental with what the listing asks for, at the moment of the agreement."""
    return reckoned(replace(rental, prereqs=tuple(map(Prerequisite, rental.snapshot.prereqs))), at)


def reckoned(rental: Rental, at: datetime) -> Rental:
    """The rental with its prerequisites of money as the ledger and the agreed terms now have them."""
    return replace(rental, prereqs=tuple(_reckoned(rental, one, at) for one in rental.prereqs))


def met(rental: Rental, kind: PrereqKind, at: datetime) -> Rental:
    said = (replace(one, met_at=at) if one.kind is kind else one for one in rental.prereqs)
    return replace(rental, prereqs=tuple(said))


def open_kinds(rental: Rental) -> tuple[PrereqKind, ...]:
    """What is still missing."""
    return tuple(one.kind for one in rental.prereqs if one.met_at is None)


def told_prereqs(rental: Rental) -> list[dict[str, Any]]:
    """As the room's log tells them."""
    return [{"kind": one.kind.value, "met_at": stamp(one.met_at) if one.met_at else None} for one in rental.prereqs]


def _reckoned(rental: Rental, one: Prerequisite, at: datetime) -> Prerequisite:
    terms = rental.live.terms
    if one.kind is PrereqKind.DEPOSIT:
        enough = paid(rental.ledger, EntryKind.DEPOSIT_IN) >= terms.deposit
    elif one.kind is PrereqKind.PAYMENT:
        enough = paid(rental.ledger, EntryKind.RENT) >= terms.price
    else:
        return one
    return replace(one, met_at=(one.met_at or at) if enough else None)
