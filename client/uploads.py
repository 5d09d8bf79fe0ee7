"""Getting sealed files to the hub, one after the other, from wherever the hub says they end (e2ee.md §6)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

from client.connection import full_jitter
from client.errors import HubRefused, Offline
from client.happenings import Happenings
from client.hub import Hub
from client.store import Store
from client.store.outgoing import Outgoing
from client.store.uploads import Upload
from client.verdict import Verdict, judge

PART: Final = 65_536
LOST_CODE: Final = "file_lost"
"""Its sealed copy cannot be read from this device's disk."""
OFFSET_CODE: Final = "file_offset"
"""The hub has more or less of it than we thought: it says where to go on."""


class Uploader:
    """``on_done`` is told the room of each message whose files may all be there."""

    def __init__(self, store: Store, hub: Hub, happenings: Happenings) -> None:
        self._store, self._hub, self._happenings = store, hub, happenings
        self.on_done: Callable[[str], None] = lambda _room: None
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._current: tuple[str, asyncio.Task[bool]] | None = None

    def start(self) -> None:
        """Go on with what waits; also after what was missing may have come."""
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def ready(self, waiting: Outgoing) -> bool:
        """Whether the hub has all files of a message, and keeps them for the day that its sending may take."""
        missing = [each for each in self._store.uploads.of(waiting.cid) if await self._offset(each) < each.size]
        for upload in missing:
            self._store.uploads.set_done(upload.file, done=False)
        if missing:
            self.start()
        return not missing

    async def give_up(self, cid: str) -> bool:
        """Cancel a message with its files; False when it may be in the log already."""
        uploads = self._store.uploads.of(cid)
        if not self._store.outgoing.drop(cid):
            return False
        if self._current and self._current[0] == cid:
            self._current[1].cancel()
        self._store.forget_sent()
        for upload in uploads:
            try:
                await self._hub.call("DELETE", f"/v1/files/{upload.file}")
            except (HubRefused, Offline):
                continue  # the hub removes it after a day
        return True

    async def _run(self) -> None:
        self._store.forget_sent()
        attempt = 0
        while (upload := self._store.uploads.next()) is not None:
            self._wake.clear()
            pause = await self._try(upload, attempt)
            attempt = 0 if pause is None else attempt + 1
            if pause is not None:
                await self._rest(pause)

    async def _try(self, upload: Upload, attempt: int) -> float | None:
        """One attempt; the seconds until the next, or None when there is nothing more to try."""
        sending = asyncio.get_running_loop().create_task(self._send(upload))
        self._current = upload.cid, sending
        try:
            await asyncio.wait({sending})
            if sending.cancelled():  # given up
                return None
            if sending.result():
                self._arrived(upload)
                return None
        except Offline:
            return full_jitter(attempt)
        except HubRefused as refusal:
            return self._refused(upload, refusal, attempt)
        except OSError:
            self._fail(upload, LOST_CODE)
            return None
        finally:
            self._current = None
            sending.cancel()
            await asyncio.wait({sending})
        return full_jitter(attempt)

    def _refused(self, upload: Upload, refusal: HubRefused, attempt: int) -> float | None:
        if refusal.code == OFFSET_CODE or judge(refusal) is Verdict.RETRY:
            return max(full_jitter(attempt), refusal.after_ms / 1000)
        self._fail(upload, refusal.code)
        return None

    def _fail(self, upload: Upload, code: str) -> None:
        """Its message will not be sent. If that was sealed before, its index is used up, so the chain ends with it."""
        waiting = self._store.outgoing.get(upload.cid)
        if waiting is None:
            return
        with self._store.transaction():
            if waiting.message is not None:
                self._store.chains.discard(upload.room)
            self._store.outgoing.failed(waiting.n, code)
        self._happenings.tell("failed", upload.room, cid=upload.cid, code=code)

    def _arrived(self, upload: Upload) -> None:
        self._store.uploads.set_done(upload.file, done=True)
        self.on_done(upload.room)

    async def _send(self, upload: Upload) -> bool:
        """Whether all of it is there now."""
        offset = await self._offset(upload)
        if offset < upload.size:
            body = self._read(upload, offset)
            answer = await self._hub.put(f"/v1/files/{upload.file}", body, offset=offset)
            offset = int(answer["offset"])
        return offset == upload.size

    async def _offset(self, upload: Upload) -> int:
        """Announce the file, or hear how far it came."""
        asked: dict[str, Any] = {"file": upload.file, "room": upload.room, "cid": upload.cid, "size": upload.size}
        answer = await self._hub.call("POST", "/v1/files", asked)
        return int(answer["offset"])

    async def _read(self, upload: Upload, offset: int) -> AsyncIterator[bytes]:
        """The sealed bytes from there on, and progress as they are taken."""
        path: Path = self._store.spool.outgoing(upload.file)
        with path.open("rb") as file:
            file.seek(offset)
            while part := await asyncio.to_thread(file.read, PART):
                yield part
                offset += len(part)
                self._happenings.tell(
                    "progress", upload.room, cid=upload.cid, file=upload.file, done=offset, size=upload.size
                )

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
