"""The sender's chain of message keys in one room: it moves forward only and is soon replaced."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from crypto.dkx.error import ChainError
from crypto.dkx.primitive import DAY_MS, h64, label
from crypto.dkx.sealing.keys import SigningKey, new_id

MAX_MESSAGES = 100
MAX_AGE_MS = DAY_MS
MAX_STEPS = 1023
"""How far from its start a chain may be derived: bounds the work an index can cause."""
_CHAIN = label("chain")

Reason = Literal["full", "old", "roster", "devices"]


def step(ck: bytes, index: int) -> tuple[bytes, bytes]:
    """The next chain key and the message key of ``index``; neither leads back."""
    out = h64(_CHAIN + index.to_bytes(4, "big"), key=ck)
    return out[:32], out[32:]


def walk(ck: bytes, start: int, index: int) -> bytes:
    """The chain key at ``index``, from the one at ``start``; more than 1023 steps or a way back: ``ChainError``."""
    if not 0 <= index - start <= MAX_STEPS:
        raise ChainError(f"index {index} is out of reach from {start}")
    for i in range(start, index):
        ck, _ = step(ck, i)
    return ck


@dataclass(frozen=True, slots=True)
class SendingChain:
    """What a device keeps to send: the newest chain key only. Store the advanced chain *before* sending.

    ``sent_before`` counts this device's messages in the room before this chain; ``peers_hash`` names the device
    lists it was made for; ``created`` in milliseconds since 1970.
    """

    room: bytes
    device: bytes
    id: bytes
    index: int
    ck: bytes = field(repr=False)
    csk: SigningKey = field(repr=False)
    roster_hash: bytes
    peers_hash: bytes
    created: int
    sent_before: int

    @classmethod
    def begin(
        cls, room: bytes, device: bytes, *, roster_hash: bytes, peers_hash: bytes, now_ms: int, sent_before: int
    ) -> Self:
        """A fresh chain at index 0. Take its ``ChainRecord`` now: later the first key is gone."""
        return cls(
            room=room,
            device=device,
            id=new_id(),
            index=0,
            ck=secrets.token_bytes(32),
            csk=SigningKey.generate(),
            roster_hash=roster_hash,
            peers_hash=peers_hash,
            created=now_ms,
            sent_before=sent_before,
        )

    def advance(self) -> tuple[bytes, Self]:
        """The message key of the current index, and the chain after it; a full chain raises ``ChainError``."""
        if self.index >= MAX_MESSAGES:
            raise ChainError("full: begin another")
        ck, mk = step(self.ck, self.index)
        return mk, replace(self, index=self.index + 1, ck=ck)

    def reason_to_rotate(self, now_ms: int, roster_hash: bytes, peers_hash: bytes) -> Reason | None:
        """Why the next message needs a new chain, or None. After an unclean shutdown begin one without asking."""
        if self.index >= MAX_MESSAGES:
            return "full"
        if not self.created <= now_ms < self.created + MAX_AGE_MS:
            return "old"
        if roster_hash != self.roster_hash:
            return "roster"
        return "devices" if peers_hash != self.peers_hash else None

    def is_rolled_back(self, last_at_hub: int | None) -> bool:
        """Whether the hub has an index this state has yet to use: a restored backup, so the chain is thrown away."""
        return last_at_hub is not None and last_at_hub >= self.index
