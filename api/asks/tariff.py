"""What a tariff takes on the wire."""

from typing import Annotated

from pydantic import Field

from api.field import SafeInt
from api.wire import Wire

MonthDay = Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")]
Percent = Annotated[int, Field(ge=1, le=1000)]


class Season(Wire):
    first: MonthDay
    last: MonthDay
    percent: Percent


class LongDiscount(Wire):
    from_days: SafeInt
    percent: Percent


class LateFee(Wire):
    cap: SafeInt
    per_hour: SafeInt | None = None
    per_day: SafeInt | None = None


class Tariff(Wire):
    minute: SafeInt | None = None
    hour: SafeInt | None = None
    day: SafeInt | None = None
    weekend: SafeInt | None = None
    week: SafeInt | None = None
    month: SafeInt | None = None
    min_total: SafeInt = 0
    grace_min: SafeInt = 0
    season: Annotated[list[Season], Field(max_length=12, default_factory=list)]
    long: Annotated[list[LongDiscount], Field(max_length=6, default_factory=list)]
    deposit: SafeInt = 0
    late_fee: LateFee | None = None
    cur: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
