"""Commands of lending: from the hand-over to the end, and what time does when people are silent."""

from dataclasses import dataclass

from hub.errors import Invalid
from hub.money import MAX_AMOUNT
from hub.rental.case import CaseKind
from hub.rental.command.words import checked

REPORTED = frozenset({CaseKind.DAMAGE, CaseKind.MISSING_PARTS})


@dataclass(frozen=True, slots=True)
class HandOver:
    """The owner gave it away; ``verified``: and entered the code that the renter was shown."""

    verified: bool = False


@dataclass(frozen=True, slots=True)
class Return:
    """The renter gave it back; ``verified``: and entered the code that the owner was shown."""

    verified: bool = False


@dataclass(frozen=True, slots=True)
class ReturnPart:
    """``units`` of several are back; ``verified``: with the code that the owner was shown. ``Invalid("bad_units")``."""

    units: int
    verified: bool = False

    def __post_init__(self) -> None:
        if type(self.units) is not int or self.units < 1:
            raise Invalid("bad_units")


@dataclass(frozen=True, slots=True)
class ConfirmReturn:
    """It is back and all is well."""


@dataclass(frozen=True, slots=True)
class ReportDamage:
    """It is back, but not all is well; ``claimed`` minor units. ``Invalid("bad_words" | "bad_money" | "bad_kind")``."""

    kind: CaseKind
    words: str
    claimed: int

    def __post_init__(self) -> None:
        checked(self.words)
        if self.kind not in REPORTED:
            raise Invalid("bad_kind")
        if not 0 <= self.claimed <= MAX_AMOUNT:
            raise Invalid("bad_money")


@dataclass(frozen=True, slots=True)
class ClaimNonReturn:
    """The owner has not got it back, though it is late."""


@dataclass(frozen=True, slots=True)
class DisputeReturn:
    """The renter says it is back; the owner does not have it."""


@dataclass(frozen=True, slots=True)
class AmendReturn:
    """The renter's own account of the return. ``Invalid("bad_words")``."""

    words: str

    def __post_init__(self) -> None:
        checked(self.words)


@dataclass(frozen=True, slots=True)
class Found:
    """What was lost is there again."""


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Nobody came, and nobody said a word."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Another rental's lateness stands in the way of this one."""


@dataclass(frozen=True, slots=True)
class RiskOver:
    """It no longer does."""


@dataclass(frozen=True, slots=True)
class RemindStart:
    """It begins soon."""


@dataclass(frozen=True, slots=True)
class RemindReturn:
    """It is due soon."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """It is late, or still late."""


@dataclass(frozen=True, slots=True)
class Extend:
    """The renter says it is back, the owner does not say so yet: the calendar waits."""


@dataclass(frozen=True, slots=True)
class RemindInspection:
    """The owner has not said yet whether it is back."""


@dataclass(frozen=True, slots=True)
class AutoComplete:
    """Nobody objected to the return in time."""


@dataclass(frozen=True, slots=True)
class PresumeReturned:
    """Long over, and the owner never missed it."""


@dataclass(frozen=True, slots=True)
class LostTimeout:
    """The owner missed it, and nothing came of that."""


@dataclass(frozen=True, slots=True)
class LossTimeout:
    """Lost for good."""
