"""The front door and the search: what there is to lend, as cards and on the map."""

from dataclasses import replace
from typing import Any

from quart import Response, request

from api.pages.asked import REACHES, Asked
from api.pages.cards import Card, card, kinds_below, name_of
from api.pages.page import APP, ASK_AGAIN, page, site
from api.pages.speech import Speech
from api.pages.umkreis import draw
from api.pages.words import language_of, words
from hub.ports import Ports
from hub.usecases.searching import Hits, SearchItems, search_items

FRESH = 8
"""Things on the front page."""
MAPPED = 60
"""Things on its map."""


async def home(ports: Ports) -> Response:
    """What the village is, how to look, and what is new."""
    speech = Speech(language_of(request))
    centre = site().centre
    newest = await search_items(ports, replace(Asked(sort="newest").command(centre, site().tz), limit=MAPPED))
    cards = _cards(speech, newest)
    told: dict[str, Any] = {
        "asked": Asked(),
        "cards": cards[:FRESH],
        "umkreis": draw(speech, cards, centre),
        "reaches": REACHES,
    }
    return await page("home.html", ASK_AGAIN, policy=APP, **told)


async def search(ports: Ports) -> Response:
    """What fits, a page at a time; the map shows what is on it."""
    speech, asked = Speech(language_of(request)), Asked.read(request.args)
    command = asked.command(site().centre, site().tz)
    hits = await search_items(ports, command)
    while not hits.hits and hits.after:  # a page may come back empty although there is more
        hits = await search_items(ports, replace(command, after=hits.after))
    cards = _cards(speech, hits)
    told: dict[str, Any] = {
        "asked": asked,
        "cards": cards,
        "after": hits.after,
        "umkreis": draw(speech, cards, asked.near or site().centre),
        "reaches": REACHES,
        "located": command.lat is not None,
        "orders": _orders(speech.language, asked, located=command.lat is not None),
        "sorted_by": _sorted_by(asked, command),
        **_kinds(asked, speech.language),
    }
    return await page("search.html", ASK_AGAIN, policy=APP, **told)


def _orders(language: str, asked: Asked, *, located: bool) -> list[tuple[str, str]]:
    """What can be chosen: relevance needs words, distance a point."""
    open_to = {"relevance": bool(asked.text), "distance": located, "price": True, "newest": True}
    spoken = words(language)
    return [
        ("", spoken["sort_auto"]),
        *((each, spoken[f"sort_{each}"]) for each, is_open in open_to.items() if is_open),
    ]


def _sorted_by(asked: Asked, command: SearchItems) -> str:
    """In which order the answer is: without words relevance is nearness, or newness."""
    if command.sort == "relevance" and not asked.text:
        return "distance" if command.lat is not None else "newest"
    return command.sort


def _kinds(asked: Asked, language: str) -> dict[str, Any]:
    chosen = asked.category
    return {
        "chosen": chosen or "",
        "chosen_name": name_of(chosen, language) if chosen else "",
        "below": kinds_below(chosen, language) if chosen else [],
    }


def _cards(speech: Speech, hits: Hits) -> list[Card]:
    return [card(speech, hit.listing, hit.distance_m) for hit in hits.hits]
