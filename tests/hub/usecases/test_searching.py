"""Search finds, filters, orders and pages as a simple model does, and tells nobody where anybody lives."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.views import item as views
from hub.availability import Block, Calendar, adapt, free_units, put_block
from hub.catalogue import CATALOGUE, SYNONYMS
from hub.category import CategoryId
from hub.errors import Invalid
from hub.ids import ItemId, PlaceId, new_id
from hub.item import Item, Rules
from hub.place import Point, distance_m, public_point
from hub.search import asked_words, day_price, known_by, squares
from hub.tariff import Tariff
from hub.text import ENOUGH, grams, likeness
from hub.usecases.item_page import GetItemPage, get_item_page
from hub.usecases.items import CreateItem, NewPlace, create_item
from hub.usecases.searching import NEAR_M, SearchItems, search_items
from hub.usecases.shelf import ArchiveItem, archive_item
from tests.support.world import World

HERE = (48.89, 9.59)
START = datetime(2027, 6, 1, 8, tzinfo=UTC)
TITLES = (
    "Bohrmaschine", "Schlagbohrmaschine mit Koffer", "Akku-Schrauber", "Drill", "Anhänger", "Fahrradanhänger", "Beamer",
    "Leiter", "Alte Trittleiter", "Zelt", "Pressure washer", "Rote Bohrmaschine", "Rasenmäher",
)  # fmt: skip
DESCRIPTIONS = ("", "Passt zur Bohrmaschine.", "Rot und leicht, bitte weiter so.", "Für den Anhänger.", "Mit Zeltplane")
KINDS = ("tools", "power-tools", "ladders", "trailers", "camping", "projectors")
QUESTIONS = (
    "", "Bohrmaschine", "bormaschine", "drill", "anhaenger", "rote bohrmaschine", "leiter", "zelt", "projector",
    "pressure washer", "bohrmaschine koffer", "kein wort davon", "werkzeuge", "!!",
)  # fmt: skip


@dataclass
class Shop:
    items: dict[ItemId, Item]
    calendars: dict[ItemId, Calendar]


@pytest.fixture
async def shop(world: World) -> Shop:
    """Some 150 things around here, some of them not lent and some not free."""
    rng, shop = random.Random(3), Shop({}, {})
    owners = [(await world.person(device=False)).user.id for _ in range(2)]
    for n in range(150):
        exact = Point(HERE[0] + rng.gauss(0, 0.05), HERE[1] + rng.gauss(0, 0.07))
        item = Item(
            id=ItemId(new_id()),
            owner=rng.choice(owners),
            title=rng.choice(TITLES),
            description=rng.choice(DESCRIPTIONS),
            tz="Europe/Berlin",
            tariff=Tariff(day=rng.choice((0, 500, 500, 900)), deposit=100),
            rules=Rules(turnaround_min=rng.choice((0, 120))),
            units=rng.choice((1, 1, 3)),
            place=PlaceId(new_id()),
            public=public_point(exact),
            status=rng.choice(("active",) * 9 + ("paused", "archived", "draft")),
            rev=1,
            created_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n // 3),
            category=CategoryId(rng.choice(KINDS)),
        )
        await keep(world, shop, item, rng)
    return shop


async def keep(world: World, shop: Shop, item: Item, rng: random.Random) -> None:
    blank = Calendar(item.id, 1, item.tz, item.units, item.rules.turnaround_min)
    calendar = adapt(blank, cap=item.units, turnaround_min=item.rules.turnaround_min)
    for k in range(rng.choice((0, 0, 1, 3))):
        begin = START + timedelta(hours=rng.randrange(240))
        q = rng.choice((None, 1))
        calendar = put_block(calendar, Block(f"b{k}", begin, begin + timedelta(hours=rng.randrange(1, 48)), q=q))
    await world.ports.items.add(item, calendar)
    shop.items[item.id], shop.calendars[item.id] = item, calendar


def expected(shop: Shop, ask: SearchItems) -> list[ItemId]:
    """The whole answer, thing by thing and without any index."""
    text = asked_words(ask.text)
    if ask.text.strip() and not text:
        return []
    near = public_point(Point(ask.lat, ask.lon)) if ask.lat is not None and ask.lon is not None else None
    order = ask.sort if text or ask.sort != "relevance" else "distance" if near else "newest"
    keyed = []
    every = {word for item in shop.items.values() for word in known_by(item) if not word.startswith("+")}
    for item in shop.items.values():
        tier = tier_of(item, text, every) if text else 1
        metres = distance_m(near, item.public) if near else 0
        tier = 0 if order != "relevance" and tier > 2 else tier
        if item.status != "active" or not tier or not fits(shop, ask, item, metres if near else None):
            continue
        age = -int(item.created_at.timestamp() * 1000)
        key = {
            "distance": (metres,), "price": (day_price(item),), "newest": (age,),
            "relevance": (tier, metres if near else age),
        }[order]  # fmt: skip
        keyed.append((*key, item.id))
    return [key[-1] for key in sorted(keyed)]


def fits(shop: Shop, ask: SearchItems, item: Item, metres: int | None) -> bool:
    if ask.category and ask.category not in CATALOGUE.categories[item.category].path:
        return False
    if ask.price is not None and day_price(item) > ask.price:
        return False
    if metres is not None and metres > (ask.within_m or NEAR_M):
        return False
    if ask.start is None or ask.end is None:
        return item.units >= ask.q
    calendar = shop.calendars[item.id]
    return free_units(calendar, ask.start, ask.end + calendar.turnaround) >= ask.q


def tier_of(item: Item, text: Sequence[str], every: set[str]) -> int:
    """As the words of the thing meet those that are asked for; ``every`` word there is tells which is most alike."""
    marked = known_by(item)
    titles = [word[1:] for word in marked if word.startswith("+")]
    known = [word for word in marked if not word.startswith("+")]

    def well(word: str, among: Iterable[str]) -> bool:
        return any(likeness(variant, other) == 1 for variant in SYNONYMS.of(word) for other in among)

    def nearly(word: str) -> bool:
        best = max((likeness(word, other) for other in every), default=0)
        near = any(likeness(word, other) == best >= ENOUGH for other in titles)
        return well(word, known) or (near and not well(word, every))

    def roughly(word: str) -> bool:
        return nearly(word) or any(likeness(word, other) >= ENOUGH for other in titles)

    for tier, meets in enumerate((lambda word: well(word, titles), nearly, roughly), 1):
        if all(map(meets, text)):
            return tier
    weights = {word: len(grams(word)) for word in text}
    share = sum(weight for word, weight in weights.items() if roughly(word))
    return 4 if share >= ENOUGH * sum(weights.values()) else 0


async def all_pages(world: World, ask: SearchItems) -> list[ItemId]:
    found: list[ItemId] = []
    page = await search_items(world.ports, ask)
    while True:
        found += [hit.listing.item.id for hit in page.hits]
        if page.after is None:
            return found
        page = await search_items(world.ports, replace(ask, after=page.after))


points = st.none() | st.tuples(st.floats(48.7, 49.1), st.floats(9.3, 9.9))
dates = st.none() | st.tuples(st.integers(0, 240), st.integers(1, 72))


@st.composite
def asks(draw: st.DrawFn) -> SearchItems:
    point, span = draw(points), draw(dates)
    start = START + timedelta(hours=span[0]) if span else None
    return SearchItems(
        text=draw(st.sampled_from(QUESTIONS)),
        category=draw(st.sampled_from((None, *map(CategoryId, KINDS)))),
        lat=point[0] if point else None,
        lon=point[1] if point else None,
        within_m=draw(st.sampled_from((None, 500, 3_000, 100_000))),
        start=start,
        end=start + timedelta(hours=span[1]) if span and start else None,
        q=draw(st.sampled_from((1, 1, 2, 3))),
        price=draw(st.sampled_from((None, 0, 500))),
        sort=draw(st.sampled_from(("relevance", "price", "newest", *(("distance",) if point else ())))),
        limit=draw(st.sampled_from((3, 7, 100))),
    )


async def test_search_answers_as_the_model_does_page_by_page(world: World, shop: Shop) -> None:
    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(ask=asks())
    def collect(ask: SearchItems) -> None:
        drawn.append(ask)

    drawn: list[SearchItems] = []
    collect()
    for ask in drawn:
        assert await all_pages(world, ask) == expected(shop, ask), ask


@pytest.mark.parametrize("sort", ["relevance", "price", "newest", "distance"])
@pytest.mark.parametrize("text", ["", "bohrmaschine"])
async def test_things_added_meanwhile_neither_repeat_nor_hide_others(
    world: World, shop: Shop, sort: Any, text: str
) -> None:
    ask = SearchItems(text, lat=HERE[0], lon=HERE[1], sort=sort, limit=4)
    before, found, rng = expected(shop, ask), [], random.Random(5)
    page = await search_items(world.ports, ask)
    while True:
        found += [hit.listing.item.id for hit in page.hits]
        twin = replace(rng.choice(list(shop.items.values())), id=ItemId(new_id()), status="active")
        if len(shop.items) < 200:
            await keep(world, shop, twin, rng)
        if page.after is None:
            break
        page = await search_items(world.ports, replace(ask, after=page.after))
    assert len(set(found)) == len(found)
    assert [id_ for id_ in found if id_ in before] == before


async def test_a_thing_is_found_once_it_is_listed_and_not_any_more_when_archived(world: World) -> None:
    anna = await world.person(device=False)
    place = NewPlace("Hof", "Geheimweg 7", *HERE)
    listing = await create_item(world.ports, anna.actor, CreateItem("Kettensäge", "", Tariff(day=900), place))
    ask = SearchItems("chainsaw")
    assert await all_pages(world, ask) == [listing.item.id]
    await archive_item(world.ports, anna.actor, ArchiveItem(listing.item.id))
    assert await all_pages(world, ask) == []


async def test_distance_queries_from_many_points_do_not_narrow_the_place_below_its_cell(world: World) -> None:
    """Four homes in the corners of one cell are told apart by nothing in a thousand answers."""
    anna, centre, rng = await world.person(device=False), public_point(Point(*HERE)), random.Random(11)
    corners = [(north, east) for north in (-0.0021, 0.0021) for east in (-0.0031, 0.0031)]
    for n, (north, east) in enumerate(corners):
        home = NewPlace(f"Haus {n}", f"Geheimweg {n}", centre.lat + north, centre.lon + east)
        assert public_point(Point(home.lat, home.lon)) == centre
        await create_item(world.ports, anna.actor, CreateItem("Säge", "", Tariff(day=0), home))
    for _ in range(1_000):
        lat, lon = HERE[0] + rng.gauss(0, 0.04), HERE[1] + rng.gauss(0, 0.06)
        within = rng.choice((500, 700, 2_000, 8_000, 40_000))
        page = await search_items(world.ports, SearchItems(lat=lat, lon=lon, within_m=within, sort="distance"))
        told = {hit.distance_m for hit in page.hits}
        assert len(page.hits) in {0, 4}
        assert len(told) <= 1
        assert all(metres is not None and metres % 100 == 0 for metres in told)
        assert not any(secret in repr(views.found_items(page)) for secret in ("Geheimweg", str(centre.lat + 0.0021)))


async def test_the_page_of_a_thing_shows_its_month_and_hours_and_no_address(world: World) -> None:
    item = await world.item(await world.person(device=False))
    start, end = world.days(2, 3)
    calendar = await world.ports.items.calendar(item.id)
    async with world.ports.work() as tx:
        await tx.save_calendar(put_block(calendar, Block("b", start, end)), calendar.rev)
    page = await get_item_page(world.ports, GetItemPage(item.id, f"{start:%Y-%m}"))
    assert [(stretch.s, stretch.e) for stretch in page.calendar.full] == [(start, end)]
    assert "Geheimweg" not in repr(views.item_page(page))
    assert not (await get_item_page(world.ports, GetItemPage(item.id, "2031-01"))).calendar.full
    with pytest.raises(Invalid, match="bad_period"):
        await get_item_page(world.ports, GetItemPage(item.id, "9999-12"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lat": 48.0}, "bad_point"),
        ({"lat": 91.0, "lon": 9.0}, "bad_point"),
        ({"start": START}, "bad_period"),
        ({"start": START, "end": START}, "bad_period"),
        ({"sort": "distance"}, "bad_sort"),
        ({"category": CategoryId("spaceships")}, "bad_category"),
        ({"after": "1.2"}, "bad_cursor"),
        ({"after": "01.2.x"}, "bad_cursor"),
    ],
)
async def test_questions_without_sense_are_refused(world: World, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        await search_items(world.ports, SearchItems(**changes))


def test_looking_outwards_ends_at_the_bound() -> None:
    assert list(squares(500)) == [500]
    assert list(squares(20_000))[-1] == 20_000
    assert list(squares(20_000, 19_900)) == [20_000]
