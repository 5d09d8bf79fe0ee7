"""When time itself acts on a rental: always a function of its fields, never of how it got there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.rental.case import CaseState
from hub.rental.command import (
    AutoComplete,
    ExpireChange,
    Extend,
    Fulfil,
    HoldTimeout,
    IdleClose,
    LapseAppeal,
    LossTimeout,
    LostTimeout,
    MediateCase,
    OfferExpire,
    Overdue,
    PresumeReturned,
    RemindInspection,
    RemindReturn,
    RemindStart,
    Unclaimed,
    UndecidedCase,
    command_name,
)
from hub.rental.deadline import (
    IDLE,
    LOSS,
    NON_RETURN,
    PRESUMED,
    UNCLAIMED,
    case_due,
    extension_at,
    hold_ends_at,
    inspected_at,
    nudge_at,
    return_reminder_at,
    start_reminder_at,
)
from hub.rental.prerequisite import open_kinds
from hub.rental.record import Rental
from hub.rental.state import State

_TIMED = (
    OfferExpire,
    IdleClose,
    Fulfil,
    HoldTimeout,
    ExpireChange,
    RemindStart,
    RemindReturn,
    RemindInspection,
    Unclaimed,
    Overdue,
    Extend,
    AutoComplete,
    PresumeReturned,
    LostTimeout,
    LossTimeout,
    MediateCase,
    UndecidedCase,
    LapseAppeal,
)


@dataclass(frozen=True, slots=True)
class Timer:
    """At ``due_at`` the system sends the command named ``kind``; ``TIMED`` knows it."""

    kind: str
    due_at: datetime


TIMED: dict[str, type[Any]] = {command_name(command): command for command in _TIMED}


def timers_of(rental: Rental) -> tuple[Timer, ...]:
    """All timers that stand for the rental; the store drops every other."""
    due = (*_of_state(rental), *_of_change(rental), *_of_cases(rental))
    return tuple(Timer(command_name(command), due_at) for command, due_at in due if due_at)


def _of_state(rental: Rental) -> Iterator[tuple[type[Any], datetime | None]]:
    match rental.state:
        case State.INQUIRY:
            yield IdleClose, rental.updated_at + IDLE
        case State.NEGOTIATING:
            yield OfferExpire, rental.live.expires_at
        case State.HELD:
            yield (HoldTimeout, hold_ends_at(rental)) if open_kinds(rental) else (Fulfil, rental.updated_at)
        case State.CONFIRMED:
            yield RemindStart, start_reminder_at(rental)
            yield Unclaimed, rental.live.terms.end + UNCLAIMED
        case State.ACTIVE:
            yield RemindReturn, return_reminder_at(rental)
            yield Overdue, extension_at(rental)
            yield _given_up(rental)
        case State.RETURNED:
            if not rental.verified:
                yield Extend, extension_at(rental)
                yield RemindInspection, nudge_at(rental)
            yield AutoComplete, inspected_at(rental)
        case State.LOST:
            yield LossTimeout, rental.lost_at + LOSS if rental.lost_at else None


def _given_up(rental: Rental) -> tuple[type[Any], datetime]:
    """Nobody says anything any more: back, unless the owner ever said that it is not."""
    if rental.non_return_at:
        return LostTimeout, rental.non_return_at + NON_RETURN
    return PresumeReturned, rental.live.terms.end + PRESUMED


def _of_change(rental: Rental) -> Iterator[tuple[type[Any], datetime | None]]:
    if rental.open_change:
        yield ExpireChange, rental.open_change.expires_at


def _of_cases(rental: Rental) -> Iterator[tuple[type[Any], datetime | None]]:
    yield MediateCase, case_due(rental, CaseState.OPEN)
    yield UndecidedCase, case_due(rental, CaseState.MEDIATION)
    yield LapseAppeal, case_due(rental, CaseState.DECIDED)
