"""What the acts of rentals take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.asks.common import PageSize, Units
from api.field import (
    B64,
    Id,
    Minute,
    SafeInt,
    Text,
)
from api.wire import Wire

FirstRoster = Annotated[B64, Field(max_length=2048)]
"""Left out, it is refused by its own code: the rental then has no room to talk in."""

Reason = Annotated[Text, Field(max_length=32)]


class InquireRental(Wire):
    cmd_id: Id
    item: Id
    room: Id
    roster: FirstRoster = b""


class Offered(Wire):
    """Terms of an offer, as far as the client chooses them."""

    cmd_id: Id
    start: Minute
    end: Minute
    price: SafeInt
    q: Units = 1
    negotiated: bool = False


class RequestRental(Offered):
    item: Id
    room: Id
    roster: FirstRoster = b""


class Booked(Wire):
    """Dates and units at the tariff's price."""

    cmd_id: Id
    start: Minute
    end: Minute
    price: SafeInt
    q: Units = 1


class BookRental(Booked):
    item: Id
    room: Id
    roster: FirstRoster = b""


class BookInquiry(Booked):
    rental: Id
    expected_rev: SafeInt | None = None


class MakeOffer(Offered):
    rental: Id
    expected_rev: SafeInt | None = None


class CounterOffer(Offered):
    rental: Id
    rev: SafeInt
    expected_rev: SafeInt | None = None


class ReviseOffer(CounterOffer):
    pass


class AcceptOffer(Wire):
    cmd_id: Id
    rental: Id
    rev: SafeInt
    expected_rev: SafeInt | None = None


class Closed(Wire):
    """Ending something, with a reason code."""

    cmd_id: Id
    rental: Id
    reason: Reason
    expected_rev: SafeInt | None = None


class DeclineRental(Closed):
    pass


class WithdrawRental(Closed):
    pass


class CancelRental(Closed):
    pass


class GetRental(Wire):
    rental: Id


class ListRentals(Wire):
    limit: PageSize = 100


class ReadPlace(Wire):
    rental: Id


Words = Annotated[Text, Field(max_length=2000)]
Amount = SafeInt
Number = Annotated[SafeInt, Field(ge=1, le=1000)]
"""Of a case or an entry, counted within the rental."""


class OnRental(Wire):
    cmd_id: Id
    rental: Id
    expected_rev: SafeInt | None = None


class MeetPrerequisite(OnRental):
    kind: Literal["contract", "briefing", "identity"]


class QuoteCancel(Wire):
    rental: Id
    reason: Annotated[Text, Field(max_length=32)] = ""


class QuoteChange(Wire):
    rental: Id
    start: Minute
    end: Minute
    q: Units = 1


class ProposeRentalChange(OnRental):
    start: Minute
    end: Minute
    price: SafeInt
    q: Units = 1
    negotiated: bool = False


class OnRentalChange(OnRental):
    change: Number


class ContestClaim(OnRental):
    words: Words


class MarkRentalLost(OnRental):
    words: Words
    claimed: Amount


class OpenRentalCase(MarkRentalLost):
    kind: Literal["damage", "missing_parts", "not_as_described", "late", "payment"]


class GetCode(Wire):
    rental: Id
    kind: Literal["hand_over", "return"]


class Proven(OnRental):
    """With what the other side has shown, if it did."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    secret: Annotated[B64, Field(min_length=16, max_length=16)] | None = None


class HandOverRental(Proven):
    pass


class ReturnRental(Proven):
    pass


class ReturnRentalPart(Proven):
    units: Units


class ReportRentalDamage(OnRental):
    kind: Literal["damage", "missing_parts"]
    words: Words
    claimed: Amount


class AmendRentalReturn(OnRental):
    words: Words


class OnCase(OnRental):
    case: Number


class CaseAmount(OnCase):
    amount: Amount


class AppealRentalCase(OnCase):
    words: Words


class DecideDispute(CaseAmount):
    words: Words


class ClaimPayment(OnRental):
    kind: Literal["rent", "deposit_in", "deposit_out", "refund", "cancellation_fee", "late_fee", "damage"]
    amt: Amount
    method: Literal["cash", "transfer"]


class OnPayment(OnRental):
    entry: Number


class ListDisputes(Wire):
    limit: PageSize = 100


class GetDispute(Wire):
    rental: Id
