"""When time itself acts on a rental: always a function of its fields, never of how it got there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hub.rental.command import IdleClose, OfferExpire, command_name
from hub.rental.record import Rental
from hub.rental.state import State

IDLE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Timer:
    """At ``due_at`` the system sends the command named ``kind``; ``TIMED`` knows it."""

    kind: str
    due_at: datetime


TIMED: dict[str, type[Any]] = {command_name(command): command for command in (OfferExpire, IdleClose)}


def idle_at(rental: Rental) -> datetime:
    """When an inquiry that nobody takes further ends."""
    return rental.updated_at + IDLE


def timers_of(rental: Rental) -> tuple[Timer, ...]:
    """All timers that stand for the rental; the store drops every other."""
    if rental.state is State.INQUIRY:
        return (Timer("idle_close", idle_at(rental)),)
    if rental.state is State.NEGOTIATING:
        return (Timer("offer_expire", rental.live.expires_at),)
    return ()
