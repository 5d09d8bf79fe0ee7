"""Rows of the table: things."""

from typing import Final

from api.asks import item as asks
from api.limit import Limit
from api.protocol.act import BROWSE, act
from api.views import item as views
from hub.usecases import items

ACTS: Final = (
    act("item:create", "POST /v1/items", asks.CreateItem, items.create_item, ("member",),
        (Limit("list_item", 10, 86_400, "user"),), views.item, "List a thing.", status=201),
    act("item:get", "GET /v1/items/{item}", asks.GetItem, items.get_item, ("anyone",), (BROWSE,), views.item,
        "A listing; its place is the centre of a 500 m cell."),
    act("item:list", "GET /v1/items", asks.ListItems, items.list_items, ("anyone",), (BROWSE,), views.items,
        "Listings, newest first; ``after`` the last one seen."),
    act("item:calendar", "GET /v1/items/{item}/calendar", asks.GetCalendar, items.get_calendar, ("anyone",), (BROWSE,),
        views.calendar, "When no unit is free."),
    act("item:quote", "GET /v1/items/{item}/quote", asks.QuoteItem, items.quote_item, ("anyone",), (BROWSE,),
        views.quote, "What a period costs by the tariff."),
)  # fmt: skip
