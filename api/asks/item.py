"""What the acts of things take on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.asks.common import PageSize, Units
from api.asks.place import NewPlace
from api.asks.tariff import Tariff
from api.field import (
    Degrees,
    Id,
    Minute,
    SafeInt,
    Text,
)
from api.wire import Wire
from hub.photo import MAX_PER_ITEM
from hub.usecases.calendar_blocks import MAX_BLOCKED

Lang = Literal["de", "en"]
Prereq = Literal["deposit", "payment", "contract", "briefing", "identity"]
CategoryId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
FieldValue = bool | SafeInt | Annotated[Text, Field(max_length=200)]


class Rules(Wire):
    lead_min: SafeInt = 0
    horizon_days: SafeInt = 365
    min_min: SafeInt = 60
    max_days: SafeInt = 30
    turnaround_min: SafeInt = 0
    offer_ttl_min: SafeInt | None = None
    pending_blocks: bool = False
    instant: bool = False
    min_trust: SafeInt = 0
    step_min: SafeInt = 1
    per_person: SafeInt | None = None


class Accessory(Wire):
    name: Annotated[Text, Field(max_length=60)]
    qty: Units = 1
    value: SafeInt = 0


class Translation(Wire):
    lang: Lang
    title: Annotated[Text, Field(max_length=120)]
    description: Annotated[Text, Field(max_length=8000)] = ""


class Content(Wire):
    """What its owner says of a thing."""

    title: Annotated[Text, Field(max_length=120)]
    description: Annotated[Text, Field(max_length=8000)]
    tariff: Tariff
    place: NewPlace | None = None
    place_id: Id | None = None
    tz: Annotated[Text, Field(max_length=64)] = "Europe/Berlin"
    units: Units = 1
    rules: Rules = Rules()
    category: CategoryId = "other"
    fields: Annotated[dict[FieldName, FieldValue], Field(max_length=24, default_factory=dict)]
    lang: Lang = "de"
    translation: Translation | None = None
    condition: Literal["new", "very_good", "good", "worn"] = "good"
    accessories: Annotated[list[Accessory], Field(max_length=50, default_factory=list)]
    value: SafeInt = 0
    safety: Annotated[Text, Field(max_length=2000)] = ""
    policy: Literal["flexible", "moderate", "strict"] = "flexible"
    prereqs: Annotated[list[Prereq], Field(max_length=5, default_factory=list)]
    unit_labels: Annotated[list[Annotated[Text, Field(max_length=60)]], Field(max_length=999, default_factory=list)]
    media: Annotated[list[Id], Field(max_length=MAX_PER_ITEM, default_factory=list)]


class CreateItem(Content):
    draft: bool = False


class UpdateItem(Content):
    item: Id
    expected_rev: SafeInt


class GetItem(Wire):
    item: Id


class ListItems(Wire):
    owner: Id | None = None
    after: Id | None = None
    limit: PageSize = 50


class ListOwnItems(Wire):
    after: Id | None = None
    limit: PageSize = 50


class GetCalendar(Wire):
    item: Id


class QuoteItem(Wire):
    item: Id
    start: Minute
    end: Minute
    q: Units = 1


class MoveItem(Wire):
    item: Id
    expected_rev: SafeInt | None = None


class PublishItem(MoveItem):
    pass


class PauseItem(MoveItem):
    pass


class ResumeItem(MoveItem):
    pass


class ArchiveItem(MoveItem):
    pass


class RestoreItem(MoveItem):
    pass


class DeleteItem(MoveItem):
    pass


class DuplicateItem(Wire):
    item: Id


class ListItemBlocks(Wire):
    item: Id


class BlockItem(Wire):
    item: Id
    block: Id
    start: Minute
    end: Minute
    q: Units | None = None
    note: Annotated[Text, Field(max_length=200)] = ""


class ListRequests(Wire):
    item: Id


class BlockItems(Wire):
    block: Id
    items: Annotated[list[Id], Field(min_length=1, max_length=MAX_BLOCKED)]
    start: Minute
    end: Minute
    note: Annotated[Text, Field(max_length=200)] = ""


class UnblockItems(Wire):
    block: Id


class UnblockItem(Wire):
    item: Id
    block: Id


class SubscribeItem(Wire):
    item: Id
    subscription: Id
    url: Annotated[Text, Field(min_length=1, max_length=2048)]
    q: Units | None = None


class UnsubscribeItem(Wire):
    item: Id
    subscription: Id


class ListSubscriptions(Wire):
    item: Id


class SearchItems(Wire):
    text: Annotated[Text, Field(max_length=100)] = ""
    category: CategoryId | None = None
    lat: Degrees | None = None
    lon: Degrees | None = None
    within_m: Annotated[SafeInt, Field(ge=500, le=100_000)] | None = None
    start: Minute | None = None
    end: Minute | None = None
    q: Units = 1
    price: SafeInt | None = None
    sort: Literal["relevance", "distance", "price", "newest"] = "relevance"
    after: Annotated[str, Field(pattern=r"^-?[0-9]{1,16}\.-?[0-9]{1,16}\.[0-9a-f]{32}$")] | None = None
    limit: PageSize = 24


class GetItemPage(Wire):
    item: Id
    in_month: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
