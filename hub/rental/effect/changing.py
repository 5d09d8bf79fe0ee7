"""What changing an agreement changes in a rental: nothing before both want it, then terms and calendar together."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from hub.availability import Interval
from hub.rental.ask import Ask
from hub.rental.change import Change, ChangeState
from hub.rental.command import ProposeChange
from hub.rental.deadline import DAY
from hub.rental.effect.bargaining import itemised
from hub.rental.effect.calendar import Effect
from hub.rental.guard.changing import change_of, changed_quote
from hub.rental.prerequisite import reckoned
from hub.rental.record import Rental
from hub.rental.state import State
from hub.rental.terms import Offer, Terms


def propose_change(ask: Ask[ProposeChange]) -> Effect:
    """In place of one's own that is open."""
    rental, asked = ask.rental, changed_quote(ask.rental, ask.command.terms)
    terms = replace(itemised(ask.command.terms, asked), place=rental.live.terms.place)
    no = rental.change.no + 1 if rental.change else 1
    return Effect(replace(rental, change=Change(no, ask.role, terms, _expiry(rental, terms, ask.at))))


def _expiry(rental: Rental, terms: Terms, at: datetime) -> datetime:
    """A day, but not past what is left to be changed."""
    last = terms.end if rental.state is State.ACTIVE else terms.start
    return min(at + DAY, last)


def accept_change(ask: Ask[Any]) -> Effect:
    """The new terms are what is agreed; lateness by the old end counts no more, nor does a claim that it is missing."""
    rental, change = ask.rental, change_of(ask)
    offer = Offer(rental.live.rev + 1, change.by, change.terms, change.expires_at)
    changed = replace(
        rental,
        offer=offer,
        offers=(*rental.offers, rental.live),
        q=change.terms.q,
        holds=_held(ask, change.terms),
        change=replace(change, state=ChangeState.ACCEPTED),
        at_risk_since=None,
    )
    if change.terms.end != rental.live.terms.end:
        changed = replace(changed, overdue_since=None, overdue_step=0, extended_at=None, non_return_at=None)
    return Effect(reckoned(changed, ask.at))


def _held(ask: Ask[Any], terms: Terms) -> Interval:
    """What is out already stays held from when it went."""
    holds = ask.rental.holds
    since = holds.s if holds and ask.rental.state is State.ACTIVE else terms.start
    return Interval(since, terms.end + ask.calendar.turnaround)


def decline_change(ask: Ask[Any]) -> Effect:
    return _ended(ask, ChangeState.DECLINED)


def withdraw_change(ask: Ask[Any]) -> Effect:
    return _ended(ask, ChangeState.WITHDRAWN)


def expire_change(ask: Ask[Any]) -> Effect:
    return _ended(ask, ChangeState.EXPIRED)


def _ended(ask: Ask[Any], state: ChangeState) -> Effect:
    return Effect(end_change(ask.rental, state))


def end_change(rental: Rental, state: ChangeState = ChangeState.VOID) -> Rental:
    """The rental without an open change."""
    return replace(rental, change=replace(rental.open_change, state=state)) if rental.open_change else rental
