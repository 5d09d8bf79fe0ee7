"""A report: messages that a reader discloses to the moderators, with the hub's proof that they were said. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from crypto.dkx import report as dkx
from crypto.dkx.envelope import EnvelopeHeader
from hub.errors import Conflict, Forbidden, NotFound
from hub.ids import DeviceId, RentalId, ReportId, RoomId, UserId
from hub.rental import Rental
from hub.room import MessageAddress

MAX_MESSAGES: Final = 6
"""One message and up to five around it, so that it can be understood."""
MAX_REPORTS: Final = 20
"""Of one person from one room."""
WORDS_MAX: Final = 2000
KEPT: Final = timedelta(days=3 * 365)


class Reason(StrEnum):
    HARASSMENT = "harassment"
    THREAT = "threat"
    SCAM = "scam"
    ILLEGAL = "illegal"
    SPAM = "spam"
    EVIDENCE = "evidence"
    """Nothing wrong with the message: it shows what was said about the rental."""
    OTHER = "other"


class Outcome(StrEnum):
    ACTED = "acted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Closing:
    """``words`` of the moderator ``by`` are for whoever reported."""

    by: UserId
    at: datetime
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """``messages`` are proven, in the order of the log. ``case`` of the rental, if they are evidence in it.

    ``people`` are those of the room when it was made: none of them judges it. ``body_hash`` tells a repeat from a
    clash.
    """

    id: ReportId
    room: RoomId
    rental: RentalId
    people: tuple[UserId, ...]
    by: UserId
    at: datetime
    reason: Reason
    words: str
    messages: tuple[dkx.Report, ...]
    case: int | None
    body_hash: bytes
    closed: Closing | None = None

    @property
    def seqs(self) -> tuple[int, ...]:
        return tuple(message.seq for message in self.messages)

    @property
    def senders(self) -> tuple[UserId, ...]:
        return tuple(UserId(message.sender.hex()) for message in self.messages)

    @property
    def discloses(self) -> frozenset[MessageAddress]:
        """What the messages are called."""
        headers = (EnvelopeHeader.parse(message.header) for message in self.messages)
        return frozenset(MessageAddress(self.room, DeviceId(each.device.hex()), each.cid) for each in headers)

    def visible_to(self, reader: UserId) -> bool:
        """Evidence in a case is known to both sides of it; anything else to its author alone."""
        return reader == self.by or (self.case is not None and reader in self.people)


def end(report: Report, closing: Closing) -> Report:
    """``Conflict("report_closed")`` when somebody was faster."""
    if report.closed is not None:
        raise Conflict("report_closed")
    return replace(report, closed=closing)


def check_case(rental: Rental, by: UserId, case: int) -> None:
    """Only a party puts messages before a case, and only while it is not over."""
    if by not in {rental.owner, rental.renter}:
        raise Forbidden("not_your_role")
    found = next((one for one in rental.cases if one.no == case), None)
    if found is None:
        raise NotFound("case_not_found")
    if not found.unresolved:
        raise Conflict("case_closed", {"state": found.state.value})
