"""Rows of the table: things, and what kinds there are."""

from typing import Final

from api.asks import category as category_asks
from api.asks import item as asks
from api.limit import Limit
from api.protocol.act import BROWSE, READ, WRITE, act
from api.views import category as category_views
from api.views import feed as feed_views
from api.views import item as views
from api.views import price as price_views
from api.views.common import nothing
from hub.usecases import calendar_blocks as blocks
from hub.usecases import catalogue, item_page, items, requests, searching, shelf, subscribing

SEARCH: Final = Limit("search", 120, 60, "ip")
LIST: Final = Limit("list_item", 10, 86_400, "user")

ACTS: Final = (
    act("category:list", "GET /v1/categories", category_asks.ListCategories, catalogue.list_categories, ("anyone",),
        (BROWSE,), category_views.categories, "The kinds of things, and what can be said of each.", cache_s=3600),
    act("item:create", "POST /v1/items", asks.CreateItem, items.create_item, ("member",), (LIST,), views.own_item,
        "List a thing.", status=201),
    act("item:update", "PUT /v1/items/{item}", asks.UpdateItem, items.update_item, ("lister",), (WRITE,),
        views.own_item, "Say everything about a thing anew; without a place it stays where it is."),
    act("item:publish", "POST /v1/items/{item}/publish", asks.PublishItem, shelf.publish_item, ("lister",), (WRITE,),
        views.own_item, "Show a draft to everybody."),
    act("item:pause", "POST /v1/items/{item}/pause", asks.PauseItem, shelf.pause_item, ("lister",), (WRITE,),
        views.own_item, "Take no new requests."),
    act("item:resume", "POST /v1/items/{item}/resume", asks.ResumeItem, shelf.resume_item, ("lister",), (WRITE,),
        views.own_item, "Take requests again."),
    act("item:archive", "POST /v1/items/{item}/archive", asks.ArchiveItem, shelf.archive_item, ("lister",), (WRITE,),
        views.own_item, "Make no new commitments at all."),
    act("item:restore", "POST /v1/items/{item}/restore", asks.RestoreItem, shelf.restore_item, ("lister",), (WRITE,),
        views.own_item, "Bring it back from the archive, paused."),
    act("item:duplicate", "POST /v1/items/{item}/duplicate", asks.DuplicateItem, shelf.duplicate_item, ("lister",),
        (LIST,), views.own_item, "The same thing once more, as a draft.", status=201),
    act("item:delete", "DELETE /v1/items/{item}", asks.DeleteItem, shelf.delete_item, ("lister",), (WRITE,), nothing,
        "Hide it from everybody for good; its rentals stay."),
    act("item:get", "GET /v1/items/{item}", asks.GetItem, items.get_item, ("anyone",), (BROWSE,), views.item,
        "A listing; its place is the centre of a 500 m cell."),
    act("item:search", "GET /v1/search", asks.SearchItems, searching.search_items, ("anyone",), (SEARCH,),
        views.found_items, "Things by words, kind, distance, price and free dates, page by page.", cache_s=15),
    act("item:page", "GET /v1/items/{item}/page", asks.GetItemPage, item_page.get_item_page, ("anyone",), (BROWSE,),
        views.item_page, "All that the page of a thing shows: the listing, when somebody is in, and a month."),
    act("item:list", "GET /v1/items", asks.ListItems, items.list_items, ("anyone",), (BROWSE,), views.items,
        "Listings, newest first; ``after`` the last one seen."),
    act("item:mine", "GET /v1/me/items", asks.ListOwnItems, items.list_own_items, ("member",), (READ,),
        views.own_items, "One's own things, drafts and archived ones too, newest first."),
    act("item:calendar", "GET /v1/items/{item}/calendar", asks.GetCalendar, items.get_calendar, ("anyone",), (BROWSE,),
        views.calendar, "When no unit is free."),
    act("item:blocks", "GET /v1/items/{item}/blocks", asks.ListItemBlocks, blocks.list_item_blocks, ("lister",),
        (READ,), views.blocks, "The owner's blocks in the calendar."),
    act("item:block", "PUT /v1/items/{item}/blocks/{block}", asks.BlockItem, blocks.block_item, ("lister",), (WRITE,),
        views.blocks, "Keep units back for a while, or change a block; what is agreed stays agreed."),
    act("item:unblock", "DELETE /v1/items/{item}/blocks/{block}", asks.UnblockItem, blocks.unblock_item, ("lister",),
        (WRITE,), views.blocks, "Let a block go."),
    act("item:requests", "GET /v1/items/{item}/requests", asks.ListRequests, requests.list_requests, ("lister",),
        (READ,), views.requests,
        "Open offers on one's thing, by their start, and which of them are in each other's way."),
    act("calendar:block", "PUT /v1/me/blocks/{block}", asks.BlockItems, blocks.block_items, ("member",), (WRITE,),
        views.blocked, "Keep several of one's things back at once, all of them or none."),
    act("calendar:unblock", "DELETE /v1/me/blocks/{block}", asks.UnblockItems, blocks.unblock_items, ("member",),
        (WRITE,), views.blocked, "Let such a block go, wherever it stands."),
    act("item:subscriptions", "GET /v1/items/{item}/subscriptions", asks.ListSubscriptions,
        subscribing.list_subscriptions, ("lister",), (READ,), feed_views.subscriptions,
        "Other calendars that keep a thing back, and how the last look into each went."),
    act("item:subscribe", "PUT /v1/items/{item}/subscriptions/{subscription}", asks.SubscribeItem,
        subscribing.subscribe_item, ("lister",), (WRITE,), feed_views.subscriptions,
        "Keep a thing back by another calendar (iCal), looked into every half hour."),
    act("item:unsubscribe", "DELETE /v1/items/{item}/subscriptions/{subscription}", asks.UnsubscribeItem,
        subscribing.unsubscribe_item, ("lister",), (WRITE,), feed_views.subscriptions,
        "Let another calendar go, with all that it kept back."),
    act("item:quote", "GET /v1/items/{item}/quote", asks.QuoteItem, items.quote_item, ("anyone",), (BROWSE,),
        price_views.quote, "What a period costs by the tariff."),
)  # fmt: skip
