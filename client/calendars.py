"""Calendars that go out and come in: a secret address of one's rentals, and other calendars that keep a thing back."""

import secrets
from collections.abc import Sequence
from typing import Any

from client.hub import Hub

View = dict[str, Any]


class Calendars:
    """Addresses are secrets: the hub shows them once, when they are made."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def address(self) -> str:
        """A new secret address of one's rentals as iCal; the one before leads nowhere from now on."""
        return str((await self._hub.call("POST", "/v1/me/feed"))["url"])

    async def since(self) -> str | None:
        """Since when there is an address."""
        told: str | None = (await self._hub.get("/v1/me/feed"))["since"]
        return told

    async def close(self) -> None:
        """No address any more."""
        await self._hub.call("DELETE", "/v1/me/feed")

    async def others(self, item: str) -> Sequence[View]:
        """The other calendars of one's thing, and how the last look into each went."""
        return list((await self._hub.get(f"/v1/items/{item}/subscriptions"))["subscriptions"])

    async def subscribe(self, item: str, url: str, q: int | None = None) -> str:
        """Keep ``q`` units of a thing back (None: all) whenever the calendar at ``url`` says so; the subscription."""
        chosen = secrets.token_hex(16)
        await self._hub.call("PUT", f"/v1/items/{item}/subscriptions/{chosen}", {"url": url, "q": q})
        return chosen

    async def unsubscribe(self, item: str, subscription: str) -> None:
        """Let it go, with all that it kept back."""
        await self._hub.call("DELETE", f"/v1/items/{item}/subscriptions/{subscription}")
