"""What happens to a neighbour, for whoever listens: told only after it is on disk."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "entry",
    "healed",
    "sent",
    "failed",
    "held",
    "progress",
    "warning",
    "receipt",
    "typing",
    "presence",
    "notice",
    "line",
    "agreement",
    "link",
]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened.

    ``entry`` and ``healed``: a row of the log came or became readable (``seq``). ``sent``, ``failed``, ``held``: an
    outgoing message (``cid``) was acked, refused for good, or waits for a decision (``code``). ``progress``: of a
    message's ``file``, ``done`` sealed bytes of ``size`` are on their way. ``line``: the socket is
    ``up``, ``down`` or ``ended`` (``state``, ``code``). ``warning``: see ``Warned``.
    ``agreement``: something is to be signed (``offer``, a ``client.agreements.SignOffer``).
    ``link``: linking a device of one's own account has gone on (``link``, ``step``).
    """

    kind: Kind
    room: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


class Happenings:
    """Everyone who listens gets everything from then on; what nobody reads is not kept."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[Happening]] = set()

    def tell(self, kind: Kind, room: str | None = None, **data: Any) -> None:
        happening = Happening(kind, room, data)
        for queue in self._listeners:
            queue.put_nowait(happening)

    def listen(self) -> AsyncIterator[Happening]:
        """Endless, from this call on; stop by leaving the loop."""
        queue: asyncio.Queue[Happening] = asyncio.Queue()
        self._listeners.add(queue)
        return self._drain(queue)

    async def _drain(self, queue: asyncio.Queue[Happening]) -> AsyncIterator[Happening]:
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.discard(queue)
