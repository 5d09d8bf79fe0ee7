"""What the hub tells a live socket, sorted to whom it concerns (realtime.md §6). Hints only: the log is the truth."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from client.applying import Applier
from client.connection import Line
from client.device import DeviceDesk
from client.errors import MALFORMED, Alarm, HubRefused, NotReady, Offline
from client.happenings import Happenings
from client.keyring import Keyring
from client.outbox import Outbox
from client.session import Session
from client.sync import GAP_WAIT_S, Sync
from client.together import Together
from client.uploads import Uploader

RECEIPT_EVERY_S: Final = 1.0
BEAT_EVERY_S: Final = 25.0
BACK_UP_EVERY_S: Final = 2.0
Payload = dict[str, Any]


class Live:
    """Runs while a neighbour is connected. Work that may wait on the hub is done in tasks of its own."""

    def __init__(
        self,
        *,
        session: Session,
        device: DeviceDesk,
        keyring: Keyring,
        applier: Applier,
        happenings: Happenings,
        together: Together,
    ) -> None:
        self._session, self._device, self._keyring = session, device, keyring
        self._applier, self._happenings, self._together = applier, happenings, together
        self._tasks: set[asyncio.Task[bool]] = set()
        applier.on_stored = self._stored
        self._unreceipted: dict[str, int] = {}
        self._hears: dict[str, Callable[[Payload], None]] = {
            "message:new": self._message,
            "message:gone": lambda told: self._applier.erase(told["room"], told["seq"]),
            "rental:changed": lambda told: self._sync.take(told["room"], told["item"]),
            "key:new": self._key,
            "key:wanted": lambda told: self._in_background(self._together.wanting.answer(told)),
            "prekey:low": lambda _: self._in_background(self._device.prekeys.stock_up()),
            "link:changed": lambda told: self._happenings.tell("link", link=told["link"], step=told["step"]),
            "room:head": lambda told: self._sync.hint(told["room"], told["head"]),
            "roster:changed": lambda told: self._in_background(self._roster_changed(told["room"])),
            "device:changed": lambda told: self._in_background(self._devices_changed(told["account"])),
            "session:expiring": lambda _: self._in_background(self._refresh()),
            "receipt:changed": lambda told: self._happenings.tell("receipt", told["room"], **_but_room(told)),
            "typing:changed": lambda told: self._happenings.tell("typing", told["room"], **_but_room(told)),
            "presence:changed": lambda told: self._happenings.tell("presence", user=told["user"], state=told["state"]),
            "notice": lambda told: self._happenings.tell(
                "notice", code=told["code"], notification=told.get("notification")
            ),
        }

    def attach(self, line: Line, sync: Sync, outbox: Outbox, uploader: Uploader) -> None:
        """The parts that need the line, which needs this."""
        self._line, self._sync, self._outbox, self._uploader = line, sync, outbox, uploader
        line.on_down = self._down

    def start(self) -> None:
        self._in_background(self._sync.run())
        self._in_background(self._beat())
        self._in_background(self._send_receipts())
        self._in_background(self._back_up())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def hello(self, hello: Payload) -> None:
        """A new socket is up: catch up with every room, send what waits, retry what could not be read."""
        self._sync.connected(hello["heads"])
        self._outbox.start()
        self._uploader.start()
        self._in_background(self._resume())
        self._happenings.tell("line", state="up")

    def _down(self) -> None:
        self._sync.disconnected()
        refusal = self._line.ended_by
        self._happenings.tell("line", state="ended" if refusal else "down", code=refusal.code if refusal else "")

    def told(self, event: str, payload: Payload) -> None:
        """One server event. What cannot be read is a hint lost: the next sync brings the truth."""
        hear = self._hears.get(event)
        if hear is None:
            return
        try:
            hear(payload)
        except MALFORMED as error:
            self._applier.warn_unreadable(error)

    def _stored(self, room: str, seq: int) -> None:
        """An entry of somebody else is on disk: say so, at most once a second."""
        self._unreceipted[room] = seq

    def _message(self, told: Payload) -> None:
        self._sync.take(told["room"], {**told, "kind": "message"})

    def _key(self, told: Payload) -> None:
        self._keyring.note(told["room"], told["from_dev"], told["chain"], told["pkt"])
        self._in_background(self._heal(told["room"]))

    async def _heal(self, room: str | None = None) -> None:
        await self._applier.heal(room)
        await self._applier.settle_doubts()
        if await self._together.wanting.ask():
            await self._applier.heal(room)

    async def _resume(self) -> None:
        """What can be read is read at once, the rest when the other devices and the backup have been asked."""
        await self._heal()
        await self._together.resume()
        await self._heal()

    async def _roster_changed(self, room: str) -> None:
        """The row of the log brings the roster itself; what was held for it may go now."""
        await asyncio.sleep(GAP_WAIT_S)
        self._outbox.nudge(room)

    async def _devices_changed(self, account: str) -> None:
        await self._device.trust.refresh(account)
        await self._heal()
        self._outbox.start()

    async def _refresh(self) -> None:
        await self._line.ask("session:refresh", {"token": await self._session.token(stale=await self._session.token())})

    async def _beat(self) -> None:
        while True:
            await self._quietly(self._be_here())
            await asyncio.sleep(BEAT_EVERY_S)

    async def _be_here(self) -> None:
        await self._line.up()
        await self._line.ask("presence:set", {"state": "active"})
        await self._device.refresh_prekey()
        await self._heal()

    async def _send_receipts(self) -> None:
        while True:
            await asyncio.sleep(RECEIPT_EVERY_S)
            for room, seq in list(self._unreceipted.items()):
                if self._line.is_up and self._unreceipted.pop(room, None) is not None:
                    await self._quietly(self._line.ask("receipt:put", {"room": room, "delivered": seq}))

    async def _back_up(self) -> None:
        """The key of a new chain is in the backup within seconds: whoever restores then reads its messages."""
        while True:
            await asyncio.sleep(BACK_UP_EVERY_S)
            if not await self._quietly(self._together.backup.upload()):
                await asyncio.sleep(BEAT_EVERY_S)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Awaitable[Any]) -> bool:
        """What fails here is tried again at the next hello, beat or change; whether it did not."""
        try:
            await work
        except (Alarm, HubRefused, NotReady, Offline):
            return False
        except MALFORMED as error:
            self._applier.warn_unreadable(error)
            return False
        return True


def _but_room(told: Payload) -> Payload:
    return {name: value for name, value in told.items() if name != "room"}
