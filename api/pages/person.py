"""The page of a neighbour: their good name and their things; nothing of whom they lent to, or where they live."""

import re
from typing import Final

from quart import Response, request

from api.pages.cards import card
from api.pages.page import APP, ASK_AGAIN, page
from api.pages.speech import Speech
from api.pages.words import language_of
from hub.account import HANDLE
from hub.errors import NotFound
from hub.ports import Ports
from hub.usecases.showing import ShowPerson, show_person

NAMED: Final = re.compile(HANDLE)


async def person(ports: Ports, handle: str) -> Response:
    """``/u/{handle}``."""
    if not NAMED.fullmatch(handle):
        raise NotFound("user_not_found")
    speech = Speech(language_of(request))
    shown = await show_person(ports, ShowPerson(handle))
    cards = [card(speech, each) for each in shown.things]
    return await page("person.html", ASK_AGAIN, policy=APP, shown=shown, owner=shown.profile.user, cards=cards)
