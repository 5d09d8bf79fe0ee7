"""Things and places: listing, finding and keeping them (rental.md §4, §5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from client.hub import Hub
from client.when import write_time

View = dict[str, Any]
Move = Literal["publish", "pause", "resume", "archive", "restore"]


class Things:
    """Answers are the hub's own views; what a thing and a place take stands in ``docs/protocol.md``."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def categories(self) -> list[View]:
        return list((await self._hub.get("/v1/categories"))["categories"])

    async def search(
        self,
        text: str = "",
        *,
        near: tuple[float, float] | None = None,
        dates: tuple[datetime, datetime] | None = None,
        **more: Any,
    ) -> View:
        """A page of ``items`` and the cursor ``after`` to the next; ``near`` is latitude and longitude.

        ``more`` are ``category, within_m, q, price, sort, after, limit``.
        """
        lat, lon = near or (None, None)
        start, end = (write_time(dates[0]), write_time(dates[1])) if dates else (None, None)
        return await self._hub.get("/v1/search", text=text, lat=lat, lon=lon, start=start, end=end, **more)

    async def page(self, item: str, month: str) -> View:
        """The listing, its hours and what is taken in ``month`` (``YYYY-MM``)."""
        return await self._hub.get(f"/v1/items/{item}/page", in_month=month)

    async def mine(self, after: str | None = None) -> list[View]:
        return list((await self._hub.get("/v1/me/items", after=after))["items"])

    async def create(self, **item: Any) -> View:
        return await self._hub.call("POST", "/v1/items", item)

    async def update(self, item: str, expected_rev: int, **content: Any) -> View:
        """Everything anew. ``item_changed`` when it was changed since it was read."""
        return await self._hub.call("PUT", f"/v1/items/{item}", {"expected_rev": expected_rev, **content})

    async def upload_photo(self, photo: bytes, alt: str = "", kind: str = "image/jpeg") -> View:
        """Keep a photo for a thing's ``media``; what cameras write beside the pixels stays nowhere."""
        token = await self._hub.session.token()
        return await self._hub.http.upload("/v1/media", photo, kind, token=token, query={"alt": alt or None})

    async def copy_of(self, photo: Mapping[str, Any], size: int) -> bytes:
        """The bytes of one of the sizes a thing shows."""
        url = next(copy["url"] for copy in photo["sizes"] if copy["size"] == size)
        return await self._hub.http.fetch(url)

    async def move(self, item: str, move: Move) -> View:
        """Publish a draft, pause, resume, archive or restore; once more does nothing."""
        return await self._hub.call("POST", f"/v1/items/{item}/{move}", {})

    async def duplicate(self, item: str) -> View:
        return await self._hub.call("POST", f"/v1/items/{item}/duplicate", {})

    async def delete(self, item: str) -> None:
        await self._hub.call("DELETE", f"/v1/items/{item}")

    async def block(self, item: str, block: str, start: datetime, end: datetime, **more: Any) -> View:
        """Keep units back; ``block`` is 16 random bytes in hex. ``more`` are ``q`` and ``note``."""
        dates = {"start": write_time(start), "end": write_time(end)}
        return await self._hub.call("PUT", f"/v1/items/{item}/blocks/{block}", dates | more)

    async def unblock(self, item: str, block: str) -> View:
        return await self._hub.call("DELETE", f"/v1/items/{item}/blocks/{block}")

    async def blocks(self, item: str) -> list[View]:
        return list((await self._hub.get(f"/v1/items/{item}/blocks"))["blocks"])

    async def places(self) -> list[View]:
        return list((await self._hub.get("/v1/places"))["places"])

    async def create_place(self, **place: Any) -> View:
        return await self._hub.call("POST", "/v1/places", place)

    async def update_place(self, place: str, expected_rev: int, content: Mapping[str, Any]) -> View:
        return await self._hub.call("PUT", f"/v1/places/{place}", {"expected_rev": expected_rev, **content})

    async def delete_place(self, place: str) -> None:
        await self._hub.call("DELETE", f"/v1/places/{place}")
