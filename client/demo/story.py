"""The main job end to end: a photo, a find, a request, a counter-offer, a chat, a lost line, signatures, a return."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from client.demo.cast import Person, WaitedInVain, settled
from client.demo.compare import Failed, compare, safety
from client.demo.lend import Lending
from client.demo.photo import is_bare, taken_photo
from client.demo.picture import Picture
from client.errors import HubRefused
from client.rentals import terms
from crypto import b64
from crypto.dkx.envelope import HEADER

TZ: Final = "Europe/Berlin"
DAY, DEPOSIT, NEIGHBOURLY = 1200, 5000, 2000
NEAR: Final = (47.995, 7.846)
"""Where the renter looks from: about two kilometres from the garage."""
TAKEN: Final = "slot_unavailable"


@dataclass(frozen=True, slots=True)
class Deal:
    """The request that becomes an agreement."""

    item: str
    rental: str
    room: str


async def tell(url: str, directory: Path, picture: Picture, lang: str) -> None:
    """Play it all; returns only if both sides ended with the same."""
    async with AsyncExitStack() as stack:
        marta, tim, aylin = [
            await stack.enter_async_context(settled(name, directory / name.lower(), url, lang))
            for name in ("Marta", "Tim", "Aylin")
        ]
        picture.say("people.ready", names="Marta, Tim, Aylin", directory=directory)
        story = Story(marta, tim, aylin, picture)
        item = await story.list_and_find()
        deal = await story.negotiate(item)
        rival = await story.compete(deal)
        await story.lose_the_line(deal)
        await story.agree(deal, rival)
        lending = Lending(marta, tim, picture, deal.rental, deal.room)
        await lending.sign()
        await lending.hand_over()
        await lending.bring_back()
        await lending.sign()
        await lending.review()
        await compare(picture, (marta, tim), deal.room)
        await safety(picture, marta, tim)
        await story.show_what_the_hub_has(deal)


class Story:
    def __init__(self, owner: Person, renter: Person, rival: Person, picture: Picture) -> None:
        self._owner, self._renter, self._rival, self._picture = owner, renter, rival, picture
        self._words = picture.words
        self._start = soon()
        self._end = self._start + timedelta(days=2)

    async def list_and_find(self) -> str:
        """The thing is listed with a photo that knows too much, and found near home by a misspelt word."""
        item = await self._list_item()
        found = await self._find(item)
        shown = found["photos"][0]
        bare = [is_bare(await self._renter.client.things.copy_of(shown, copy["size"])) for copy in shown["sizes"]]
        if not all(bare):
            raise Failed("failed.photo")
        self._say("photo.bare", n=len(bare))
        return item

    async def negotiate(self, item: str) -> Deal:
        """The thing is asked for, talked about and offered for less."""
        deal = await self._request(self._renter, item)
        await self._chat(deal, self._renter, "chat.1")
        await self._chat(deal, self._owner, "chat.2")
        await self._chat(deal, self._owner, "chat.3")
        rental = await self._owner.client.rentals.get(deal.rental)
        offered = terms(self._start, self._end, NEIGHBOURLY, negotiated=True)
        answer = await self._owner.client.rentals.counter(deal.rental, rental["offer"]["rev"], offered)
        self._say("rental.countered", owner=self._owner.name, terms=self._picture.terms(answer["rental"]))
        await self._renter.has_entry(deal.room, answer["seq"])
        return deal

    async def compete(self, deal: Deal) -> Deal:
        """Somebody else asks for the same days; nobody has them yet."""
        quote = await self._rival.client.rentals.quote(deal.item, self._start, self._end)
        offered = terms(self._start, self._end, quote["price"])
        rental = (await self._rival.client.rentals.request(deal.item, offered))["rental"]
        self._say("rental.rival", rival=self._rival.name, title=self._words("item.title"))
        return Deal(deal.item, rental["id"], rental["room"])

    async def lose_the_line(self, deal: Deal) -> None:
        """The renter's socket is cut in the middle; both go on writing, and everything arrives."""
        client, room = self._renter.client, deal.room
        client.cut(stay_down=True)
        await self._renter.until(lambda: not client.is_up, "wait.down")
        self._say("line.cut", name=self._renter.name)
        await self._chat(deal, self._owner, "chat.4", heard=False)
        own = self._words("chat.5")
        client.send_text(room, own)
        self._say("line.waiting", name=self._renter.name)
        before, began = client.cursor(room), time.monotonic()
        client.resume()
        await self._renter.has_text(room, own)
        await self._owner.has_text(room, own)
        caught_up = client.cursor(room) - before - 1
        self._say("line.back", name=self._renter.name, n=caught_up, ms=round((time.monotonic() - began) * 1000))

    async def agree(self, deal: Deal, rival: Deal) -> None:
        """The renter accepts, the calendar keeps the days, and a second yes for them is refused."""
        if await self._place_of(deal) is not None:
            raise Failed("failed.place")
        rental = await self._renter.client.rentals.get(deal.rental)
        answer = await self._renter.client.rentals.accept(deal.rental, rental["offer"]["rev"])
        self._say("rental.accepted", renter=self._renter.name)
        self._say("place.shown", renter=self._renter.name, address=await self._place_of(deal))
        await self._owner.has_entry(deal.room, answer["seq"])
        code = await self._second_yes(rival)
        self._say("rental.taken", owner=self._owner.name, rival=self._rival.name, code=code)
        full = (await self._owner.client.rentals.calendar(deal.item))["full"]
        self._say("calendar.full", stretches=", ".join(map(self._picture.stretch, full)))
        await self._chat(deal, self._owner, "chat.6")

    async def show_what_the_hub_has(self, deal: Deal) -> None:
        """Read the stored messages over the hub's own door: ciphertext, and not a word in it."""
        stored = [item for item in await self._renter.client.raw_history(deal.room) if item["kind"] == "message"]
        self._picture.head("stored.title")
        for item in stored:
            envelope = b64.decode(item["env"])
            part = b64.encode(envelope[HEADER:])[:64]
            self._picture.plain(self._words("stored.row", seq=item["seq"], size=len(envelope), part=part))
        texts = [line.text for line in self._renter.client.timeline(deal.room) if line.kind == "text"]
        if len(stored) != len(texts) or _readable(stored, texts):
            raise Failed("failed.plaintext")
        self._say("stored.none", n=len(stored))

    async def _list_item(self) -> str:
        place = {
            "label": self._words("place.label"),
            "address": self._words("place.address"),
            "lat": 47.98,
            "lon": 7.86,
        }
        photo = await self._owner.client.things.upload_photo(taken_photo(), self._words("photo.alt"))
        item = await self._owner.client.rentals.create_item(
            title=self._words("item.title"),
            description=self._words("item.description"),
            tariff={"day": DAY, "deposit": DEPOSIT, "cur": "EUR"},
            place=place,
            tz=TZ,
            lang=self._words("lang"),
            category="tools",
            media=[photo["id"]],
        )
        prices = {"price": self._words.money(DAY, "EUR"), "deposit": self._words.money(DEPOSIT, "EUR")}
        self._say("item.listed", owner=self._owner.name, title=item["title"], **prices)
        return str(item["id"])

    async def _find(self, item: str) -> dict[str, Any]:
        """Near home, free on the days, by a word that is not spelt right; the answer knows no address."""
        query = self._words("search.query")
        page = await self._renter.client.things.search(
            query, near=NEAR, within_m=5_000, dates=(self._start, self._end), sort="distance"
        )
        found: dict[str, Any] | None = next((one for one in page["items"] if one["id"] == item), None)
        if found is None:
            raise Failed("failed.not_found")
        if self._words("place.address") in json.dumps(page, ensure_ascii=False):
            raise Failed("failed.place")
        self._say("search.found", renter=self._renter.name, query=query, title=found["title"], n=len(page["items"]))
        return found

    async def _place_of(self, deal: Deal) -> str | None:
        """The exact address, once the renter may know it."""
        try:
            return str((await self._renter.client.rentals.place(deal.rental))["address"])
        except HubRefused as refusal:
            if refusal.code == "place_hidden":
                return None
            raise

    async def _request(self, who: Person, item: str) -> Deal:
        quote = await who.client.rentals.quote(item, self._start, self._end)
        answer = await who.client.rentals.request(item, terms(self._start, self._end, quote["price"]))
        rental = answer["rental"]
        self._say("rental.requested", renter=who.name, terms=self._picture.terms(rental))
        for side in (self._owner, who):
            await side.has_entry(rental["room"], answer["seq"])
        return Deal(item, rental["id"], rental["room"])

    async def _chat(self, deal: Deal, author: Person, key: str, *, heard: bool = True) -> None:
        text = self._words(key)
        author.client.send_text(deal.room, text)
        self._say("chat.sent", author=author.name, text=text)
        listeners = (self._owner, self._renter) if heard else (author,)
        await asyncio.gather(*(side.has_text(deal.room, text) for side in listeners))

    async def _second_yes(self, rival: Deal) -> str:
        rental = await self._rival.client.rentals.get(rival.rental)
        try:
            await self._owner.client.rentals.accept(rival.rental, rental["offer"]["rev"])
        except HubRefused as refusal:
            if refusal.code == TAKEN:
                return refusal.code
            raise
        raise Failed("failed.not_refused")

    def _say(self, key: str, **filled: Any) -> None:
        self._picture.say(key, **filled)


def soon() -> datetime:
    """The full hour after the next three: far enough that nothing is due, near enough to be handed over today."""
    hour = datetime.now(ZoneInfo(TZ)).replace(minute=0, second=0, microsecond=0)
    return hour + timedelta(hours=4)


def _readable(stored: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> bool:
    """Whether any word of any message can be found in what the hub stores, as text or in the decoded bytes."""
    haystack = json.dumps(stored, ensure_ascii=False).encode() + b"".join(b64.decode(item["env"]) for item in stored)
    words = {word for text in texts for word in text.split() if len(word) > 5}  # noqa: PLR2004 - shorter may be chance
    return any(word.encode() in haystack for word in words)


__all__ = ["Failed", "WaitedInVain", "tell"]
