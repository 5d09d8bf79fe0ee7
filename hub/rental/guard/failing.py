"""Refusals where it went wrong: too early to say so, too late to deny it, or nothing to deny."""

from typing import Any

from hub.errors import Conflict, Forbidden
from hub.period import stamp
from hub.rental.ask import Ask, Situation
from hub.rental.case import CaseKind, CaseState
from hub.rental.deadline import CONTEST_HAND_OVER, CONTEST_NO_SHOW, DAY, missed_at
from hub.rental.state import Role


def not_missed(situation: Situation) -> None:
    """The start and its grace are not over: ``too_early``."""
    since = missed_at(situation.rental.live.terms)
    if situation.now < since:
        raise Conflict("too_early", {"from": stamp(since)})


def not_unilateral(situation: Situation) -> None:
    """It was handed over by the renter's own code: ``nothing_to_contest``."""
    given = situation.rental.handed_over
    if given is None or not given.unilateral:
        raise Conflict("nothing_to_contest")


def hand_over_stands(situation: Situation) -> None:
    """The renter said so before, or more than 24 hours have gone by: ``already_contested``, ``too_late``."""
    given = situation.rental.handed_over
    if given and given.contested_at:
        raise Conflict("already_contested")
    if given and situation.now > given.at + CONTEST_HAND_OVER:
        raise Conflict("too_late")


def not_accused(situation: Situation) -> None:
    """Nobody says that who asks did not come: ``nothing_to_contest``."""
    claim = situation.rental.no_show
    if claim is None or claim.by is situation.role:
        raise Conflict("nothing_to_contest")


def no_show_stands(situation: Situation) -> None:
    """It was denied before, or more than 48 hours have gone by: ``already_contested``, ``too_late``."""
    claim = situation.rental.no_show
    if claim and claim.contested_at:
        raise Conflict("already_contested")
    if claim and situation.now > claim.at + CONTEST_NO_SHOW:
        raise Conflict("too_late")


def not_contested(situation: Situation) -> None:
    """The renter does not deny that it was handed over."""
    given = situation.rental.handed_over
    if given is None or given.contested_at is None:
        raise Conflict("not_contested")


def not_lost_yet(situation: Situation) -> None:
    """For its owner it is lost 14 days after the end at the earliest: ``too_early``."""
    since = situation.rental.live.terms.end + 14 * DAY
    if situation.role is Role.OWNER and situation.now < since:
        raise Conflict("too_early", {"from": stamp(since)})


def loss_unsettled(situation: Situation) -> None:
    """The case about it is neither settled nor decided: ``case_open``."""
    about = [case for case in situation.rental.cases if case.kind is CaseKind.NON_RETURN]
    if not any(case.state in {CaseState.SETTLED, CaseState.DECIDED} for case in about):
        raise Conflict("case_open")


def own_decision(ask: Ask[Any]) -> None:
    """Somebody else looks at it the second time."""
    case = next((case for case in ask.rental.cases if case.no == ask.command.case), None)
    if case and case.outcome and case.outcome.by == ask.actor:
        raise Forbidden("own_decision")
