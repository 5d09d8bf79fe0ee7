"""What the acts of things take on the wire."""

from typing import Annotated

from pydantic import Field

from api.asks.common import PageSize, Units
from api.field import (
    Degrees,
    Id,
    Minute,
    SafeInt,
    Text,
)
from api.wire import Wire


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
