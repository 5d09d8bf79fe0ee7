"""Cases that come and go with what happens to a rental."""

from dataclasses import replace
from datetime import datetime

from hub.rental.case import Case, CaseKind, CaseState, Outcome, Proposal
from hub.rental.record import Rental
from hub.rental.state import Role


def end_case(case: Case, state: CaseState, at: datetime) -> Case:
    """Over without anything to pay, if it is not over already."""
    return replace(case, state=state, outcome=Outcome(at, 0)) if case.unresolved else case


def end_cases(rental: Rental, kind: CaseKind, state: CaseState, at: datetime) -> Rental:
    """All of one kind."""
    ended = (end_case(case, state, at) if case.kind is kind else case for case in rental.cases)
    return replace(rental, cases=tuple(ended))


def with_case(  # noqa: PLR0917 - what a case is made of
    rental: Rental, kind: CaseKind, by: Role, at: datetime, claimed: int, words: str, *, secured: bool = True
) -> Rental:
    """What is claimed is also the first proposal, so the other side can simply agree."""
    no, first = len(rental.cases) + 1, Proposal(by, claimed)
    case = Case(no, kind, by, at, claimed, words, proposal=first, secured=secured)
    return replace(rental, cases=(*rental.cases, case))
