"""What each act takes on the wire: the same fields as its command, bounded. A test compares the two."""

from typing import Annotated, Literal

from pydantic import Field

from api.field import (
    B64,
    U32,
    Bytes32,
    Bytes64,
    Degrees,
    Document,
    HexBytes,
    Id,
    Line,
    Minute,
    SafeInt,
    Text,
)
from api.wire import Wire

PageSize = Annotated[SafeInt, Field(ge=1, le=100)]
Units = Annotated[SafeInt, Field(ge=1, le=999)]
FirstRoster = Annotated[B64, Field(max_length=2048)]
"""Left out, it is refused by its own code: the rental then has no room to talk in."""
Reason = Annotated[Text, Field(max_length=32)]


class RegisterAccount(Wire):
    email: Line
    password: Annotated[Text, Field(max_length=512)]
    handle: Line
    display_name: Line
    locale: Literal["de", "en"] = "de"


class GetMe(Wire):
    pass


class GetUser(Wire):
    user: Id


class OpenSession(Wire):
    email: Line
    password: Annotated[Text, Field(max_length=512)]
    client: Annotated[Text, Field(max_length=80)] = ""


class RenewSession(Wire):
    refresh: Line


class RefreshSession(Wire):
    token: Annotated[Text, Field(max_length=2048)]


class ListSessions(Wire):
    pass


class RevokeSession(Wire):
    session: Id


class RevokeOtherSessions(Wire):
    pass


class MakeChallenge(Wire):
    pass


class ProveDevice(Wire):
    device: Id
    challenge: Bytes32
    signature: Bytes64


class PublishDevices(Wire):
    aik: Bytes32
    cert: Document
    list: Document


class ListDevices(Wire):
    user: Id
    epoch: U32 = 0
    version: U32 = 0


class PublishPrekey(Wire):
    spk: Document


class ClaimPrekeys(Wire):
    accounts: Annotated[list[Id], Field(max_length=12)]


class Tariff(Wire):
    day: SafeInt
    deposit: SafeInt = 0
    cur: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"


class Rules(Wire):
    lead_min: SafeInt = 0
    horizon_days: SafeInt = 365
    min_min: SafeInt = 60
    max_days: SafeInt = 30
    turnaround_min: SafeInt = 0
    offer_ttl_min: SafeInt | None = None
    pending_blocks: bool = False


class NewPlace(Wire):
    label: Annotated[Text, Field(max_length=80)]
    address: Annotated[Text, Field(max_length=400)]
    lat: Degrees
    lon: Degrees


class CreateItem(Wire):
    title: Annotated[Text, Field(max_length=120)]
    description: Annotated[Text, Field(max_length=8000)]
    tariff: Tariff
    place: NewPlace
    tz: Annotated[Text, Field(max_length=64)] = "Europe/Berlin"
    units: Units = 1
    rules: Rules = Rules()


class GetItem(Wire):
    item: Id


class ListItems(Wire):
    owner: Id | None = None
    after: Id | None = None
    limit: PageSize = 50


class GetCalendar(Wire):
    item: Id


class QuoteItem(Wire):
    item: Id
    start: Minute
    end: Minute
    q: Units = 1


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


class AddressedKey(Wire):
    to: Id
    pkt: Document


class SendMessage(Wire):
    room: Id
    cid: HexBytes
    env: B64
    chain: HexBytes
    idx: U32
    dl: Annotated[dict[Id, Annotated[list[U32], Field(min_length=2, max_length=2)]], Field(max_length=12)]
    roster: U32
    keys: Annotated[list[AddressedKey], Field(max_length=120, default_factory=list)]
    push: Literal["high", "normal", "none"] = "normal"


class RedactMessage(Wire):
    room: Id
    seq: SafeInt


class SyncRooms(Wire):
    cursors: Annotated[dict[Id, SafeInt], Field(max_length=200)]
    limit: PageSize = 100


class PageHistory(Wire):
    room: Id
    before: SafeInt | None = None
    limit: PageSize = 50


class GetRoom(Wire):
    room: Id


class ListRooms(Wire):
    pass


class LastChainIndex(Wire):
    room: Id
    chain: HexBytes


class PublishRoster(Wire):
    cmd_id: Id
    room: Id
    roster: Document


class PutReceipt(Wire):
    room: Id
    delivered: SafeInt | None = None
    read: SafeInt | None = None


class SetTyping(Wire):
    room: Id
    on: bool


class BeatPresence(Wire):
    state: Literal["active", "idle"]
