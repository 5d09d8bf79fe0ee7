"""Commands that change what was agreed, by the consent of both."""

from dataclasses import dataclass

from hub.rental.command.bargaining import Offering


@dataclass(frozen=True, slots=True)
class ProposeChange(Offering):
    """Other dates, units or another price for what is agreed."""


@dataclass(frozen=True, slots=True)
class OnChange:
    """``change`` is its number within the rental."""

    change: int


@dataclass(frozen=True, slots=True)
class AcceptChange(OnChange):
    """Yes to what the other side proposed."""


@dataclass(frozen=True, slots=True)
class DeclineChange(OnChange):
    """It stays as it was agreed."""


@dataclass(frozen=True, slots=True)
class WithdrawChange(OnChange):
    """Whoever proposed it lets it go."""


@dataclass(frozen=True, slots=True)
class ExpireChange:
    """Nobody answered in time."""
