"""The page of a thing: pictures, words, rules, price for chosen days, and its month."""

import re
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from quart import Response, request

from api.pages.asked import Days
from api.pages.cards import card, item_url, path_of
from api.pages.month import Sight, month, month_of
from api.pages.page import APP, ASK_AGAIN, PRIVATE, page, site
from api.pages.speech import Speech
from api.pages.umkreis import draw
from api.pages.words import errors, language_of, words
from hub.catalogue import CATALOGUE
from hub.category import CategoryField, FieldValue
from hub.errors import NotFound
from hub.ids import ItemId
from hub.item import Item
from hub.period import stamp
from hub.place import CELL_M, distance_m
from hub.ports import Ports
from hub.usecases.showing import ShowItem, ShownItem, show_item, was_shown

NAME: Final = re.compile(r"([0-9a-f]{32})(-[a-z0-9-]{0,80})?")
GONE: Final = 410
ABOUT: Final = 200
"""Characters of a description for those who only hear of the page."""


async def item(ports: Ports, name: str) -> Response:
    """``/i/{id}-{words}``: the words are for people, the id counts."""
    named = NAME.fullmatch(name)
    if named is None:
        raise NotFound("item_not_found")
    speech, id_ = Speech(language_of(request)), ItemId(named[1])
    days, today = Days.read(request.args), ports.clock.now().astimezone(ZoneInfo(site().tz)).date()
    first = month_of(request.args.get("month") or (days.first or today).isoformat()[:7], today)
    try:
        shown = await show_item(ports, ShowItem(id_, first.isoformat()[:7], *days.ordered(), Days.units(request.args)))
    except NotFound:
        if await was_shown(ports, id_):
            return await page("error.html", PRIVATE, status=GONE, kind="taken_away", trace="")
        raise
    return await page("item.html", ASK_AGAIN, policy=APP, **_told(speech, shown, days, first, today))


def _told(speech: Speech, shown: ShownItem, days: Days, first: date, today: date) -> dict[str, Any]:
    listing = shown.page.listing
    thing, url, centre = listing.item, item_url(listing.item), site().centre
    far = distance_m(centre, thing.public) if centre else None
    own = card(speech, listing, far)
    price = shown.prospect.quote if shown.prospect else None
    obstacle = shown.prospect.obstacle if shown.prospect else ""
    told = speech.of(thing)
    return {
        "item": thing,
        "told": told,
        "about": " ".join(told.description.split())[:ABOUT],
        "photos": listing.photos,
        "owner": listing.owner,
        "card": own,
        "url": url,
        "trail": path_of(thing, speech.language),
        "traits": _traits(thing, speech),
        "place": shown.page.place,
        "cell_m": CELL_M,
        "umkreis": draw(speech, [own], centre),
        "month": month(first, Sight(today, thing.tz, shown.page.calendar.full, days, _links(url, first))),
        "days": days,
        "today": today,
        "quote": price,
        "q": min(Days.units(request.args), thing.units),
        "period": days.period(thing.tz),
        "stamp": stamp,
        "obstacle": errors(speech.language)[obstacle] if obstacle else "",
        "shown": shown,
        "others": [card(speech, each) for each in shown.others],
    }


def _links(url: str, first: date) -> Any:
    """Where a click on a day leads."""

    def link(since: date, until: date | None) -> str:
        asked = {"month": first.isoformat()[:7], "from": since.isoformat()}
        asked |= {"to": until.isoformat()} if until else {}
        asked |= {"q": str(q)} if (q := Days.units(request.args)) > 1 else {}
        asked |= {"lang": request.args["lang"]} if request.args.get("lang") else {}
        return f"{url}?{urlencode(asked)}#calendar"

    return link


def _traits(thing: Item, speech: Speech) -> list[tuple[str, str]]:
    """What is said of a thing of its kind, in words: name and value."""
    known = CATALOGUE.categories.get(thing.category)
    kinds = {field.id: field for field in known.fields} if known else {}
    return [
        (str(getattr(kinds[name].names, speech.language)), _value(kinds[name], value, speech))
        for name, value in thing.fields.items()
        if name in kinds
    ]


def _value(field: CategoryField, value: FieldValue, speech: Speech) -> str:
    if isinstance(value, bool):
        return words(speech.language)["yes" if value else "no"]
    if isinstance(value, int):
        return f"{speech.number(value)}\u00a0{field.unit}".strip()
    options = {id_: str(getattr(names, speech.language)) for id_, names in field.options}
    return options.get(value, value)
