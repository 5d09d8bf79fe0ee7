"""What the acts of rentals take on the wire."""

from typing import Annotated

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
