"""Backups: the account's secrets and chain keys, sealed by its devices; the hub keeps them whole and in order.

It checks what can be seen from outside: whose they are, and that the manifest names exactly what is kept. Whether they
open is found out by who has the code or the backup key (e2ee.md §7).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from crypto.dkx.backup import Blob, Entry, Manifest, entries_xor
from crypto.dkx.error import DkxError
from hub.account import Actor
from hub.backup import ZEROS, Backup
from hub.errors import Conflict, Invalid
from hub.ids import UserId
from hub.ports import KeptEntry, Ports
from hub.usecases._again import again
from hub.usecases._dkx import refusal

MAX_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class PutBackup:
    """``version`` is the one it replaces, 0 for the first. ``fresh``: with a new backup key, so old entries go."""

    version: int
    code: bytes
    passkey: bytes | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class AddEntries:
    entries: tuple[bytes, ...]
    manifest: bytes


@dataclass(frozen=True, slots=True)
class GetBackup:
    pass


@dataclass(frozen=True, slots=True)
class ListEntries:
    after: int = 0
    limit: int = MAX_PAGE


@dataclass(frozen=True, slots=True)
class EntryPage:
    entries: Sequence[KeptEntry]
    backup: Backup


async def put_backup(ports: Ports, actor: Actor, command: PutBackup) -> Backup:
    """Replace the sealed secrets of the account; a passkey's that is not given again is dropped."""
    _check_blob(actor.user, command.code, by_code=True)
    if command.passkey is not None:
        _check_blob(actor.user, command.passkey, by_code=False)

    async def attempt() -> Backup:
        before = await ports.backups.get(actor.user)
        if (before.version, before.code) == (command.version + 1, command.code):
            return before
        if before.version != command.version:
            raise Conflict("backup_stale", {"version": before.version})
        after = replace(before, version=before.version + 1, code=command.code, passkey=command.passkey)
        if command.fresh:
            after = replace(after, generation=before.generation + 1, manifest=None, count=0, xor=ZEROS)
        await ports.backups.replace(actor.user, before, after)
        return after

    return await again(attempt)


async def add_entries(ports: Ports, actor: Actor, command: AddEntries) -> Backup:
    """Add sealed chain keys, with the manifest that names all there are then; to say it again does nothing."""

    async def attempt() -> Backup:
        before = await ports.backups.get(actor.user)
        if before.manifest == command.manifest:
            return before
        after = _with_entries(actor.user, before, command)
        if after.count > ports.policy.max_backup_entries:
            raise Conflict("quota_exceeded", {"of": "backup", "max": ports.policy.max_backup_entries})
        await ports.backups.add(actor.user, before, after, command.entries)
        return after

    return await again(attempt)


async def get_backup(ports: Ports, actor: Actor, command: GetBackup) -> Backup:  # noqa: ARG001 - shape of an act
    """The sealed secrets, for whoever is signed in and has the code: perhaps on a machine that is no device yet."""
    return await ports.backups.get(actor.user)


async def list_entries(ports: Ports, actor: Actor, command: ListEntries) -> EntryPage:
    """Sealed chain keys after a number, in the order they came, and what the newest manifest says of all."""
    backup = await ports.backups.get(actor.user)
    return EntryPage(await ports.backups.page(actor.user, command.after, command.limit), backup)


async def forget_backup(ports: Ports, user: UserId) -> None:
    """Nobody can open it any more: its secrets are of an identity that was given up."""

    async def attempt() -> None:
        before = await ports.backups.get(user)
        if before != Backup():
            left = replace(
                before, version=before.version + 1, generation=before.generation + 1, code=None, passkey=None,
                manifest=None, count=0, xor=ZEROS,
            )  # fmt: skip
            await ports.backups.replace(user, before, left)

    await again(attempt)


def _check_blob(user: UserId, raw: bytes, *, by_code: bool) -> None:
    try:
        blob = Blob.parse(raw)
    except DkxError as error:
        raise refusal(error) from error
    if blob.by_code != by_code or blob.account.hex() != user:
        raise Invalid("backup_invalid")


def _with_entries(user: UserId, before: Backup, command: AddEntries) -> Backup:
    try:
        entries, manifest = [Entry.parse(raw) for raw in command.entries], Manifest.parse(command.manifest)
    except DkxError as error:
        raise refusal(error) from error
    if {manifest.account, *(entry.account for entry in entries)} != {bytes.fromhex(user)}:
        raise Invalid("backup_invalid")
    if manifest.version != before.manifest_version + 1:
        raise Conflict("manifest_stale", {"version": before.manifest_version})
    count, xor = before.count + len(entries), entries_xor(command.entries, before.xor)
    if (manifest.count, manifest.xor) != (count, xor):
        raise Conflict("manifest_stale", {"version": before.manifest_version})
    return replace(
        before,
        manifest=command.manifest,
        manifest_version=manifest.version,
        count=count,
        xor=xor,
        last=before.last + len(entries),
    )
