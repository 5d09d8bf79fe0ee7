"""Between neighbours: profiles, reviews, notifications, blocks. Answers are the hub's own views."""

from collections.abc import Mapping
from typing import Any

from client.hub import Hub

View = dict[str, Any]


class People:
    """Saying the same twice changes nothing, so everything here may be tried again after a lost line."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def profile(self, user: str) -> View:
        """Names, member since, score of the reviews, reliability."""
        return await self._hub.get(f"/v1/users/{user}")

    async def review(self, rental: str, stars: Mapping[str, int], **words: Any) -> View:
        """``stars``: 1 to 5 for overall, communication, punctual and, as the renter, item; ``tags, text, thanks``."""
        return await self._hub.call("PUT", f"/v1/rentals/{rental}/review", {**stars, **words})

    async def skip_review(self, rental: str, thanks: str = "") -> View:
        """Say nothing in public, perhaps thanks in private."""
        return await self._hub.call("POST", f"/v1/rentals/{rental}/review/skip", {"thanks": thanks})

    async def reply(self, rental: str, text: str) -> View:
        """Answer, once, what was said of oneself."""
        return await self._hub.call("PUT", f"/v1/rentals/{rental}/review/reply", {"text": text})

    async def review_of(self, rental: str) -> View:
        """One's own review and, once both are public, the other's."""
        return await self._hub.get(f"/v1/rentals/{rental}/review")

    async def reviews(self, user: str, **page: Any) -> View:
        """``after`` and ``limit`` as the hub's table has them."""
        return await self._hub.get(f"/v1/users/{user}/reviews", **page)

    async def item_reviews(self, item: str, **page: Any) -> View:
        return await self._hub.get(f"/v1/items/{item}/reviews", **page)

    async def notifications(self, **page: Any) -> View:
        """Newest first, with how many are unread; ``after`` and ``limit`` as the hub's table has them."""
        return await self._hub.get("/v1/notifications", **page)

    async def mark_notified(self, notification: str, *, older: bool = False) -> int:
        """Read this one, with ``older`` all before it, too; answers how many are unread now."""
        path = f"/v1/notifications/{notification}/read"
        return int((await self._hub.call("POST", path, {"older": older}))["unread"])

    async def block(self, user: str) -> None:
        await self._hub.call("PUT", f"/v1/blocks/{user}", {})

    async def unblock(self, user: str) -> None:
        await self._hub.call("DELETE", f"/v1/blocks/{user}")

    async def blocks(self) -> list[View]:
        """Whom one has blocked; nobody else learns it."""
        return list((await self._hub.get("/v1/blocks"))["blocks"])
