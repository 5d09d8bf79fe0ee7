"""What the public pages show to the whole internet: a thing with all around it, and a neighbour's good name.

Reviews come without their authors: who lends to whom is for members only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.errors import HubError, NotFound
from hub.ids import ItemId
from hub.item import Item
from hub.period import Period, started_days, whole_days
from hub.ports import Ports
from hub.pricing import Quote, quote
from hub.reliability import Reliability
from hub.review import Review, Score
from hub.usecases._items import Listing, listings
from hub.usecases._people import reliability
from hub.usecases.item_page import GetItemPage, ItemPage, get_item_page
from hub.usecases.profiles import Profile

REVIEWS = 10
"""The latest, on a page."""
OTHERS = 4
"""Further things of the same owner."""
SHELF = 48
"""Things on the page of a person."""


@dataclass(frozen=True, slots=True)
class ShowItem:
    """``in_month`` is ``YYYY-MM``; somebody thinks of asking for ``q`` units from ``first`` to ``last``, whole days.

    All on the thing's own wall clock.
    """

    item: ItemId
    in_month: str
    first: date | None = None
    last: date | None = None
    q: int = 1


@dataclass(frozen=True, slots=True)
class Prospect:
    """What ``q`` units would cost, and the code of the refusal that a request for them would meet; empty for none."""

    quote: Quote | None
    obstacle: str = ""
    q: int = 1


@dataclass(frozen=True, slots=True)
class ShownItem:
    """``score`` is the owner's, ``item_score`` the thing's; ``others`` are further things of the owner."""

    page: ItemPage
    score: Score
    reliability: Reliability
    item_score: Score
    reviews: Sequence[Review]
    others: Sequence[Listing]
    prospect: Prospect | None


@dataclass(frozen=True, slots=True)
class ShowPerson:
    handle: str


@dataclass(frozen=True, slots=True)
class ShownPerson:
    profile: Profile
    reviews: Sequence[Review]
    things: Sequence[Listing]


async def show_item(ports: Ports, command: ShowItem) -> ShownItem:
    """NotFound("item_not_found") for drafts and what was deleted."""
    page = await get_item_page(ports, GetItemPage(command.item, command.in_month))
    item, owner = page.listing.item, page.listing.owner.id
    beside = await ports.items.page(owner, None, OTHERS + 1)
    return ShownItem(
        page,
        await ports.reviews.score(owner),
        await reliability(ports, page.listing.owner),
        await ports.reviews.item_score(item.id),
        await ports.reviews.about_item(item.id, None, REVIEWS),
        await listings(ports, [each for each in beside if each.id != item.id][:OTHERS]),
        await _prospect(ports, item, command.first, command.last, command.q)
        if command.first and command.last
        else None,
    )


async def was_shown(ports: Ports, item: ItemId) -> bool:
    """Whether it was listed once and its owner has taken it away."""
    found = await ports.items.get(item)
    return found is not None and found.deleted_at is not None


async def show_person(ports: Ports, command: ShowPerson) -> ShownPerson:
    """NotFound("user_not_found"), also for those who are suspended or keep to themselves."""
    user = await ports.users.by_handle(command.handle)
    if user is None or not user.shown:
        raise NotFound("user_not_found")
    return ShownPerson(
        Profile(user, await ports.reviews.score(user.id), await reliability(ports, user)),
        await ports.reviews.about(user.id, None, REVIEWS),
        await listings(ports, await ports.items.page(user.id, None, SHELF)),
    )


async def _prospect(ports: Ports, item: Item, first: date, last: date, wanted: int) -> Prospect:
    """Nobody is offered more units than there are."""
    q = min(wanted, item.units)
    try:
        period = whole_days(first, last, item.tz)
        price = quote(item.tariff, period, item.tz, q)
    except HubError as refusal:
        return Prospect(None, refusal.code)
    obstacle = _against_the_rules(item, period, ports.clock.now())
    if not obstacle and not await ports.search.free([item.id], period.start, period.end, q):
        obstacle = "slot_unavailable"
    return Prospect(price, obstacle, q)


def _against_the_rules(item: Item, period: Period, now: datetime) -> str:
    """As a request would be refused; whole days that have begun may still be asked for by the hour."""
    rules = item.rules
    soonest, latest = now + timedelta(minutes=rules.lead_min), now + timedelta(days=rules.horizon_days)
    if item.status != "active":
        return "item_unavailable"
    if period.end <= soonest or period.end > latest:
        return "outside_window"
    if period.end - period.start < timedelta(minutes=rules.min_min):
        return "too_short"
    return "too_long" if started_days(period, item.tz) > rules.max_days else ""
