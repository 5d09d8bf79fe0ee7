"""A rental in the words of the room's log: what views show, and what each event says has changed of it."""

from datetime import datetime
from typing import Any

from hub.period import stamp
from hub.rental.prerequisite import told_prereqs
from hub.rental.record import Cancellation, HandedOver, NoShow, Part, Rental, Returned
from hub.rental.region import damages, deposit, payment, return_fee

Told = dict[str, Any]

NUMBERED = ("cases", "ledger")
"""Lists whose elements have a ``no``: an event carries only those that changed."""


def told(rental: Rental) -> Told:
    """All that changes of a rental but its revision, state and time, which every event carries."""
    due, owed, damage = deposit(rental), payment(rental), damages(rental)
    return {
        "title": rental.snapshot.title,
        "policy": rental.snapshot.policy.value,
        "q": rental.q,
        "tz": rental.tz,
        "offer": rental.offer.told() if rental.offer else None,
        "closed_reason": rental.closed_reason,
        "cancel": _cancel(rental.cancel) if rental.cancel else None,
        "agreed_at": _at(rental.agreed_at),
        "prereqs": told_prereqs(rental),
        "change": rental.change.told() if rental.change else None,
        "no_show": _no_show(rental.no_show) if rental.no_show else None,
        "handed_over": _handed_over(rental.handed_over) if rental.handed_over else None,
        "overdue_since": _at(rental.overdue_since),
        "overdue_step": rental.overdue_step,
        "non_return_at": _at(rental.non_return_at),
        "returned": _returned(rental.returned, return_fee(rental)) if rental.returned else None,
        "parts": [_part(part) for part in rental.parts],
        "lost_at": _at(rental.lost_at),
        "at_risk_since": _at(rental.at_risk_since),
        "ended_at": _at(rental.ended_at),
        "deposit": due.told() if due else None,
        "payment": owed.told() if owed else None,
        "damages": damage.told() if damage else None,
        "cases": [case.told() for case in rental.cases],
        "ledger": [entry.told() for entry in rental.ledger],
    }


def changes(before: Rental, after: Rental) -> Told:
    """What an event must carry so that an old view of the rental and the event make a fresh one."""
    old, new = told(before), told(after)
    changed = {name: value for name, value in new.items() if value != old[name]}
    return {name: _new(value, old[name]) if name in NUMBERED else value for name, value in changed.items()}


def _new(elements: list[Told], known: list[Told]) -> list[Told]:
    return [element for element in elements if element not in known]


def _at(at: datetime | None) -> str | None:
    return stamp(at) if at else None


def _cancel(cancel: Cancellation) -> Told:
    return {
        "by": cancel.by.value,
        "reason": cancel.reason,
        "at": stamp(cancel.at),
        "fee": cancel.fee,
        "waived": cancel.waived,
    }


def _no_show(no_show: NoShow) -> Told:
    return {
        "by": no_show.by.value,
        "at": stamp(no_show.at),
        "fee": no_show.fee,
        "contested_at": _at(no_show.contested_at),
        "waived": no_show.waived,
    }


def _handed_over(handed_over: HandedOver) -> Told:
    contested_at = _at(handed_over.contested_at)
    return {"at": stamp(handed_over.at), "unilateral": handed_over.unilateral, "contested_at": contested_at}


def _part(part: Part) -> Told:
    return {"q": part.q, "at": stamp(part.at)}


def _returned(returned: Returned, fee: int) -> Told:
    return {"at": stamp(returned.at), "verified_at": _at(returned.verified_at), "words": returned.words, "fee": fee}
