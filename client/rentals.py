"""Things and rentals: the acts by which neighbours agree on dates and a price (rental.md §1)."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from client.errors import NotReady
from client.hub import Hub
from client.rosters import Rosters
from client.store import Store
from client.when import now_ms, write_time
from crypto import b64
from crypto.dkx.roster import Member, Role
from crypto.dkx.sealing.signing import first_roster

View = dict[str, Any]


class Rentals:
    """Answers are the hub's own views. A command that is sent twice, because the line broke, is applied once."""

    def __init__(self, store: Store, rosters: Rosters, hub: Hub) -> None:
        self._store, self._rosters, self._hub = store, rosters, hub

    async def create_item(self, **item: Any) -> View:
        """``title, description, tariff, place, units?, rules?, tz?`` as the hub's table has them; not repeatable.

        A tariff needs a price in minor units of one ``minute, hour, day, week`` or ``month``: see ``docs/protocol.md``.
        """
        return await self._hub.call("POST", "/v1/items", item)

    async def items(self, owner: str | None = None) -> list[View]:
        answer = await self._hub.get("/v1/items", owner=owner)
        return list(answer["items"])

    async def item(self, item: str) -> View:
        return await self._hub.get(f"/v1/items/{item}")

    async def calendar(self, item: str) -> View:
        return await self._hub.get(f"/v1/items/{item}/calendar")

    async def quote(self, item: str, start: datetime, end: datetime, q: int = 1) -> View:
        return await self._hub.get(f"/v1/items/{item}/quote", start=write_time(start), end=write_time(end), q=q)

    async def inquire(self, item: str) -> View:
        """Open a room about a thing, without an offer yet."""
        return await self._hub.command("/v1/rentals/inquiries", {"item": item, **await self._new_room(item)})

    async def request(self, item: str, terms: Mapping[str, Any]) -> View:
        """Open a room with a first offer; ``terms`` are made by ``terms``."""
        return await self._hub.command("/v1/rentals", {"item": item, **await self._new_room(item), **terms})

    async def book(self, item: str, terms: Mapping[str, Any]) -> View:
        """Take a thing whose owner need not be asked, at the tariff's price."""
        return await self._hub.command(
            "/v1/rentals/bookings", {"item": item, **await self._new_room(item), **_plain(terms)}
        )

    async def book_inquiry(self, rental: str, terms: Mapping[str, Any]) -> View:
        """The same in the room of an inquiry."""
        return await self._hub.command(f"/v1/rentals/{rental}/book", _plain(terms))

    async def meet(self, rental: str, kind: str) -> View:
        """Say that a prerequisite is met: ``contract`` and ``briefing`` the renter, ``identity`` the owner."""
        return await self._hub.command(f"/v1/rentals/{rental}/prerequisites/{kind}", {})

    async def offer(self, rental: str, terms: Mapping[str, Any]) -> View:
        """The first offer in an inquiry."""
        return await self._hub.command(f"/v1/rentals/{rental}/offers", terms)

    async def counter(self, rental: str, rev: int, terms: Mapping[str, Any]) -> View:
        """Answer the offer ``rev`` of the other side with other terms."""
        return await self._hub.command(f"/v1/rentals/{rental}/offers/{rev}/counter", terms)

    async def revise(self, rental: str, rev: int, terms: Mapping[str, Any]) -> View:
        """Replace one's own offer ``rev``."""
        return await self._hub.command(f"/v1/rentals/{rental}/offers/{rev}/revise", terms)

    async def accept(self, rental: str, rev: int) -> View:
        return await self._hub.command(f"/v1/rentals/{rental}/offers/{rev}/accept", {})

    async def decline(self, rental: str, reason: str) -> View:
        return await self._hub.command(f"/v1/rentals/{rental}/decline", {"reason": reason})

    async def withdraw(self, rental: str, reason: str) -> View:
        return await self._hub.command(f"/v1/rentals/{rental}/withdraw", {"reason": reason})

    async def cancel_quote(self, rental: str, reason: str = "") -> View:
        """What cancelling now would cost: ``fee``, and ``refund`` of what was paid."""
        return await self._hub.get(f"/v1/rentals/{rental}/cancel", reason=reason)

    async def cancel(self, rental: str, reason: str) -> View:
        return await self._hub.command(f"/v1/rentals/{rental}/cancel", {"reason": reason})

    async def get(self, rental: str) -> View:
        return await self._hub.get(f"/v1/rentals/{rental}")

    async def mine(self) -> list[View]:
        return list((await self._hub.get("/v1/rentals"))["rentals"])

    async def place(self, rental: str) -> View:
        """The exact place, once the rental is confirmed."""
        return await self._hub.get(f"/v1/rentals/{rental}/place")

    async def _new_room(self, item: str) -> dict[str, str]:
        """A room of our own making with its first roster: whoever opens a rental vouches for who is in it."""
        owner = (await self.item(item))["owner"]["id"]
        own = self._store.identity.own()
        members = [Member(own.account, own.aik, Role.RENTER), *await self._with_device(owner)]
        roster = first_roster(own, secrets.token_bytes(16), members, now_ms=now_ms())
        await self._rosters.believe(roster, from_seq=0)
        return {"room": roster.room.hex(), "roster": b64.encode(roster.raw)}

    async def _with_device(self, owner: str) -> list[Member]:
        """The owner's row; none yet if they have no device: then the rental works and the chat waits (e2ee.md §3f)."""
        try:
            pin = await self._rosters.trust.account(owner)
        except NotReady:
            return []
        return [Member(pin.account, pin.aik, Role.OWNER)]


def _plain(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Without what only a bargain has."""
    return {name: value for name, value in terms.items() if name != "negotiated"}


def terms(start: datetime, end: datetime, price: int, *, q: int = 1, negotiated: bool = False) -> dict[str, Any]:
    """Dates and price of an offer; ``price`` in minor units for all ``q`` units, ``negotiated`` if not the tariff's."""
    return {"start": write_time(start), "end": write_time(end), "price": price, "q": q, "negotiated": negotiated}
