"""Refusals of changing what was agreed."""

from datetime import timedelta
from typing import Any

from hub.availability import free_units
from hub.errors import Conflict, Invalid
from hub.pricing import Quote, quote
from hub.rental.ask import Ask, Situation
from hub.rental.change import MAX_CHANGES, Change
from hub.rental.command import OnChange, ProposeChange
from hub.rental.record import Rental
from hub.rental.state import State
from hub.rental.terms import Terms


def change_of(ask: Ask[Any]) -> Change:
    """The open change that the rental has, whatever its number."""
    change = ask.rental.open_change
    if change is None:
        raise Conflict("change_closed")
    return change


def changed_quote(rental: Rental, terms: Terms) -> Quote:
    """What the tariff agreed on asks for other terms: the agreed price and the difference between the two quotes."""
    tariff, live = rental.snapshot.tariff, rental.live.terms
    before, after = (quote(tariff, each.period, rental.tz, each.q) for each in (live, terms))
    price = max(0, live.price + after.price - before.price)
    return Quote(after.lines, price, after.deposit, after.cur, after.days)


# Proposing


def change_pending(situation: Situation) -> None:
    """The other side has proposed one, which is to be answered first."""
    change = situation.rental.open_change
    if change and change.by is not situation.role and change.expires_at > situation.now:
        raise Conflict("change_pending", {"change": change.no})


def too_many_changes(situation: Situation) -> None:
    """One rental is changed only so often: ``quota_exceeded``."""
    change = situation.rental.change
    if change and change.no >= MAX_CHANGES:
        raise Conflict("quota_exceeded", {"of": "changes", "max": MAX_CHANGES})


def nothing_changed(ask: Ask[ProposeChange]) -> None:
    """It is what was agreed already."""
    live, terms = ask.rental.live.terms, ask.command.terms
    if (live.start, live.end, live.q, live.price) == (terms.start, terms.end, terms.q, terms.price):
        raise Invalid("nothing_changed")


def outside_change(ask: Ask[ProposeChange]) -> None:
    """It would begin or end in the past or too far ahead; what is out changes its end alone: ``outside_window``."""
    live, terms, horizon = ask.rental.live.terms, ask.command.terms, ask.item.rules.horizon_days
    out = ask.rental.state is State.ACTIVE
    fixed = (terms.start, terms.q) == (live.start, live.q) if out else terms.start > ask.now
    if not fixed or not ask.now < terms.end <= ask.now + timedelta(days=horizon):
        raise Invalid("outside_window", {"lead_min": 0, "horizon_days": horizon})


def change_price(ask: Ask[ProposeChange]) -> None:
    """The client saw other figures than the agreed price and the tariff's difference: ``price_changed``."""
    terms, asked = ask.command.terms, changed_quote(ask.rental, ask.command.terms)
    price = terms.price if terms.negotiated else asked.price
    if (terms.price, terms.deposit, terms.cur) != (price, asked.deposit, asked.cur):
        raise Conflict("price_changed", {"price": asked.price, "deposit": asked.deposit, "cur": asked.cur})


def retired_for_more(ask: Ask[Any]) -> None:
    """The listing makes no new commitments, and it would be for longer, earlier or more: ``item_unavailable``."""
    live, terms = ask.rental.live.terms, _terms(ask)
    more = terms.start < live.start or terms.end > live.end or terms.q > live.q
    if more and ask.item.status in {"archived", "missing"}:
        raise Conflict("item_unavailable", {"status": ask.item.status})


def slot_unavailable_changed(ask: Ask[Any]) -> None:
    """Without what the rental has itself, there is not enough left for it: ``slot_unavailable``."""
    terms, out = _terms(ask), ask.rental.state is State.ACTIVE
    since, units = (ask.at, ask.rental.out) if out else (terms.start, terms.q)
    ready = terms.end + ask.calendar.turnaround
    if since < ready and free_units(ask.calendar, since, ready, exclude=ask.rental.id) < units:
        raise Conflict("slot_unavailable")


def _terms(ask: Ask[Any]) -> Terms:
    terms: Terms = ask.command.terms if isinstance(ask.command, ProposeChange) else change_of(ask).terms
    return terms


# Answering


def no_open_change(situation: Situation) -> None:
    """Nothing is proposed, or time ran out: ``change_closed``."""
    change = situation.rental.open_change
    if change is None or change.expires_at <= situation.now:
        raise Conflict("change_closed")


def change_superseded(ask: Ask[OnChange]) -> None:
    """Something else is proposed by now."""
    change = change_of(ask)
    if change.no != ask.command.change:
        raise Conflict("change_superseded", {"change": change.no})


def own_change(situation: Situation) -> None:
    """Nobody answers their own proposal: ``not_your_turn``."""
    change = situation.rental.open_change
    if change and change.by is situation.role:
        raise Conflict("not_your_turn")


def not_own_change(situation: Situation) -> None:
    """Only who proposed it withdraws it: ``not_your_turn``."""
    change = situation.rental.open_change
    if change and change.by is not situation.role:
        raise Conflict("not_your_turn")
