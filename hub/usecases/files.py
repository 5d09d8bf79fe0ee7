"""Encrypted attachments: announced, taken in parts, resumed, read by who may read their message, and never left behind.

The hub keeps sealed bytes (DKF1, e2ee.md section 6). Name, type and content are in the message, which it cannot read.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from crypto.dkx import dkf1
from crypto.dkx.error import DkxError
from hub.account import Actor
from hub.authority import BRING_FILE, JUDGE_REPORT, OWN_FILE, READ_FILE, Attachment, authorize, has
from hub.errors import Conflict, Invalid, NotFound
from hub.file import PART, File
from hub.ids import FileId, RoomId
from hub.ports import Note, Policy, Ports, StaleWrite, Used
from hub.rental import CLOSED
from hub.room import MessageAddress
from hub.usecases._files import open_reports, remove_file
from hub.usecases._rooms import own_room

MAX_STORED: Final = dkf1.stored_size(dkf1.MAX_SIZE)
"""Bytes of the largest file there can be, as it is sealed."""
AT_A_TIME: Final = 4 * PART
"""Bytes that are held in memory before they are kept."""
UNSENT: Final = timedelta(hours=24)
"""How long a file stays whose message does not come, or of which nothing more comes."""
KEPT: Final = timedelta(days=365)
"""How long it stays after its rental has ended: as long as the ciphertext of the chat."""
LOOK_AGAIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BeginFile:
    """``file`` is made up by the client, ``cid`` is that of the message that will name it, ``size`` is as sealed."""

    file: FileId
    room: RoomId
    cid: bytes
    size: int


@dataclass(frozen=True, slots=True)
class PutFile:
    """``body`` is what comes from ``offset`` on, as far as it comes."""

    file: FileId
    offset: int
    body: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class DeleteFile:
    file: FileId


@dataclass(frozen=True, slots=True)
class ShowFile:
    file: FileId


async def begin_file(ports: Ports, actor: Actor, command: BeginFile) -> File:
    """Announce a file, or hear how far the same one has come; each time it is kept a day longer."""
    address = MessageAddress(command.room, actor.proven_device(), command.cid)
    await own_room(ports, actor, command.room)
    _check_size(ports.policy, command.size)
    now = ports.clock.real()
    announced = File(command.file, actor.user, address, command.size, 0, now)
    file = await ports.files.begin(announced, now + UNSENT)
    if file is announced:  # new, so it may be one too many
        await _count(ports, file)
    return file


async def put_file(ports: Ports, actor: Actor, command: PutFile) -> File:
    """Keep what comes from where the file ends. Whole parts stay, however the body ends: go on from the new offset.

    Conflict("file_offset", {"offset"}) from elsewhere, or when somebody else's bytes were faster.
    """
    file = await _arriving(ports, actor, command.file)
    if command.offset != file.offset:
        raise Conflict("file_offset", {"offset": file.offset})
    held = bytearray()
    async for part in command.body:
        held += part
        if file.offset + len(held) > file.size:
            raise Invalid("too_large", {"max": file.size - command.offset})
        if len(held) >= AT_A_TIME:
            file = await _keep(ports, file, held)
    return await _keep(ports, file, held)


async def show_file(ports: Ports, actor: Actor, command: ShowFile) -> File:
    """A file whose message the actor may read, or one of their own that is still unsent. NotFound("file_not_found").

    Or one whose message was reported, to a moderator who judges it; that is in the audit log.
    """
    attached = await _attachment(ports, await ports.files.get(command.file))
    if attached and not has(actor, READ_FILE, attached) and await _judges(ports, actor, attached.file):
        return attached.file
    return authorize(actor, READ_FILE, attached).file


async def delete_file(ports: Ports, actor: Actor, command: DeleteFile) -> None:
    """Give up one's own file. Conflict("file_in_use") once its message stands: erase that.

    Of a reported one nothing is said: it is gone for its owner as it is.
    """
    file = authorize(actor, OWN_FILE, await ports.files.get(command.file))
    standing = await ports.log.find(file.message)
    if standing and not standing.erased:
        raise Conflict("file_in_use")
    if not await open_reports(ports, file.message):
        await remove_file(ports, file.id)


async def sweep_files(ports: Ports) -> int:
    """Remove what never became part of a message, what was erased, and what is older than its rental allows.

    Answers how many. It may run on several workers at once and be interrupted at any point.
    """
    now, removed = ports.clock.real(), 0
    async for file in ports.files.due(now):
        if file.retired or not await _needed(ports, file):
            removed += await remove_file(ports, file.id, now)
        else:
            await ports.files.put_off(file.id, now + LOOK_AGAIN)
    return removed


async def _arriving(ports: Ports, actor: Actor, file_id: FileId) -> File:
    return authorize(actor, BRING_FILE, await _attachment(ports, await ports.files.get(file_id))).file


async def _keep(ports: Ports, file: File, held: bytearray) -> File:
    """Store the whole parts of ``held``, or all of it at the end of the file, and take it out."""
    ends = file.offset + len(held) == file.size
    content = bytes(held[: len(held) if ends else len(held) // PART * PART])
    if not content:
        return file
    if not file.offset:
        _check_header(content)
    del held[: len(content)]
    try:
        return await ports.files.append(file, content, ports.clock.real() + UNSENT)
    except StaleWrite:
        current = await ports.files.get(file.id)
        if current is None:
            raise NotFound("file_not_found") from None
        raise Conflict("file_offset", {"offset": current.offset}) from None


async def _attachment(ports: Ports, file: File | None) -> Attachment | None:
    if file is None:
        return None
    return Attachment(file, await ports.rooms.get(file.message.room), await ports.log.find(file.message))


async def _judges(ports: Ports, actor: Actor, file: File) -> bool:
    """A moderator who was not in the room may look at what was reported, as long as that is open."""
    for report in await open_reports(ports, file.message):
        if has(actor, JUDGE_REPORT, report):
            await ports.audit.note(Note("file_read", actor.user, tuple({report.by, file.owner}), report.id))
            return True
    return False


async def _needed(ports: Ports, file: File) -> bool:
    """Whether its message stands and its rental has not ended too long ago, or somebody has yet to judge it."""
    standing = await ports.log.find(file.message)
    if standing is None:
        return False
    if await open_reports(ports, file.message):
        return True
    if standing.erased:
        return False
    room = await ports.rooms.get(file.message.room)
    rental = await ports.rentals.get(room.rental, None) if room else None
    if rental is None:
        return False
    return rental.state not in CLOSED or rental.updated_at + KEPT > ports.clock.now()


async def _count(ports: Ports, file: File) -> None:
    """Look at what there is now that it counts itself: files side by side never come to more than one may have."""
    used, policy = await ports.files.used(file.owner), ports.policy
    if used.count > policy.max_files or used.bytes > policy.max_files_bytes:
        await remove_file(ports, file.id)
        raise Conflict("files_full", _full(policy, used))


def _full(policy: Policy, used: Used) -> dict[str, object]:
    if used.count > policy.max_files:
        return {"of": "files", "max": policy.max_files}
    return {"of": "bytes", "max": policy.max_files_bytes}


def _check_size(policy: Policy, size: int) -> None:
    most = dkf1.stored_size(policy.max_file)
    if size > most:
        raise Invalid("too_large", {"max": most})
    if not dkf1.is_stored_size(size):
        raise Invalid("bad_file", {"reason": "size"})


def _check_header(content: bytes) -> None:
    try:
        dkf1.parse_header(content[: dkf1.HEADER])
    except DkxError:
        raise Invalid("bad_file", {"reason": "header"}) from None
