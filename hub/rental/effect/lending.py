"""What lending changes in a rental: where the thing is by whose word, and until when the calendar keeps it."""

from dataclasses import replace
from typing import Any

from hub.rental.ask import Ask
from hub.rental.case import CaseKind, CaseState
from hub.rental.command import AmendReturn, HandOver, ReportDamage, Return, ReturnPart
from hub.rental.deadline import EXTENSION, NUDGES, ladder_step
from hub.rental.effect.calendar import Effect, held_until, held_until_ready
from hub.rental.effect.case import end_case, end_cases, with_case
from hub.rental.record import HandedOver, Part, Rental, Returned
from hub.rental.state import Role

# Out


def hand_over(ask: Ask[HandOver]) -> Effect:
    """Before the start the rental holds the thing from now on."""
    holds = ask.rental.holds
    given = HandedOver(ask.at, unilateral=not ask.command.verified)
    early = replace(holds, s=min(holds.s, ask.at)) if holds else None
    return Effect(replace(ask.rental, handed_over=given, holds=early, at_risk_since=None))


def endanger(ask: Ask[Any]) -> Effect:
    return Effect(replace(ask.rental, at_risk_since=ask.at))


def spare(ask: Ask[Any]) -> Effect:
    return Effect(replace(ask.rental, at_risk_since=None))


def remind_start(ask: Ask[Any]) -> Effect:
    return Effect(replace(ask.rental, start_reminded=ask.rental.live.terms.start))


def remind_return(ask: Ask[Any]) -> Effect:
    return Effect(replace(ask.rental, return_reminded=ask.rental.live.terms.end))


# Late


def run_late(ask: Ask[Any]) -> Effect:
    """The calendar keeps the thing for another day, whoever else wanted it."""
    since, step = ask.rental.overdue_since or ask.at, ladder_step(ask.rental, ask.at)
    return Effect(replace(_extended(ask), overdue_since=since, overdue_step=step))


def extend(ask: Ask[Any]) -> Effect:
    """As if late, without saying so of a renter who declared the return."""
    return Effect(_extended(ask))


def _extended(ask: Ask[Any]) -> Rental:
    holds = ask.rental.holds
    longer = ask.at + EXTENSION + ask.calendar.turnaround
    kept = replace(holds, e=max(holds.e, longer)) if holds else None
    return replace(ask.rental, holds=kept, extended_at=ask.at)


def miss(ask: Ask[Any]) -> Effect:
    """Nobody presumes any more that it came back."""
    return Effect(replace(ask.rental, non_return_at=ask.at))


# Back


def give_back(ask: Ask[Return]) -> Effect:
    """By the renter's word alone neither the calendar nor the deposit is free. Who gives it back had it."""
    rental = _back(ask) if ask.command.verified else replace(ask.rental, returned=Returned(ask.at))
    return Effect(end_cases(rental, CaseKind.HAND_OVER, CaseState.WITHDRAWN, ask.at))


def give_back_part(ask: Ask[ReturnPart]) -> Effect:
    """The calendar lets go of these units once they are ready again, and keeps the others."""
    part = Part(ask.command.units, ask.at, ask.at + ask.calendar.turnaround)
    return Effect(replace(ask.rental, parts=(*ask.rental.parts, part)))


def _back(ask: Ask[Any]) -> Rental:
    """By the word of both; the first who said so set the time. What was verified before stays as it is."""
    if ask.rental.verified:
        return ask.rental
    returned = replace(ask.rental.returned or Returned(ask.at), verified_at=ask.at)
    return replace(ask.rental, returned=returned, holds=held_until_ready(ask))


def confirm_return(ask: Ask[Any]) -> Effect:
    return Effect(_back(ask))


def report_damage(ask: Ask[ReportDamage]) -> Effect:
    back, report = _back(ask), ask.command
    return Effect(with_case(back, report.kind, Role.OWNER, ask.at, report.claimed, report.words))


def dispute_return(ask: Ask[Any]) -> Effect:
    """What the renter declared no longer counts, and the owner has said that it is not back."""
    return Effect(replace(ask.rental, returned=None, nudges=0, non_return_at=ask.at))


def nudge(ask: Ask[Any]) -> Effect:
    """All reminders that are due by now count as given."""
    returned = ask.rental.returned
    passed = sum(returned.at + after <= ask.at for after in NUDGES) if returned else 0
    return Effect(replace(ask.rental, nudges=max(passed, ask.rental.nudges + 1)))


def amend_return(ask: Ask[AmendReturn]) -> Effect:
    returned = ask.rental.returned
    return Effect(replace(ask.rental, returned=replace(returned, words=ask.command.words) if returned else None))


def complete(ask: Ask[Any]) -> Effect:
    """Nobody objected: a declared return counts from when it was declared."""
    returned = ask.rental.returned
    if returned is None or returned.verified_at:
        return Effect(ask.rental)
    ready = returned.at + ask.calendar.turnaround
    return Effect(replace(ask.rental, holds=held_until(ask, ready)))


def presume_returned(ask: Ask[Any]) -> Effect:
    return Effect(replace(ask.rental, holds=held_until_ready(ask), closed_reason="closed_unconfirmed"))


# Gone


def find(ask: Ask[Any]) -> Effect:
    """By the owner's word it is back, by the renter's it is declared to be; the case about it is over."""
    ended = end_cases(ask.rental, CaseKind.NON_RETURN, CaseState.WITHDRAWN, ask.at)
    found = replace(ended, lost_at=None, nudges=0)
    if ask.role is Role.OWNER:
        return Effect(replace(found, returned=Returned(ask.at, ask.at), holds=held_until_ready(ask)))
    return Effect(replace(found, returned=Returned(ask.at)))


def write_off(ask: Ask[Any]) -> Effect:
    return Effect(replace(ask.rental, closed_reason="lost"))


def give_up(ask: Ask[Any]) -> Effect:
    """A moderator ends it: what is not decided by then stays undecided."""
    holds = ask.rental.holds if ask.rental.verified else held_until_ready(ask)
    cases = tuple(end_case(case, CaseState.UNDECIDED, ask.at) for case in ask.rental.cases)
    rental = replace(ask.rental, holds=holds, cases=cases, closed_reason="moderated")
    return Effect(rental, {"reason": ask.command.reason})
