"""Commands of settling: cases, money that went from hand to hand, and a fee let go."""

from dataclasses import dataclass

from hub.errors import Invalid
from hub.money import MAX_AMOUNT
from hub.rental.case import OPENED, CaseKind
from hub.rental.command.words import checked
from hub.rental.ledger import EntryKind, Method


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Ask ``claimed`` minor units of the other side. ``Invalid("bad_words" | "bad_money" | "bad_kind")``."""

    kind: CaseKind
    words: str
    claimed: int

    def __post_init__(self) -> None:
        checked(self.words)
        if self.kind not in OPENED:
            raise Invalid("bad_kind")
        if not 0 <= self.claimed <= MAX_AMOUNT:
            raise Invalid("bad_money")


@dataclass(frozen=True, slots=True)
class OnCase:
    """``case`` is its number within the rental."""

    case: int


@dataclass(frozen=True, slots=True)
class ForAmount(OnCase):
    """``amount`` minor units, which the renter pays, out of the deposit first. ``Invalid("bad_money")``."""

    amount: int

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise Invalid("bad_money")


@dataclass(frozen=True, slots=True)
class ProposeSettlement(ForAmount):
    """Leave it at this."""


@dataclass(frozen=True, slots=True)
class AgreeSettlement(ForAmount):
    """Yes to what the other side proposed last."""


@dataclass(frozen=True, slots=True)
class WithdrawCase(OnCase):
    """Whoever opened it lets it go."""


@dataclass(frozen=True, slots=True)
class DecideCase(ForAmount):
    """A moderator decides, and says why. ``Invalid("bad_words" | "bad_money")``."""

    words: str

    def __post_init__(self) -> None:
        ForAmount.__post_init__(self)
        checked(self.words)


@dataclass(frozen=True, slots=True)
class AppealCase(OnCase):
    """A party asks for a second decision. ``Invalid("bad_words")``."""

    words: str

    def __post_init__(self) -> None:
        checked(self.words)


@dataclass(frozen=True, slots=True)
class DecideAppeal(DecideCase):
    """Another moderator decides it anew, or the same again."""


@dataclass(frozen=True, slots=True)
class LapseAppeal:
    """Nobody decided it anew in time: the first decision stands."""


@dataclass(frozen=True, slots=True)
class MediateCase:
    """The parties did not settle it in their own time."""


@dataclass(frozen=True, slots=True)
class UndecidedCase:
    """Nobody decided it in time."""


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """One side says that money went from hand to hand: ``amt`` minor units, at least one. ``Invalid("bad_money")``."""

    kind: EntryKind
    amt: int
    method: Method

    def __post_init__(self) -> None:
        if not 0 < self.amt <= MAX_AMOUNT:
            raise Invalid("bad_money")


@dataclass(frozen=True, slots=True)
class OnEntry:
    """``entry`` is its number within the rental."""

    entry: int


@dataclass(frozen=True, slots=True)
class ConfirmEntry(OnEntry):
    """The other side says so, too."""


@dataclass(frozen=True, slots=True)
class RejectEntry(OnEntry):
    """It was not so: the other side denies it, or who said it takes it back."""


@dataclass(frozen=True, slots=True)
class WaiveFee:
    """The owner does not want the cancellation's fee."""
