"""Refusals of settling: cases that are over, entries that are not one's to confirm, and bounds."""

from typing import Any

from hub.errors import Conflict, NotFound
from hub.rental.ask import Ask, Situation
from hub.rental.case import MAX_CASES, Case
from hub.rental.command import AgreeSettlement, OnCase, OnEntry, ProposeSettlement
from hub.rental.ledger import MAX_ENTRIES, Entry


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
    """The cancellation costs nothing."""
    cancel = situation.rental.cancel
    if cancel is None or cancel.waived or cancel.fee == 0:
        raise Conflict("no_fee")
