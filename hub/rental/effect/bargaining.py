"""What bargaining changes in a rental."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from hub.availability import Interval
from hub.cancellation import Agreement, cancellation_fee
from hub.item import Rules
from hub.pricing import Line, Quote
from hub.rental.ask import Ask
from hub.rental.command import Accept, Cancel, Closing, InstantBook, ModClose, Offering, Satisfy
from hub.rental.deadline import DAY, HOUR
from hub.rental.effect.calendar import Effect
from hub.rental.guard import tariff_quote
from hub.rental.prerequisite import met, required
from hub.rental.record import Cancellation, Rental, Snapshot
from hub.rental.state import Role
from hub.rental.terms import Offer, Terms

DEFECT: Final = "item_defect"
"""The reason of a renter who cancels because the thing is not sound."""


def expiry(rules: Rules, start: datetime, at: datetime) -> datetime:
    """Until when an offer made ``at`` binds: less time the nearer its start, and never past that."""
    by_nearness = min(DAY, max(HOUR, (start - at) / 2))
    ttl = by_nearness if rules.offer_ttl_min is None else timedelta(minutes=rules.offer_ttl_min)
    return min(at + ttl, start).replace(microsecond=0)


def make_offer(ask: Ask[Offering]) -> Effect:
    terms = _settled(ask)
    before = ask.rental.offer
    superseded = (*ask.rental.offers, before) if before else ()
    expires_at = expiry(ask.item.rules, terms.start, ask.at)
    offer = Offer(len(superseded) + 1, ask.role, terms, expires_at)
    seen = Snapshot.of(ask.item)
    holds = _held(ask, terms) if ask.item.rules.pending_blocks else None
    rental = replace(ask.rental, offer=offer, offers=superseded, q=terms.q, tz=ask.item.tz, snapshot=seen, holds=holds)
    return Effect(rental)


def _settled(ask: Ask[Offering]) -> Terms:
    """The terms with the hub's own line items, which add up to the price whoever made it."""
    return replace(itemised(ask.command.terms, tariff_quote(ask)), place=ask.item.place)


def itemised(terms: Terms, asked: Quote) -> Terms:
    """The terms with lines that add up to their price."""
    apart = terms.price - asked.price
    bargain = (Line("negotiated", 1, 1, apart, apart),) if apart else ()
    return replace(terms, lines=asked.lines + bargain)


def agree(ask: Ask[Accept]) -> Effect:
    """From now on the calendar keeps the dates, until the thing is ready for the next one."""
    return Effect(_agreed(ask, ask.rental), {"offer": ask.rental.live.told()})


def book(ask: Ask[InstantBook]) -> Effect:
    """Offer and agreement in one."""
    return Effect(_agreed(ask, make_offer(ask).rental))


def _agreed(ask: Ask[Any], rental: Rental) -> Rental:
    return required(replace(rental, agreed_at=ask.at, holds=_held(ask, rental.live.terms)), ask.at)


def satisfy(ask: Ask[Satisfy]) -> Effect:
    return Effect(met(ask.rental, ask.command.kind, ask.at), {"kind": ask.command.kind.value})


def keep(ask: Ask[Any]) -> Effect:
    """Nothing changes but the state."""
    return Effect(ask.rental)


def _held(ask: Ask[Any], terms: Terms) -> Interval:
    return Interval(terms.start, terms.end + ask.calendar.turnaround)


def close(ask: Ask[Closing]) -> Effect:
    return Effect(replace(ask.rental, closed_reason=ask.command.reason), {"reason": ask.command.reason})


def moderate(ask: Ask[ModClose]) -> Effect:
    """The moderator's own reason is told, and not mixed with the machine's."""
    return Effect(replace(ask.rental, closed_reason="moderated"), {"reason": ask.command.reason})


def cancel(ask: Ask[Cancel]) -> Effect:
    record = Cancellation(
        ask.role, ask.command.reason, ask.at, fee_now(ask.rental, ask.role, ask.command.reason, ask.at)
    )
    rental = replace(ask.rental, cancel=record, closed_reason=record.reason)
    return Effect(rental, {"by_role": record.by.value, "reason": record.reason})


def fee_now(rental: Rental, role: Role, reason: str, at: datetime) -> int:
    """What the policy suggests: nothing unless the renter steps back, of a thing that is sound and will be there."""
    terms = rental.live.terms
    if rental.agreed_at is None:
        return 0
    agreed = Agreement(rental.snapshot.policy, rental.agreed_at, terms.start, terms.price)
    theirs = role is Role.RENTER and reason != DEFECT and rental.at_risk_since is None
    return cancellation_fee(agreed, at, excused=not theirs)


def end_as(reason: str) -> Callable[[Ask[Any]], Effect]:
    """It ends by itself, for a reason that is always the same."""

    def end(ask: Ask[Any]) -> Effect:
        return Effect(replace(ask.rental, closed_reason=reason), {"reason": reason})

    return end
