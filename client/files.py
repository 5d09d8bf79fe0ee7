"""Files in a room: sealed before they leave, opened only when all of them is here and as described (e2ee.md §6).

One chunk is in memory at a time. Both ways lead over sealed bytes on disk, so both go on where they stopped, also in
another process.
"""

import asyncio
import mimetypes
import os
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final
from weakref import WeakValueDictionary

from client.connection import full_jitter
from client.errors import FileBroken, NotPossible, Offline
from client.hub import PERSISTENCE, Hub
from client.picture import KINDS, drawn_anew
from client.revisions import content_of
from client.store import Store
from client.store.spool import create, settle
from client.store.uploads import Upload
from client.trust import Trust
from client.uploads import PART, Uploader
from client.when import now_ms
from crypto.dkx import dkf1
from crypto.dkx.content import Blob, File
from crypto.dkx.error import FileError
from crypto.dkx.sealing.file import FileSecret, Opener, Sealer
from crypto.dkx.sealing.keys import new_id

Progress = Callable[[int, int], None]
"""Told how many bytes of how many are done."""
ANY: Final = "application/octet-stream"


def _silent(_done: int, _size: int) -> None:
    """Nobody wants to know."""


class Files:
    def __init__(self, store: Store, hub: Hub, trust: Trust, uploader: Uploader) -> None:
        self._store, self._hub, self._trust, self._uploader = store, hub, trust, uploader
        self._fetching: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def send(
        self,
        room: str,
        path: Path,
        *,
        name: str | None = None,
        mime: str | None = None,
        sides: tuple[int, int] = (0, 0),
        thumb: Path | None = None,
        on_progress: Progress = _silent,
    ) -> str:
        """Seal a file; it is on disk to be sent when this returns. Answers the message's client id.

        A JPEG, PNG or WebP is drawn anew first (``client.picture``): where it was taken stays with who took it. Its
        ``sides`` and ``thumb`` are made here, too, unless they are given.

        ``sides`` are width and height of a picture in pixels. ``on_progress`` is told of the sealing, ``progress``
        among the happenings of the sending, also after a restart. FileError above 25 MiB or when the file changes
        meanwhile, ContentError for a name that is none. Nothing is left of a call that is cancelled.
        """
        cid, sealed, kind = new_id().hex(), list[str](), mime or mimetypes.guess_type(path.name)[0] or ANY
        with TemporaryDirectory() as folder:
            source = path
            if kind in KINDS:
                drawn = await asyncio.to_thread(drawn_anew, path, Path(folder))
                source, kind, sides, thumb = drawn.whole, drawn.mime, drawn.sides, thumb or drawn.thumb
            try:
                blob = await self._seal(source, sealed, on_progress)
                small = await self._seal(thumb, sealed, _silent) if thumb else None
                said = File(blob.id, blob.key, blob.b2, blob.size, kind, name or path.name, *sides, small)
                self._queue(room, cid, said)
            finally:
                for each in sealed:
                    self._store.spool.sealing(each).unlink(missing_ok=True)
        self._uploader.start()
        return cid

    async def cancel(self, cid: str) -> bool:
        """Do not send it after all; False when all of it is there and it may be in the log: delete that message."""
        return await self._uploader.give_up(cid)

    async def fetch(self, room: str, seq: int, target: Path, on_progress: Progress = _silent) -> None:
        """Write the file of a message to ``target``, whole and as its sender described it, or not at all.

        Called again, also in another process, it goes on where it was cancelled or lost the line.
        ``on_progress`` counts the sealed bytes that are here. FileBroken, NotPossible, Offline, HubRefused.
        """
        said = self._described(room, seq)
        await self._fetch(room, seq, Blob(said.id, said.key, said.b2, said.size), target, on_progress)

    async def fetch_thumb(self, room: str, seq: int, target: Path) -> None:
        """The same for the small picture of a file. NotPossible where there is none."""
        thumb = self._described(room, seq).thumb
        if thumb is None:
            raise NotPossible("it has no small picture")
        await self._fetch(room, seq, thumb, target, _silent)

    async def _seal(self, path: Path, sealed: list[str], on_progress: Progress) -> Blob:
        file, secret, done = new_id(), FileSecret.generate(), 0
        with path.open("rb") as source:
            sealer = Sealer(secret, os.fstat(source.fileno()).st_size)
            pieces = sealer.pieces(source.read)
            sealed.append(file.hex())
            with create(self._store.spool.sealing(file.hex())) as spooled:
                while piece := await asyncio.to_thread(next, pieces, b""):
                    await asyncio.to_thread(spooled.write, piece)
                    on_progress(done := done + len(piece), sealer.stored)
                await asyncio.to_thread(settle, spooled)
            return Blob(file, secret.key, sealer.b2, os.fstat(source.fileno()).st_size)

    def _queue(self, room: str, cid: str, said: File) -> None:
        """Message and uploads, in one step."""
        with self._store.transaction():
            self._store.outgoing.add(room, said.ctype, said.to_bytes(), now_ms(), cid)
            for blob in (said.thumb, said) if said.thumb else (said,):
                upload = Upload(blob.id.hex(), room, cid, dkf1.stored_size(blob.size))
                self._store.spool.sealing(upload.file).replace(self._store.spool.outgoing(upload.file))
                self._store.uploads.add(upload)

    def _described(self, room: str, seq: int) -> File:
        entry = self._store.log.get(room, seq)
        said = content_of(entry) if entry else None
        if not isinstance(said, File):
            raise NotPossible("no message with a file is there")
        return said

    async def _fetch(self, room: str, seq: int, blob: Blob, target: Path, on_progress: Progress) -> None:
        name = blob.id.hex()
        spooled = self._store.spool.incoming(name)
        async with self._fetching.setdefault(name, asyncio.Lock()):
            try:
                await self._download(name, dkf1.stored_size(blob.size), spooled, on_progress)
                await asyncio.to_thread(_open, blob, spooled, target)
            except (FileBroken, FileError) as error:
                spooled.unlink(missing_ok=True)
                self._trust.warn("file_altered", room, seq)
                raise FileBroken(str(error)) from error
            spooled.unlink(missing_ok=True)

    async def _download(self, name: str, size: int, spooled: Path, on_progress: Progress) -> None:
        for attempt in range(PERSISTENCE):
            try:
                await self._download_on(name, size, spooled, on_progress)
            except Offline:
                if attempt == PERSISTENCE - 1:
                    raise
                await asyncio.sleep(full_jitter(attempt))
            else:
                return

    async def _download_on(self, name: str, size: int, spooled: Path, on_progress: Progress) -> None:
        """What is missing. Offline when the hub stops before the end."""
        with create(spooled, append=True) as file:
            if (done := file.tell()) >= size:
                return
            async with aclosing(await self._hub.stretch(f"/v1/files/{name}", done, size)) as parts:
                async for part in parts:
                    await asyncio.to_thread(file.write, part)
                    on_progress(done := done + len(part), size)
        if done < size:
            raise Offline("the hub stopped before the end")


def _open(blob: Blob, spooled: Path, target: Path) -> None:
    """Open what is spooled beside ``target``, and put it there only when all of it was right."""
    part = target.with_name(f".{target.name}.{blob.id.hex()}")
    try:
        with spooled.open("rb") as source, create(part) as opened:
            _pour(Opener(blob.key, blob.size, blob.b2), source, opened)
            settle(opened)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _pour(opener: Opener, source: BinaryIO, opened: BinaryIO) -> None:
    while sealed := source.read(PART):
        opened.writelines(opener.feed(sealed))
    opener.finish()
