"""Photos: what is known of them, their bytes, and the room in which uploads become photos."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from hub.ids import ItemId, MediaId, UserId
from hub.photo import Copy, Photo


class Blobs(Protocol):
    """Bytes of any length under a name of the caller's, in parts. Written once: what stands there never changes."""

    async def put(self, name: str, parts: AsyncIterator[bytes]) -> int:
        """Store and answer the size, durable when it returns; nothing stays of one that breaks off.

        What stands there already stays: name a blob so that the same name means the same bytes. One writer per name.
        """

    async def size(self, name: str) -> int | None: ...
    async def read(self, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes] | None:
        """The bytes from ``start`` until before ``end``; None when there is no such blob."""

    async def delete(self, names: Collection[str]) -> None:
        """Also those that are not there."""


@dataclass(frozen=True, slots=True)
class Used:
    """What somebody keeps here, with what is still being stored."""

    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Holder:
    """A thing that shows a photo, or did until it was deleted."""

    item: ItemId
    deleted: bool


class Media(Protocol):
    """Photos, from before their bytes are stored until after these are gone: so no crash leaves a blob behind."""

    async def begin(self, photo: Photo, until: datetime) -> None:
        """Take note of a photo whose bytes are about to be stored; ``until`` then nothing looks whether it is shown."""

    async def finish(self, media: MediaId) -> bool:
        """From now on it can be found; False when upkeep gave up waiting."""

    async def get(self, media: MediaId) -> Photo | None: ...
    async def several(self, media: Collection[MediaId]) -> Mapping[MediaId, Photo]:
        """Those of them that there are."""

    async def of(self, owner: UserId) -> Sequence[Photo]:
        """All of theirs, the oldest first."""

    async def used(self, owner: UserId) -> Used: ...
    async def claim(self, owner: UserId, media: Collection[MediaId], at: datetime, until: datetime) -> bool:
        """Whether all are photos of ``owner``; if so none is removed ``until`` then, whether or not something shows it.

        Call it before storing what shows them. ``at`` is now by the real clock.
        """

    async def holders(self, media: MediaId) -> Sequence[Holder]: ...

    async def public(self, media: MediaId) -> bool:
        """Whether a thing shows it that anybody may look at."""

    async def retire(self, media: MediaId, claimed_before: datetime) -> bool:
        """Nobody finds it any more; False when it was claimed since. Then delete its blobs and ``forget`` it."""

    async def forget(self, media: MediaId) -> None: ...
    def due(self, now: datetime) -> AsyncIterator[Photo]:
        """Those that upkeep is to look at: claimed by nobody in time, never finished, or retired and not forgotten."""

    async def put_off(self, media: MediaId, until: datetime) -> None:
        """Look again then."""


@dataclass(frozen=True, slots=True)
class Developed:
    """What became of an upload: each copy with its bytes."""

    width: int
    height: int
    colour: str
    dhash: str
    copies: tuple[tuple[Copy, bytes], ...]


class Darkroom(Protocol):
    async def develop(self, upload: BinaryIO) -> Developed:
        """Decode and encode anew, in a process that can do nothing else and not for long.

        ``Invalid("photo_unreadable" | "photo_animated" | "photo_too_many_pixels")``; ``Unavailable("busy")`` when too
        many wait already, ``Unavailable("timeout")`` when it takes too long.
        """
