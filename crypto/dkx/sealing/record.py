"""What sender and readers keep of a chain, so that its messages stay readable: its start and what it is bound to."""

from dataclasses import dataclass, field, replace
from typing import Self

from crypto.dkx.error import ChainConflictError, ChainError
from crypto.dkx.sealing.chain import SendingChain, step, walk


@dataclass(frozen=True, slots=True)
class ChainRecord:
    """One per (room, device, chain); ``account`` is the author, None if no list of any member holds the device."""

    room: bytes
    device: bytes
    chain: bytes
    account: bytes | None
    start: int
    ck: bytes = field(repr=False)
    csk: bytes
    roster_hash: bytes

    @classmethod
    def of(cls, chain: SendingChain, account: bytes) -> Self:
        """The record of one's own chain from where it is now: take it right after ``SendingChain.begin``."""
        return cls(
            chain.room, chain.device, chain.id, account, chain.index, chain.ck, chain.csk.public, chain.roster_hash
        )

    def message_key(self, index: int) -> bytes:
        """The key of one message; before the start or more than 1023 after it: ``ChainError``."""
        return step(walk(self.ck, self.start, index), index)[1]

    def merged(self, later: "ChainRecord") -> "ChainRecord":
        """What to keep when another packet tells of the same chain: the first one, or a consistent lower start.

        Raises ``ChainConflictError`` if the two cannot be the same chain.
        """
        if self._bound() != later._bound():  # noqa: SLF001 - the same class
            raise ChainConflictError("another author, signing key or roster")
        early, late = sorted((self, later), key=lambda record: record.start)
        try:
            agree = walk(early.ck, early.start, late.start) == late.ck
        except ChainError as error:
            raise ChainConflictError("too far apart to compare") from error
        if not agree:
            raise ChainConflictError("another chain key")
        return replace(self, start=early.start, ck=early.ck)

    def _bound(self) -> tuple[object, ...]:
        return self.room, self.device, self.chain, self.account, self.csk, self.roster_hash
