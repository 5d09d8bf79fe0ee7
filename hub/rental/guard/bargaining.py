"""Refusals of bargaining: people, the listing, the terms, the live offer and the calendar."""

from datetime import timedelta
from typing import Any

from hub.availability import free_units
from hub.errors import Conflict, Forbidden, Invalid
from hub.hours import on_step
from hub.period import started_days
from hub.pricing import Quote, quote
from hub.rental.ask import Ask, Situation
from hub.rental.command import Accept, Counter, Offering, Revise, Satisfy
from hub.rental.prerequisite import SAID_BY, open_kinds
from hub.rental.state import Role
from hub.rental.terms import Terms

MAX_ROUNDS = 20
"""Offers that may be superseded, by counters and revisions together."""


# People and the listing


def own_item(ask: Ask[Any]) -> None:
    """Nobody borrows from themselves."""
    if ask.rental.renter == ask.rental.owner:
        raise Forbidden("own_item")


def blocked(ask: Ask[Any]) -> None:
    """Whoever asks has blocked the other side."""
    if ask.standing.blocked:
        raise Forbidden("blocked")


def shunned(ask: Ask[Any]) -> None:
    """The other side blocked whoever asks or keeps to itself; the words do not tell: a thing not lent, no way on."""
    if ask.standing.shunned and ask.role is Role.OWNER:
        raise Conflict("wrong_state", {"state": ask.rental.state.value})
    if ask.standing.shunned:
        raise Conflict("item_unavailable", {"status": "archived"})


def suspended(ask: Ask[Any]) -> None:
    """An account of the two is suspended."""
    if ask.standing.suspended:
        raise Forbidden("suspended")


def restricted(ask: Ask[Any]) -> None:
    """Whoever asks has had their data restricted: nothing new begins until they let it be used again."""
    if ask.standing.restricted:
        raise Forbidden("restricted")


def quota_exceeded(ask: Ask[Any]) -> None:
    """The renter has enough going on already."""
    if ask.standing.over_quota:
        raise Conflict("quota_exceeded", {"of": "rentals"})


def item_unavailable(ask: Ask[Any]) -> None:
    """The listing takes no new requests."""
    if ask.item.status != "active":
        raise Conflict("item_unavailable", {"status": ask.item.status})


def item_retired(ask: Ask[Any]) -> None:
    """The listing makes no new commitments, not even where talks had begun: ``item_unavailable``."""
    if ask.item.status in {"archived", "missing"}:
        raise Conflict("item_unavailable", {"status": ask.item.status})


def not_instant(ask: Ask[Any]) -> None:
    """Its owner wants to be asked."""
    if not ask.item.rules.instant:
        raise Conflict("not_instant")


def trust_too_low(ask: Ask[Any]) -> None:
    """Its owner wants to be asked by who is not known this far."""
    least = ask.item.rules.min_trust
    if ask.standing.trust < least:
        raise Forbidden("trust_too_low", {"min": least, "trust": ask.standing.trust})


# The new terms


def too_many_units(ask: Ask[Offering]) -> None:
    """More units than the owner has."""
    if ask.command.terms.q > ask.item.units:
        raise Invalid("too_many_units", {"max": ask.item.units})


def bad_place(ask: Ask[Offering]) -> None:
    """Not where this thing is: a party must not reach another address through a rental."""
    if ask.command.terms.place not in (None, ask.item.place):
        raise Invalid("bad_place")


def outside_window(ask: Ask[Offering]) -> None:
    """Too soon, or too far ahead."""
    terms, rules = ask.command.terms, ask.item.rules
    soonest = ask.now + timedelta(minutes=rules.lead_min)
    latest = ask.now + timedelta(days=rules.horizon_days)
    if terms.start <= ask.now or terms.start < soonest or terms.end > latest:
        raise Invalid("outside_window", {"lead_min": rules.lead_min, "horizon_days": rules.horizon_days})


def too_short(ask: Ask[Offering]) -> None:
    terms, shortest = ask.command.terms, ask.item.rules.min_min
    if terms.end - terms.start < timedelta(minutes=shortest):
        raise Invalid("too_short", {"min_min": shortest})


def too_long(ask: Ask[Offering]) -> None:
    longest = ask.item.rules.max_days
    if started_days(ask.command.terms.period, ask.item.tz) > longest:
        raise Invalid("too_long", {"max_days": longest})


def off_step(ask: Ask[Offering]) -> None:
    """The owner lends by whole steps."""
    terms, step = ask.command.terms, ask.item.rules.step_min
    if not on_step(terms.period, ask.item.tz, step):
        raise Invalid("off_step", {"step_min": step})


def outside_hours(ask: Ask[Offering]) -> None:
    """Nobody is in then, and the renter asks; the owner may offer any time, and the renter may take that up."""
    live, terms = ask.rental.offer, ask.command.terms
    offered = live is not None and live.by is Role.OWNER and live.terms.period == terms.period
    if ask.standing.closed and ask.role is Role.RENTER and not offered:
        raise Invalid("outside_hours")


def tariff_quote(ask: Ask[Offering]) -> Quote:
    """What the listing asks today for the dates and units of the command."""
    terms = ask.command.terms
    return quote(ask.item.tariff, terms.period, ask.item.tz, terms.q)


def price_changed(ask: Ask[Offering]) -> None:
    """The client saw other figures than today's tariff. Only the price can be negotiated, the deposit cannot."""
    terms, asked = ask.command.terms, tariff_quote(ask)
    price = terms.price if terms.negotiated else asked.price
    if (terms.price, terms.deposit, terms.cur) != (price, asked.deposit, asked.cur):
        raise Conflict("price_changed", {"price": asked.price, "deposit": asked.deposit, "cur": asked.cur})


def not_the_tariff(ask: Ask[Offering]) -> None:
    """Without asking there is no bargain: ``price_changed``."""
    if ask.command.terms.negotiated:
        asked = tariff_quote(ask)
        raise Conflict("price_changed", {"price": asked.price, "deposit": asked.deposit, "cur": asked.cur})


# Prerequisites


def nothing_required(situation: Situation) -> None:
    """No prerequisite waits for who asks: ``not_required``."""
    if not any(SAID_BY.get(kind) is situation.role for kind in open_kinds(situation.rental)):
        raise Conflict("not_required")


def not_required(ask: Ask[Satisfy]) -> None:
    """It is not asked for, is met, or is not theirs to say."""
    kind = ask.command.kind
    if kind not in open_kinds(ask.rental) or SAID_BY.get(kind) is not ask.role:
        raise Conflict("not_required")


# The live offer


def offer_superseded(ask: Ask[Accept | Counter | Revise]) -> None:
    """The answer is to an offer that is no longer on the table."""
    command, live = ask.command, ask.rental.live
    answers = command.rev if isinstance(command, Accept) else command.answers_rev
    if answers not in (None, live.rev):
        raise Conflict("offer_superseded", {"rev": live.rev})


def not_your_turn(situation: Situation) -> None:
    """Nobody answers their own offer."""
    if situation.rental.live.by == situation.role:
        raise Conflict("not_your_turn")


def not_your_offer(situation: Situation) -> None:
    """Nobody revises the other side's offer: ``not_your_turn``."""
    if situation.rental.live.by != situation.role:
        raise Conflict("not_your_turn")


def offer_expired(situation: Situation) -> None:
    """Time ran out, even if the timer has not come by yet."""
    if situation.rental.live.expires_at <= situation.now:
        raise Conflict("offer_expired")


def rounds_exhausted(situation: Situation) -> None:
    """They have bargained long enough: ``quota_exceeded``."""
    if len(situation.rental.offers) >= MAX_ROUNDS:
        raise Conflict("quota_exceeded", {"of": "rounds", "max": MAX_ROUNDS})


# The calendar


def _free(ask: Ask[Any], terms: Terms) -> int:
    return free_units(ask.calendar, terms.start, terms.end + ask.calendar.turnaround, exclude=ask.rental.id)


def slot_unavailable(ask: Ask[Any]) -> None:
    """The units of the live offer are no longer free."""
    if _free(ask, ask.rental.live.terms) < ask.rental.live.terms.q:
        raise Conflict("slot_unavailable")


def slot_unavailable_now(ask: Ask[Offering]) -> None:
    """Offers on this item hold their dates at once, and these are not free: ``slot_unavailable``."""
    if ask.item.rules.pending_blocks and _free(ask, ask.command.terms) < ask.command.terms.q:
        raise Conflict("slot_unavailable")


def slot_unavailable_to_book(ask: Ask[Offering]) -> None:
    """The units of the command are not free: ``slot_unavailable``."""
    if _free(ask, ask.command.terms) < ask.command.terms.q:
        raise Conflict("slot_unavailable")


def slot_free(ask: Ask[Any]) -> None:
    """The live offer can still be accepted."""
    if _free(ask, ask.rental.live.terms) >= ask.rental.live.terms.q:
        raise Conflict("slot_free")
