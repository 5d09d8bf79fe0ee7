"""What lending changes in a rental: where the thing is by whose word, and until when the calendar keeps it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from hub.rental.ask import Ask
from hub.rental.case import Case, CaseKind, CaseState, Outcome, Proposal
from hub.rental.command import AmendReturn, HandOver, ReportDamage, Return
from hub.rental.deadline import EXTENSION, LOSS
from hub.rental.effect.change import Effect, held_until, held_until_ready
from hub.rental.record import HandedOver, Rental, Returned
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


# Late


def run_late(ask: Ask[Any]) -> Effect:
    """The calendar keeps the thing for another day, whoever else wanted it."""
    late = replace(_extended(ask), overdue_since=ask.rental.overdue_since or ask.at)
    return Effect(late)


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
    """By the renter's word alone neither the calendar nor the deposit is free."""
    return Effect(_back(ask) if ask.command.verified else replace(ask.rental, returned=Returned(ask.at)))


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
    return Effect(_with_case(back, report.kind, Role.OWNER, ask.at, report.claimed, report.words))


def dispute_return(ask: Ask[Any]) -> Effect:
    """What the renter declared no longer counts, and the owner has said that it is not back."""
    return Effect(replace(ask.rental, returned=None, non_return_at=ask.at))


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


def lose(ask: Ask[Any]) -> Effect:
    """The calendar keeps the missing units until the loss is final."""
    kept = held_until(ask, ask.at + LOSS)
    lost = replace(ask.rental, lost_at=ask.at, holds=kept)
    return Effect(_with_case(lost, CaseKind.NON_RETURN, Role.OWNER, ask.at, 0, ""))


def find(ask: Ask[Any]) -> Effect:
    """By the owner's word it is back, by the renter's it is declared to be; the case about it is over."""
    found = replace(ask.rental, lost_at=None, cases=_without(ask.rental.cases, ask.at, CaseKind.NON_RETURN))
    if ask.role is Role.OWNER:
        return Effect(replace(found, returned=Returned(ask.at, ask.at), holds=held_until_ready(ask)))
    return Effect(replace(found, returned=Returned(ask.at)))


def write_off(ask: Ask[Any]) -> Effect:
    return Effect(replace(ask.rental, closed_reason="lost"))


def give_up(ask: Ask[Any]) -> Effect:
    """A moderator ends it: what is not decided by then stays undecided."""
    holds = ask.rental.holds if ask.rental.verified else held_until_ready(ask)
    cases = tuple(end_as(case, CaseState.UNDECIDED, ask.at) for case in ask.rental.cases)
    rental = replace(ask.rental, holds=holds, cases=cases, closed_reason="moderated")
    return Effect(rental, {"reason": ask.command.reason})


# Cases that come and go with it


def end_as(case: Case, state: CaseState, at: datetime) -> Case:
    """Over without anything to pay, if it is not over already."""
    return replace(case, state=state, outcome=Outcome(at, 0)) if case.unresolved else case


def _without(cases: tuple[Case, ...], at: datetime, kind: CaseKind) -> tuple[Case, ...]:
    return tuple(end_as(case, CaseState.WITHDRAWN, at) if case.kind is kind else case for case in cases)


def _with_case(  # noqa: PLR0917 - what a case is made of
    rental: Rental, kind: CaseKind, by: Role, at: datetime, claimed: int, words: str
) -> Rental:
    """What is claimed is also the first proposal, so the other side can simply agree."""
    case = Case(len(rental.cases) + 1, kind, by, at, claimed, words, proposal=Proposal(by, claimed))
    return replace(rental, cases=(*rental.cases, case))
