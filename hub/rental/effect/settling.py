"""What settling changes in a rental: cases and the ledger. Deposit and payment follow from them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hub.rental.ask import Ask
from hub.rental.case import Appeal, AppealState, Case, CaseState, Outcome, Proposal
from hub.rental.command import (
    AgreeSettlement,
    AppealCase,
    ClaimEntry,
    DecideAppeal,
    DecideCase,
    OnCase,
    OnEntry,
    OpenCase,
    ProposeSettlement,
)
from hub.rental.effect.calendar import Effect
from hub.rental.effect.case import with_case
from hub.rental.guard.settling import touches_deposit
from hub.rental.ledger import Entry
from hub.rental.prerequisite import reckoned
from hub.rental.record import Rental

# Cases


def open_case(ask: Ask[OpenCase]) -> Effect:
    case, secured = ask.command, touches_deposit(ask)
    return Effect(with_case(ask.rental, case.kind, ask.role, ask.at, case.claimed, case.words, secured=secured))


def appeal_case(ask: Ask[AppealCase]) -> Effect:
    appeal = Appeal(ask.role, ask.at, ask.command.words)
    return _on_case(ask, lambda case: replace(case, appeal=appeal))


def decide_appeal(ask: Ask[DecideAppeal]) -> Effect:
    outcome = Outcome(ask.at, ask.command.amount, ask.command.words, ask.actor)
    return _on_case(ask, lambda case: replace(_appeal_over(case, AppealState.DECIDED), outcome=outcome))


def lapse_appeal(ask: Ask[Any]) -> Effect:
    """The first decision stands, of every appeal whose time is over."""
    return _on_due(ask, CaseState.DECIDED, lambda case: _appeal_over(case, AppealState.LAPSED))


def _appeal_over(case: Case, state: AppealState) -> Case:
    return replace(case, appeal=replace(case.appeal, state=state) if case.appeal else None)


def propose_settlement(ask: Ask[ProposeSettlement]) -> Effect:
    return _on_case(ask, lambda case: replace(case, proposal=Proposal(ask.role, ask.command.amount)))


def agree_settlement(ask: Ask[AgreeSettlement]) -> Effect:
    outcome = Outcome(ask.at, ask.command.amount)
    return _on_case(ask, lambda case: replace(case, state=CaseState.SETTLED, outcome=outcome))


def withdraw_case(ask: Ask[OnCase]) -> Effect:
    return _on_case(ask, lambda case: replace(case, state=CaseState.WITHDRAWN, outcome=Outcome(ask.at, 0)))


def decide_case(ask: Ask[DecideCase]) -> Effect:
    outcome = Outcome(ask.at, ask.command.amount, ask.command.words, ask.actor)
    return _on_case(ask, lambda case: replace(case, state=CaseState.DECIDED, outcome=outcome))


def mediate(ask: Ask[Any]) -> Effect:
    """Every case whose time for the parties is over."""
    return _on_due(ask, CaseState.OPEN, lambda case: replace(case, state=CaseState.MEDIATION, mediation_at=ask.at))


def end_undecided(ask: Ask[Any]) -> Effect:
    """Every case whose time in mediation is over: nothing is kept."""
    over = Outcome(ask.at, 0)
    return _on_due(ask, CaseState.MEDIATION, lambda case: replace(case, state=CaseState.UNDECIDED, outcome=over))


def _on_case(ask: Ask[Any], change: Callable[[Case], Case]) -> Effect:
    return Effect(_each_case(ask.rental, lambda case: case.no == ask.command.case, change))


def _on_due(ask: Ask[Any], state: CaseState, change: Callable[[Case], Case]) -> Effect:
    def due(case: Case) -> bool:
        return case.state is state and case.due_at is not None and case.due_at <= ask.now

    return Effect(_each_case(ask.rental, due, change))


def _each_case(rental: Rental, which: Callable[[Case], bool], change: Callable[[Case], Case]) -> Rental:
    return replace(rental, cases=tuple(change(case) if which(case) else case for case in rental.cases))


# Money


def claim_entry(ask: Ask[ClaimEntry]) -> Effect:
    claim = ask.command
    entry = Entry(len(ask.rental.ledger) + 1, claim.kind, claim.amt, claim.method, ask.role, ask.at)
    return Effect(replace(ask.rental, ledger=(*ask.rental.ledger, entry)))


def confirm_entry(ask: Ask[OnEntry]) -> Effect:
    confirmed = _on_entry(ask, lambda entry: replace(entry, confirmed_at=ask.at)).rental
    return Effect(reckoned(confirmed, ask.at))


def reject_entry(ask: Ask[OnEntry]) -> Effect:
    return _on_entry(ask, lambda entry: replace(entry, rejected_at=ask.at))


def _on_entry(ask: Ask[OnEntry], change: Callable[[Entry], Entry]) -> Effect:
    no = ask.command.entry
    ledger = tuple(change(entry) if entry.no == no else entry for entry in ask.rental.ledger)
    return Effect(replace(ask.rental, ledger=ledger))


def waive_fee(ask: Ask[Any]) -> Effect:
    cancel, no_show = ask.rental.cancel, ask.rental.no_show
    waived = replace(ask.rental, cancel=replace(cancel, waived=True) if cancel else None)
    return Effect(replace(waived, no_show=replace(no_show, waived=True) if no_show else None))
