"""Rooms and their log. Message times are ms since 1970."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from hub.ids import DeviceId, RoomId, UserId
from hub.room import Chain, KeptRoster, MessageAddress, NewMessage, Page, Receipt, Room, Standing, Stored


class Rooms(Protocol):
    """Reads are cached per worker; a change of members or lists drops the entry on every worker within 2 s."""

    async def get(self, room: RoomId) -> Room | None: ...
    async def of(self, user: UserId) -> Sequence[RoomId]: ...
    async def chain(self, room: RoomId, device: DeviceId, chain: bytes) -> Chain | None: ...
    def known(self, room: RoomId) -> Room | None:
        """The room, if it is at hand without asking the store."""

    def known_chain(self, room: RoomId, device: DeviceId, chain: bytes) -> tuple[Chain, int | None] | None:
        """The chain and its last index, if both are at hand."""

    async def open_chain(self, chain: Chain) -> None: ...
    async def last_index(self, room: RoomId, device: DeviceId, chain: bytes, *, fresh: bool = False) -> int | None:
        """The last index the log holds or has been given for this chain.

        ``fresh`` asks the log itself: what this worker remembers is out of date when the device sent through another.
        """

    async def rosters(self, room: RoomId, after: int) -> Sequence[KeptRoster]:
        """Every signed roster after this version, oldest first."""

    async def raise_receipt(self, receipt: Receipt) -> bool:
        """Store the maxima; True if anything grew."""

    async def receipts(self, room: RoomId) -> Sequence[Receipt]: ...


class MessageLog(Protocol):
    def submit(self, message: NewMessage) -> Awaitable[Stored]:
        """Queue for the next group commit, in call order; resolves when durable. Conflict("cid_mismatch")."""

    async def repeated(self, message: NewMessage) -> Stored | None:
        """Where this very message stands if it was submitted before, even if it is still on its way; else None.

        Conflict("cid_mismatch") when other bytes stand under its cid.
        """

    async def heads(self, rooms: Iterable[RoomId]) -> Mapping[RoomId, int]: ...
    async def forward(self, room: RoomId, after: int, limit: int, device: DeviceId | None) -> Page: ...
    async def back(self, room: RoomId, before: int, limit: int, device: DeviceId | None) -> Page: ...
    async def find(self, message: MessageAddress) -> Standing | None:
        """Where the message stands, None if it was not sent; also when it was erased since."""

    async def address(self, room: RoomId, seq: int, account: UserId) -> MessageAddress | None:
        """What one's own message is called, as long as it is not erased."""

    async def redact(self, room: RoomId, seq: int, account: UserId) -> bool:
        """Unset the ciphertext and key packets of one's own message; its seq stays. False if it is not theirs."""


OnStored = Callable[[Sequence[tuple[NewMessage, Stored]]], None]
"""Called by the message log after each durable batch, in seq order per room: the only place messages are told from."""
