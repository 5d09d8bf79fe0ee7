"""Getting what was written into the log, once: the same bytes again until an answer, then the next (realtime.md §5)."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from client.connection import Line, full_jitter
from client.errands import Errands
from client.errors import Alarm, HubRefused, NotReady, Offline
from client.happenings import Happenings
from client.rosters import Rosters
from client.sender import Sender
from client.store import Store
from client.store.outgoing import Outgoing
from client.verdict import Verdict, judge

HELD_PAUSE_S: Final = 30.0


class Outbox:
    """One message in flight per room, in the order written; rooms do not wait for each other."""

    def __init__(
        self, store: Store, sender: Sender, rosters: Rosters, line: Line, happenings: Happenings, *, errands: Errands
    ) -> None:
        self._store, self._sender, self._happenings = store, sender, happenings
        self._errands = errands
        self._trust, self._rosters, self._line = rosters.trust, rosters, line
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._nudges: dict[str, asyncio.Event] = {}

    def start(self) -> None:
        """Go on with everything that waits, and no longer pause for what was held."""
        for room in self._store.outgoing.rooms():
            self.nudge(room)

    def nudge(self, room: str) -> None:
        """Something is there to send, or something that was missing has come."""
        self._nudges.setdefault(room, asyncio.Event()).set()
        task = self._tasks.get(room)
        if task is None or task.done():
            self._tasks[room] = asyncio.get_running_loop().create_task(self._drain(room))

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    async def _drain(self, room: str) -> None:
        attempt = 0
        while (waiting := self._store.outgoing.next(room)) is not None:
            self._nudges[room].clear()
            pause = await self._try(waiting, attempt)
            attempt = 0 if pause is None else attempt + 1
            if pause is not None:
                await self._pause(room, pause)

    async def _try(self, waiting: Outgoing, attempt: int) -> float | None:
        """One attempt; None when this message needs no other, else the seconds until the next."""
        try:
            await self._line.up()
            if not await self._errands.ready(waiting):
                return None
            message = waiting.message or await self._sender.seal(waiting)
            answer = await self._line.ask("message:send", dict(message))
        except Offline:
            return full_jitter(attempt)
        except Alarm as alarm:
            self._happenings.tell("held", waiting.room, cid=waiting.cid, code=alarm.code, account=alarm.account)
            return HELD_PAUSE_S
        except NotReady:
            self._happenings.tell("held", waiting.room, cid=waiting.cid, code="no_device")
            return HELD_PAUSE_S
        except HubRefused as refusal:
            return await self._refused(waiting, refusal, attempt)
        self._acked(waiting, answer["seq"])
        return None

    async def _refused(self, waiting: Outgoing, refusal: HubRefused, attempt: int) -> float | None:
        match judge(refusal):
            case Verdict.RETRY:
                return max(full_jitter(attempt), refusal.after_ms / 1000)
            case Verdict.RESEAL:
                await self._learn_from(waiting.room, refusal.data)
                self._forget_sealed(waiting)
                return full_jitter(attempt) if attempt else 0.0
            case Verdict.STORED:
                self._acked(waiting, 0)
            case Verdict.FAILED:
                self._fail(waiting, refusal.code)
        return None

    async def _learn_from(self, room: str, told: Mapping[str, Any]) -> None:
        """Fetch and verify what the hub says is newer; its word alone changes nothing."""
        try:
            for account in told.get("lists", {}):
                await self._trust.refresh(account)
            if told.get("roster"):
                await self._rosters.catch_up(room)
        except (Alarm, NotReady, Offline):
            return

    def _forget_sealed(self, waiting: Outgoing) -> None:
        with self._store.transaction():
            self._store.chains.discard(waiting.room)
            self._store.outgoing.unseal(waiting.n)

    def _fail(self, waiting: Outgoing, code: str) -> None:
        """Refused for good. Its index is used up, so the chain ends with it."""
        with self._store.transaction():
            self._store.chains.discard(waiting.room)
            self._store.outgoing.failed(waiting.n, code)
        self._happenings.tell("failed", waiting.room, cid=waiting.cid, code=code)

    def _acked(self, waiting: Outgoing, seq: int) -> None:
        self._store.outgoing.acked(waiting.n, seq)
        self._happenings.tell("sent", waiting.room, cid=waiting.cid, seq=seq)

    async def _pause(self, room: str, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._nudges[room].wait()
        except TimeoutError:
            return
