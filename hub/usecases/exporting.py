"""A copy of everything about oneself: asked for, made in the background, fetched once by each link."""

import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from crypto.fields import new_key
from crypto.sealed_file import PART, Opener, Sealer
from crypto.tokens import new_slip, slip_hash
from hub.account import Actor
from hub.authority import OWN_EXPORT, authorize
from hub.errors import Conflict, NotFound
from hub.export import KEPT, Export
from hub.ids import ExportId, UserId, new_id
from hub.ports import Note, Ports
from hub.usecases._export_parts import Part, parts_of
from hub.usecases._exports import remove_export
from hub.usecases._slips import LIFE, taken

MAX_KEPT: Final = 3


@dataclass(frozen=True, slots=True)
class StartExport:
    pass


@dataclass(frozen=True, slots=True)
class GetExport:
    export: ExportId


@dataclass(frozen=True, slots=True)
class LinkExport:
    export: ExportId


@dataclass(frozen=True, slots=True)
class FetchExport:
    slip: str


@dataclass(frozen=True, slots=True)
class ExportLink:
    """``secret`` is good once, until ``expires_at``."""

    secret: str
    expires_at: datetime


async def start_export(ports: Ports, actor: Actor, command: StartExport) -> Export:  # noqa: ARG001 - shape of an act
    """Have a copy made. One that is under way is answered again; the oldest goes when there are too many."""
    kept = await ports.exports.of(actor.user)
    under_way = next((export for export in kept if not export.ready), None)
    if under_way is not None:
        return under_way
    for old in kept[: max(0, len(kept) + 1 - MAX_KEPT)]:
        await remove_export(ports, old)
    now = ports.clock.real()
    export = Export(ExportId(new_id()), actor.user, now, now + KEPT)
    await ports.audit.note(Note("export_asked", actor.user, (actor.user,), export.id))
    await ports.exports.add(export, new_key())
    return export


async def get_export(ports: Ports, actor: Actor, command: GetExport) -> Export:
    return authorize(actor, OWN_EXPORT, await ports.exports.get(command.export, actor.user))


async def link_export(ports: Ports, actor: Actor, command: LinkExport) -> ExportLink:
    """A link by which it can be fetched once. Conflict("export_not_ready")."""
    export = await get_export(ports, actor, GetExport(command.export))
    if not export.ready:
        raise Conflict("export_not_ready", {"done": export.done, "of": export.of})
    secret, expires = new_slip(), ports.clock.real() + LIFE["export"]
    await ports.slips.add(slip_hash(secret), "export", {"user": export.user, "export": export.id}, expires)
    return ExportLink(secret, expires)


async def fetch_export(ports: Ports, command: FetchExport) -> tuple[Export, AsyncIterator[bytes]]:
    """The copy behind a link, once."""
    content = await taken(ports, command.slip, "export")
    user = UserId(content["user"])
    export = await ports.exports.get(ExportId(content["export"]), user)
    sealed = await ports.blobs.read(export.blob) if export else None
    if export is None or sealed is None:
        raise NotFound("slip_not_found")
    await ports.audit.note(Note("export_fetched", user, (user,), export.id))
    return export, _unsealed(Opener(await ports.exports.key(export)), sealed)


async def make_exports(ports: Ports) -> int:
    """Make every copy that waits; answers how many. What broke off is begun anew by whoever comes next."""
    made = 0
    while export := await ports.exports.claim(ports.clock.real()):
        await _make(ports, export)
        made += 1
    return made


async def sweep_exports(ports: Ports) -> int:
    """Remove copies that nobody can fetch any more; answers how many."""
    expired = await ports.exports.expired(ports.clock.real())
    for export in expired:
        await remove_export(ports, export)
    return len(expired)


async def _make(ports: Ports, export: Export) -> None:
    await ports.blobs.delete([export.blob])
    parts = await parts_of(ports, export.user)
    counted = _Count()
    sealed = _sealed(Sealer(await ports.exports.key(export)), _zipped(ports, export, parts), counted)
    await ports.blobs.put(export.blob, sealed)
    ready = replace(export, done=len(parts), of=len(parts), bytes=counted.bytes, expires_at=ports.clock.real() + KEPT)
    await ports.exports.report(ready)
    ports.publisher.tell(("user", export.user), "notice", {"code": "export_ready"})


async def _zipped(ports: Ports, export: Export, parts: Sequence[Part]) -> AsyncIterator[bytes]:
    """The ZIP as it grows, telling after each part how far it is."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for n, (name, content) in enumerate(parts, 1):
            with archive.open(name, "w") as file:
                async for piece in content:
                    file.write(piece)
                    yield sink.take()
            await ports.exports.report(replace(export, done=n, of=len(parts)))
    yield sink.take()


async def _sealed(sealer: Sealer, content: AsyncIterator[bytes], counted: "_Count") -> AsyncIterator[bytes]:
    held = bytearray()
    async for piece in content:
        held += piece
        counted.bytes += len(piece)
        while len(held) > PART:
            yield sealer.seal(bytes(held[:PART]))
            del held[:PART]
    yield sealer.seal(bytes(held), last=True)


async def _unsealed(opener: Opener, sealed: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in sealed:
        for part in opener.feed(piece):
            yield part
    opener.end()


@dataclass
class _Count:
    """Bytes that went by."""

    bytes: int = 0


class _Sink(io.RawIOBase):
    """A file that is written and emptied in turn, and never sought in."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # any buffer, as there
        self._held += piece
        return len(piece)

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken
