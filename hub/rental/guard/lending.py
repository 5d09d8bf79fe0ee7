"""Refusals of lending: what is too early, too late, or not yet in order."""

from typing import Any

from hub.availability import free_units
from hub.errors import Conflict, Invalid
from hub.period import stamp
from hub.rental.ask import Ask, Situation
from hub.rental.command import Return, ReturnPart, command_name
from hub.rental.deadline import DAY, DECLARED_INSPECTION, VERIFIED_INSPECTION, overdue_at
from hub.rental.record import MAX_PARTS
from hub.rental.region import DepositState, deposit
from hub.rental.state import Role
from hub.rental.timer import timers_of

# The hand-over


def too_early(situation: Situation) -> None:
    """The hand-over is more than 24 hours ahead."""
    opens = situation.rental.live.terms.start - DAY
    if situation.now < opens:
        raise Conflict("too_early", {"from": stamp(opens)})


def too_late_to_start(situation: Situation) -> None:
    """The agreed time is over: ``too_late``."""
    if situation.now >= situation.rental.live.terms.end:
        raise Conflict("too_late")


def deposit_missing(situation: Situation) -> None:
    """A deposit was agreed on, and not both sides have said yet that it was received."""
    due = deposit(situation.rental)
    if due is not None and due.state is DepositState.DUE:
        raise Conflict("deposit_missing", {"amount": due.amount})


def slot_unavailable_early(ask: Ask[Any]) -> None:
    """It would be handed over before the start, and somebody else has it until then: ``slot_unavailable``."""
    terms = ask.rental.live.terms
    if ask.at < terms.start and free_units(ask.calendar, ask.at, terms.start, exclude=ask.rental.id) < terms.q:
        raise Conflict("slot_unavailable")


# The return


def needs_code(ask: Ask[Return]) -> None:
    """It was declared before; only the owner's code says more: ``code_required``."""
    if not ask.command.verified:
        raise Conflict("code_required")


def needs_code_for_part(ask: Ask[ReturnPart]) -> None:
    """By the renter's word alone the calendar lets go of nothing: ``code_required``."""
    if ask.role is Role.RENTER and not ask.command.verified:
        raise Conflict("code_required")


def one_unit(situation: Situation) -> None:
    """There are no parts of it to bring back, or it came back in too many: ``bad_units``."""
    if situation.rental.out < 2 or len(situation.rental.parts) >= MAX_PARTS:  # noqa: PLR2004 - a part of two is one
        raise Invalid("bad_units", {"max": 0})


def not_a_part(ask: Ask[ReturnPart]) -> None:
    """All of it, or more than that, is no part: ``bad_units``."""
    if ask.command.units >= ask.rental.out:
        raise Invalid("bad_units", {"max": ask.rental.out - 1})


def already_verified(situation: Situation) -> None:
    """Both sides have said that it is back."""
    if situation.rental.verified:
        raise Conflict("already_verified")


def not_late(situation: Situation) -> None:
    """The agreed end and its grace are not over."""
    due = overdue_at(situation.rental.live.terms)
    if situation.now < due:
        raise Conflict("not_late", {"from": stamp(due)})


def too_late_to_dispute(situation: Situation) -> None:
    """The renter declared the return more than 7 days ago: ``too_late``."""
    returned = situation.rental.returned
    if returned is not None and situation.now > returned.at + DECLARED_INSPECTION:
        raise Conflict("too_late")


def too_late_for_deposit(situation: Situation) -> None:
    """Both said more than 48 hours ago that it is back, so the deposit is out of reach: ``too_late``."""
    returned = situation.rental.returned
    verified_at = returned.verified_at if returned else None
    if verified_at is not None and situation.now > verified_at + VERIFIED_INSPECTION:
        raise Conflict("too_late")


def case_open(situation: Situation) -> None:
    """The owner has a case open, and must withdraw it before all can be well."""
    if any(case.by is Role.OWNER for case in situation.rental.open_cases):
        raise Conflict("case_open")


# What time and consequence may do


def not_due(ask: Ask[Any]) -> None:
    """The timer of this command is not due, or does not stand any more."""
    kind = command_name(type(ask.command))
    if not any(timer.kind == kind and timer.due_at <= ask.now for timer in timers_of(ask.rental)):
        raise Conflict("not_due")


def no_clash(ask: Ask[Any]) -> None:
    """It is known to be at risk, or nothing stands in its way: ``not_due``."""
    if ask.rental.at_risk_since or not _clashes(ask):
        raise Conflict("not_due")


def still_clash(ask: Ask[Any]) -> None:
    """It is not known to be at risk, or still is: ``not_due``."""
    if not ask.rental.at_risk_since or _clashes(ask):
        raise Conflict("not_due")


def _clashes(ask: Ask[Any]) -> bool:
    """Whether what the rental holds is not there for it, from now on."""
    holds = ask.rental.holds
    if holds is None or holds.e <= ask.now:
        return False
    return free_units(ask.calendar, max(ask.now, holds.s), holds.e, exclude=ask.rental.id) < ask.rental.q
