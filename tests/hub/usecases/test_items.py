"""Things and people as neighbours see them."""

from typing import Any

import pytest

from api.views import item as item_views
from api.views import person as person_views
from api.views.profile import profile
from hub.errors import Invalid, NotFound
from hub.ids import ItemId, UserId, new_id
from hub.usecases.accounts import GetMe, get_me
from hub.usecases.items import (
    GetCalendar,
    GetItem,
    ListItems,
    QuoteItem,
    get_calendar,
    get_item,
    list_items,
    quote_item,
)
from hub.usecases.profiles import GetUser, get_user
from tests.support.world import World


async def test_a_listing_never_shows_where_it_really_is(world: World) -> None:
    item = await world.item(await world.person())
    shown = item_views.item(await get_item(world.ports, GetItem(item.id)))
    assert shown["place"]["lat"] != 52.520008
    assert "Geheimweg" not in repr(shown)
    stored = await world.database.places.find_one({"_id": item.place})
    assert "Geheimweg" not in repr(stored)


async def test_things_are_listed_newest_first_and_page_by_page(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    made = [await world.item(owner) for owner in (anna, bernd, anna)]
    first = await list_items(world.ports, ListItems(limit=2))
    rest = await list_items(world.ports, ListItems(after=first[-1].item.id))
    assert [listing.item.id for listing in (*first, *rest)] == [item.id for item in reversed(made)]
    own = await list_items(world.ports, ListItems(owner=anna.user.id))
    assert {listing.item.owner for listing in own} == {anna.user.id}


async def test_the_calendar_shows_when_nothing_is_left_and_not_who_has_it(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    await world.accept(anna, await world.request(bernd, anna, item))
    shown = item_views.calendar(await get_calendar(world.ports, GetCalendar(item.id)))
    assert len(shown["full"]) == 1
    assert bernd.user.id not in repr(shown)


async def test_a_quote_counts_days_and_units(world: World) -> None:
    item = await world.item(await world.person(), units=2, day=700)
    start, end = world.days(2, 5)
    asked = await quote_item(world.ports, QuoteItem(item.id, start, end, 2))
    assert (asked.price, asked.deposit, asked.days) == (4200, 10_000, 3)
    with pytest.raises(Invalid, match="bad_units"):
        await quote_item(world.ports, QuoteItem(item.id, start, end, 3))


@pytest.mark.parametrize("act", [(get_item, GetItem), (get_calendar, GetCalendar)])
async def test_what_is_not_listed_is_not_found(world: World, act: Any) -> None:
    use_case, command = act
    with pytest.raises(NotFound, match="item_not_found"):
        await use_case(world.ports, command(ItemId(new_id())))


async def test_one_sees_ones_own_e_mail_and_nobody_elses(world: World) -> None:
    anna, bernd = await world.person("anna"), await world.person()
    assert person_views.me(await get_me(world.ports, anna.actor, GetMe()))["email"] == "anna@example.org"
    seen = profile(await get_user(world.ports, bernd.actor, GetUser(anna.user.id)))
    assert set(seen) == {"id", "handle", "display_name", "member_since", "verified", "reviews", "reliability"}
    assert seen["reviews"] == {"count": 0, "stars": None}
    assert set(seen["reliability"].values()) == {None}
    with pytest.raises(NotFound, match="user_not_found"):
        await get_user(world.ports, bernd.actor, GetUser(UserId(new_id())))
