"""The codes by which one side proves to the hub that the other was there: who is shown which, and while when."""

from enum import StrEnum
from typing import Final

from hub.errors import Conflict, Forbidden
from hub.rental.record import Rental
from hub.rental.state import Role, State


class CodeKind(StrEnum):
    """Shown to who receives the thing, so that showing it proves the receipt; entered by who gives it."""

    HAND_OVER = "hand_over"
    RETURN = "return"


RECEIVER: Final = {CodeKind.HAND_OVER: Role.RENTER, CodeKind.RETURN: Role.OWNER}

_SHOWN: Final = {
    CodeKind.HAND_OVER: frozenset({State.CONFIRMED}),
    CodeKind.RETURN: frozenset({State.CONFIRMED, State.ACTIVE, State.RETURNED}),
}
"""From the agreement on, so that both can be fetched before a phone is without a network."""


def check_shown(rental: Rental, kind: CodeKind, role: Role) -> None:
    """Refuse to show a code to its giver, or when there is nothing to prove. ``not_your_role``, ``wrong_state``."""
    if role is not RECEIVER[kind]:
        raise Forbidden("not_your_role")
    if rental.state not in _SHOWN[kind]:
        raise Conflict("wrong_state", {"state": rental.state.value})
