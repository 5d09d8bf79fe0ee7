"""A row of the table of transitions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from hub.rental.ask import Ask
from hub.rental.command import command_name
from hub.rental.effect import Effect
from hub.rental.state import CLOSED, OCCUPYING, Role, State

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Row(Generic[C]):
    """``command`` by one of ``who`` leads from any of ``sources`` to ``target``, if no guard refuses.

    The source None is the rental that does not exist yet, the target None the state there was; ``waits_in`` is where it
    leads instead while prerequisites are missing. ``event`` is what the room's log calls it; ``effects`` says in words
    what happens besides.
    """

    command: type[C]
    sources: tuple[State | None, ...]
    target: State | None
    who: tuple[Role, ...]
    guards: tuple[Callable[[Ask[C]], None], ...]
    effect: Callable[[Ask[C]], Effect]
    event: str
    effects: str
    waits_in: State | None = None

    @property
    def targets(self) -> tuple[State, ...]:
        """Where it may lead; nowhere if the state stays."""
        return tuple(state for state in (self.target, self.waits_in) if state)

    @property
    def name(self) -> str:
        return command_name(self.command)

    @property
    def guard_names(self) -> tuple[str, ...]:
        return tuple(check.__name__ for check in self.guards)


RENTER, OWNER, MODERATOR, SYSTEM = (Role.RENTER,), (Role.OWNER,), (Role.MODERATOR,), (Role.SYSTEM,)
PARTIES = RENTER + OWNER
BEFORE_AGREEMENT = (State.INQUIRY, State.NEGOTIATING)
AGREED = tuple(state for state in State if state in OCCUPYING | CLOSED - {State.DECLINED, State.WITHDRAWN})
"""With an agreement, or after one; ``expired`` may also be without, which is for a guard to tell."""
