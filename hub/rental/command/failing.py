"""Commands for when it goes wrong: nobody came, nothing was handed over, the thing is gone."""

from dataclasses import dataclass

from hub.errors import Invalid
from hub.money import MAX_AMOUNT
from hub.rental.command.bargaining import Closing
from hub.rental.command.words import checked


@dataclass(frozen=True, slots=True)
class ClaimNoShow:
    """The other side did not come."""


@dataclass(frozen=True, slots=True)
class Contest:
    """It was not as the other side says. ``Invalid("bad_words")``."""

    words: str

    def __post_init__(self) -> None:
        checked(self.words)


@dataclass(frozen=True, slots=True)
class AnnulHandOver(Closing):
    """It was not handed over after all."""


@dataclass(frozen=True, slots=True)
class MarkLost:
    """It will not come back; ``claimed`` minor units. ``Invalid("bad_words" | "bad_money")``."""

    words: str
    claimed: int

    def __post_init__(self) -> None:
        checked(self.words)
        if not 0 <= self.claimed <= MAX_AMOUNT:
            raise Invalid("bad_money")


@dataclass(frozen=True, slots=True)
class AdmitLoss:
    """The renter cannot bring it back. ``Invalid("bad_words")``."""

    words: str

    def __post_init__(self) -> None:
        checked(self.words)


@dataclass(frozen=True, slots=True)
class SettleLoss:
    """It is gone, and what is due for it is settled."""
