"""What it changes in a rental when it goes wrong: nobody came, nothing was handed over, the thing is gone."""

from dataclasses import replace
from typing import Any

from hub.cancellation import Agreement, cancellation_fee
from hub.rental.ask import Ask
from hub.rental.case import CaseKind, CaseState, Outcome
from hub.rental.command import AdmitLoss, AnnulHandOver, Contest, MarkLost
from hub.rental.deadline import LOSS
from hub.rental.effect.calendar import Effect, held_until
from hub.rental.effect.case import with_case
from hub.rental.record import Cancellation, NoShow, Rental
from hub.rental.state import Role

# Nobody came


def claim_no_show(ask: Ask[Any]) -> Effect:
    """A renter who did not come owes what cancelling after the start would cost; an owner owes the rent back."""
    claim = NoShow(ask.role, ask.at, _no_show_fee(ask) if ask.role is Role.OWNER else 0)
    return Effect(replace(ask.rental, no_show=claim, closed_reason="no_show"), {"against": ask.role.other.value})


def _no_show_fee(ask: Ask[Any]) -> int:
    rental, terms = ask.rental, ask.rental.live.terms
    agreed = Agreement(rental.snapshot.policy, rental.agreed_at or ask.at, terms.start, terms.price)
    return cancellation_fee(agreed, ask.at, excused=rental.at_risk_since is not None)


def contest_no_show(ask: Ask[Contest]) -> Effect:
    claim = ask.rental.no_show
    contested = replace(ask.rental, no_show=replace(claim, contested_at=ask.at) if claim else None)
    return Effect(_contest(ask, contested, CaseKind.NO_SHOW))


# Nothing was handed over


def contest_hand_over(ask: Ask[Contest]) -> Effect:
    given = ask.rental.handed_over
    contested = replace(ask.rental, handed_over=replace(given, contested_at=ask.at) if given else None)
    return Effect(_contest(ask, contested, CaseKind.HAND_OVER))


def _contest(ask: Ask[Contest], contested: Rental, kind: CaseKind) -> Rental:
    return with_case(contested, kind, ask.role, ask.at, 0, ask.command.words)


def annul_hand_over(ask: Ask[AnnulHandOver]) -> Effect:
    """As if it had been cancelled at no cost. What was contested is settled by that, or decided by the moderator."""
    by_owner = ask.role is Role.OWNER
    state = CaseState.SETTLED if by_owner else CaseState.DECIDED
    outcome = Outcome(ask.at, 0, "" if by_owner else ask.command.reason, ask.actor if not by_owner else None)
    cases = tuple(
        replace(case, state=state, outcome=outcome) if case.unresolved and case.kind is CaseKind.HAND_OVER else case
        for case in ask.rental.cases
    )
    record = Cancellation(ask.role, ask.command.reason, ask.at)
    return Effect(replace(ask.rental, cancel=record, cases=cases, closed_reason="annulled"))


# Gone


def lose(ask: Ask[Any]) -> Effect:
    """Time says so: nothing is claimed yet."""
    return Effect(_lost(ask, 0, ""))


def mark_lost(ask: Ask[MarkLost]) -> Effect:
    return Effect(_lost(ask, ask.command.claimed, ask.command.words))


def admit_loss(ask: Ask[AdmitLoss]) -> Effect:
    """What it comes to is for the owner to say."""
    return Effect(_lost(ask, 0, ""), {"words": ask.command.words})


def _lost(ask: Ask[Any], claimed: int, words: str) -> Rental:
    """The calendar keeps the missing units until the loss is final."""
    lost = replace(ask.rental, lost_at=ask.at, holds=held_until(ask, ask.at + LOSS))
    return with_case(lost, CaseKind.NON_RETURN, Role.OWNER, ask.at, claimed, words)
