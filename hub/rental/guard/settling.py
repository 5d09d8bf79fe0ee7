"""Refusals of settling: cases that are over, entries that are not one's to confirm, and bounds."""

from typing import Any

from hub.errors import Conflict, Invalid, NotFound
from hub.rental.ask import Ask, Situation
from hub.rental.case import APPEAL, LATER_CLAIMS, MAX_CASES, Case, CaseKind, CaseState
from hub.rental.command import AgreeSettlement, OnCase, OnEntry, OpenCase, ProposeSettlement
from hub.rental.deadline import VERIFIED_INSPECTION
from hub.rental.ledger import MAX_ENTRIES, Entry
from hub.rental.region import no_show_fee
from hub.rental.state import CLOSED, Role, State


def case_of(ask: Ask[Any]) -> Case:
    """The case that the command names. ``NotFound("case_not_found")``."""
    for case in ask.rental.cases:
        if case.no == ask.command.case:
            return case
    raise NotFound("case_not_found")


def entry_of(ask: Ask[Any]) -> Entry:
    """The entry that the command names. ``NotFound("entry_not_found")``."""
    for entry in ask.rental.ledger:
        if entry.no == ask.command.entry:
            return entry
    raise NotFound("entry_not_found")


# Cases

_ABOUT_THE_THING = {
    CaseKind.NOT_AS_DESCRIBED: Role.RENTER,
    CaseKind.LATE: Role.OWNER,
    CaseKind.DAMAGE: Role.OWNER,
    CaseKind.MISSING_PARTS: Role.OWNER,
}
_AFTER_RETURN = frozenset({CaseKind.DAMAGE, CaseKind.MISSING_PARTS})


def never_agreed(situation: Situation) -> None:
    """Nothing was agreed on, so nothing is due: ``wrong_state``."""
    if situation.rental.agreed_at is None:
        raise Conflict("wrong_state", {"state": situation.rental.state.value})


def too_late_for_case(situation: Situation) -> None:
    """It ended more than six months ago: ``too_late``."""
    ended_at = situation.rental.ended_at
    if ended_at is not None and situation.now > ended_at + LATER_CLAIMS:
        raise Conflict("too_late")


def bad_kind(ask: Ask[OpenCase]) -> None:
    """Not theirs to ask for, of a thing that was not handed over, or is not back."""
    kind, rental = ask.command.kind, ask.rental
    if kind is CaseKind.PAYMENT:
        return
    theirs = _ABOUT_THE_THING[kind] is ask.role and rental.handed_over is not None
    back = rental.verified or rental.state is State.COMPLETED
    if not theirs or (kind in _AFTER_RETURN and not back):
        raise Invalid("bad_kind")


def touches_deposit(ask: Ask[OpenCase]) -> bool:
    """Of what the renter is to pay, while the deposit is not out of reach: see ``too_late_for_deposit``."""
    returned = ask.rental.returned
    verified_at = returned.verified_at if returned else None
    in_time = verified_at is None or ask.now <= verified_at + VERIFIED_INSPECTION
    return ask.role is Role.OWNER and ask.rental.state not in CLOSED and in_time


def no_decision(situation: Situation) -> None:
    """No case was decided, or those that were have been appealed, or 14 days have gone by: ``case_closed``."""
    if not any(_appealable(case, situation) for case in situation.rental.cases):
        raise Conflict("case_closed")


def not_appealable(ask: Ask[OnCase]) -> None:
    """It cannot be appealed: there is no such case (``case_not_found``), or ``case_closed``."""
    case = case_of(ask)
    if not _appealable(case, ask):
        raise Conflict("case_closed", {"state": case.state.value})


def _appealable(case: Case, situation: Situation) -> bool:
    decided = case.state is CaseState.DECIDED and case.outcome is not None
    in_time = case.outcome is not None and situation.now <= case.outcome.at + APPEAL
    return decided and in_time and case.appeal is None


def no_appeal(situation: Situation) -> None:
    """Nobody asks for a second decision: ``case_closed``."""
    if not any(case.appealed for case in situation.rental.cases):
        raise Conflict("case_closed")


def not_appealed(ask: Ask[OnCase]) -> None:
    """Not of this case: there is none (``case_not_found``), or ``case_closed``."""
    case = case_of(ask)
    if not case.appealed:
        raise Conflict("case_closed", {"state": case.state.value})


def too_many_cases(situation: Situation) -> None:
    """One rental has only so many cases: ``quota_exceeded``."""
    if len(situation.rental.cases) >= MAX_CASES:
        raise Conflict("quota_exceeded", {"of": "cases", "max": MAX_CASES})


def no_open_case(situation: Situation) -> None:
    """Nothing is in dispute: ``case_closed``."""
    if not situation.rental.open_cases:
        raise Conflict("case_closed")


def case_closed(ask: Ask[OnCase]) -> None:
    """There is no such case (``case_not_found``), or it is over."""
    case = case_of(ask)
    if not case.unresolved:
        raise Conflict("case_closed", {"state": case.state.value})


def not_your_case(ask: Ask[OnCase]) -> None:
    """Only who opened a case withdraws it: ``not_your_turn``."""
    if case_of(ask).by is not ask.role:
        raise Conflict("not_your_turn")


def same_proposal(ask: Ask[ProposeSettlement]) -> None:
    """One has proposed just that already: ``not_your_turn``."""
    proposal = case_of(ask).proposal
    if proposal is not None and (proposal.by, proposal.amount) == (ask.role, ask.command.amount):
        raise Conflict("not_your_turn")


def proposal_changed(ask: Ask[AgreeSettlement]) -> None:
    """The other side has proposed nothing, or something else by now."""
    proposal = case_of(ask).proposal
    if proposal is None or (proposal.by, proposal.amount) != (ask.role.other, ask.command.amount):
        raise Conflict("proposal_changed", {"amount": proposal.amount} if proposal else {})


# Money


def too_many_entries(situation: Situation) -> None:
    """One rental's ledger has only so many lines: ``quota_exceeded``."""
    if len(situation.rental.ledger) >= MAX_ENTRIES:
        raise Conflict("quota_exceeded", {"of": "ledger", "max": MAX_ENTRIES})


def no_open_entry(situation: Situation) -> None:
    """Nothing waits to be confirmed: ``entry_closed``."""
    if not any(entry.open for entry in situation.rental.ledger):
        raise Conflict("entry_closed")


def entry_closed(ask: Ask[OnEntry]) -> None:
    """There is no such entry (``entry_not_found``), or it is confirmed or rejected."""
    if not entry_of(ask).open:
        raise Conflict("entry_closed")


def not_your_entry(ask: Ask[OnEntry]) -> None:
    """Nobody confirms what they said themselves: ``not_your_turn``."""
    if entry_of(ask).by is ask.role:
        raise Conflict("not_your_turn")


def no_fee(situation: Situation) -> None:
    """The cancellation or the no-show costs nothing."""
    cancel = situation.rental.cancel
    fee = cancel.fee if cancel and not cancel.waived else no_show_fee(situation.rental)
    if fee == 0:
        raise Conflict("no_fee")
