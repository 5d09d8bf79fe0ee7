"""The rental: its states, commands, the table of transitions, and decide(). This is its front door."""

from hub.rental.ask import GOOD_STANDING, Standing
from hub.rental.command import (
    Accept,
    Cancel,
    Command,
    Counter,
    Decline,
    IdleClose,
    Inquire,
    ModClose,
    OfferExpire,
    Propose,
    Request,
    Revise,
    Taken,
    Withdraw,
    command_name,
)
from hub.rental.decision import Decision, allowed_actions, decide
from hub.rental.effect import occupied
from hub.rental.record import Cancellation, Opening, Rental, Snapshot
from hub.rental.state import CLOSED, OCCUPYING, Role, State
from hub.rental.terms import Offer, Terms
from hub.rental.timer import TIMED, Timer, timers_of
from hub.rental.transition import TRANSITIONS

__all__ = [
    "CLOSED",
    "GOOD_STANDING",
    "OCCUPYING",
    "TIMED",
    "TRANSITIONS",
    "Accept",
    "Cancel",
    "Cancellation",
    "Command",
    "Counter",
    "Decision",
    "Decline",
    "IdleClose",
    "Inquire",
    "ModClose",
    "Offer",
    "OfferExpire",
    "Opening",
    "Propose",
    "Rental",
    "Request",
    "Revise",
    "Role",
    "Snapshot",
    "Standing",
    "State",
    "Taken",
    "Terms",
    "Timer",
    "Withdraw",
    "allowed_actions",
    "command_name",
    "decide",
    "occupied",
    "timers_of",
]
