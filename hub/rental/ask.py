"""Everything a decision may look at, gathered in one value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from hub.availability import Calendar
from hub.ids import UserId
from hub.item import Item
from hub.rental.record import Rental
from hub.rental.state import Role

C_co = TypeVar("C_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the accounts say, which no rental knows: only new commitments are refused for it, never a way out.

    ``blocked``: whoever asks blocked the other side. ``shunned``: the other side blocked them, which they are not to
    learn. ``suspended``: an account is. ``restricted``: whoever asks has their data kept and not used; where the
    other side has, they are ``shunned``. ``over_quota``: the renter has as many negotiations (3 per item by default)
    or open rentals as the operator and the owner allow. ``trust`` is how far the renter is known: 0 not at all, 1 by a
    confirmed e-mail, 2 by a rental that came to its end. ``closed``: nobody is in when it would be fetched or brought
    back.
    """

    blocked: bool = False
    shunned: bool = False
    suspended: bool = False
    restricted: bool = False
    over_quota: bool = False
    trust: int = 0
    closed: bool = False


GOOD_STANDING = Standing()


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known before anything is asked: enough to say what somebody may do."""

    rental: Rental
    role: Role
    now: datetime


@dataclass(frozen=True, slots=True)
class Ask(Situation, Generic[C_co]):
    """A command in its situation. A rental's first command meets the draft of it. ``actor`` names a moderator."""

    command: C_co
    item: Item
    calendar: Calendar
    standing: Standing = GOOD_STANDING
    actor: UserId | None = None

    @property
    def at(self) -> datetime:
        """``now`` as records keep it: whole seconds, so that record, timer and log agree."""
        return self.now.replace(microsecond=0)
