"""Backups: sealed before they come, replaced in order, added to by one device at a time, and never mixed."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from crypto.dkx.backup import entries_xor
from crypto.dkx.sealing.backup import AccountSecrets, seal_by_code, seal_by_passkey
from crypto.dkx.sealing.backup_entry import seal_entry
from crypto.dkx.sealing.keys import SigningKey, new_id
from crypto.dkx.sealing.manifest import Contents, seal_manifest
from crypto.dkx.sealing.record import ChainRecord
from hub.errors import Conflict, HubError, Invalid
from hub.usecases.backups import (
    AddEntries,
    GetBackup,
    ListEntries,
    PutBackup,
    add_entries,
    get_backup,
    list_entries,
    put_backup,
)
from tests.support.world import Neighbour, World, now_ms

CODE, BK = b"A" * 24, bytes(range(32))
CSK = SigningKey.generate().public


def refused(code: str, kind: type[HubError]) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


@dataclass
class Writer:
    """One device that adds to the backup of its account."""

    world: World
    person: Neighbour
    kept: list[bytes] = field(default_factory=list)
    version: int = 0

    def add(self, more: int, **contents: Any) -> AddEntries:
        account = self.person.account
        record = ChainRecord(new_id(), new_id(), b"", None, 0, bytes(32), CSK, bytes(32))
        made = [seal_entry(replace(record, chain=new_id()), account, BK).raw for _ in range(more)]
        all_of_it = [*self.kept, *made]
        told = Contents(self.version + 1, len(all_of_it), entries_xor(all_of_it), now_ms())
        return AddEntries(tuple(made), seal_manifest(account, replace(told, **contents), BK).raw)

    async def send(self, command: AddEntries) -> None:
        await add_entries(self.world.ports, self.person.actor, command)
        self.kept += command.entries
        self.version += 1


def blob(person: Neighbour, code: bytes = CODE) -> bytes:
    secrets = AccountSecrets(person.aik.seed, person.dlk.seed, BK)
    return seal_by_code(secrets, person.account, code, ops=2, mem_kib=32 * 1024).raw


async def put(world: World, person: Neighbour, command: PutBackup) -> None:
    await put_backup(world.ports, person.actor, command)


async def test_the_sealed_secrets_come_back_and_are_replaced_in_order(world: World) -> None:
    anna = await world.person()
    first, second = blob(anna), blob(anna, b"B" * 24)
    passkey = seal_by_passkey(AccountSecrets(anna.aik.seed, anna.dlk.seed, BK), anna.account, bytes(32)).raw
    await put(world, anna, PutBackup(0, first, passkey))
    for _ in range(2):
        await put(world, anna, PutBackup(1, second))
    kept = await get_backup(world.ports, anna.actor, GetBackup())
    assert (kept.version, kept.code, kept.passkey) == (2, second, None)
    with refused("backup_stale", Conflict):
        await put(world, anna, PutBackup(1, first))
    with refused("backup_stale", Conflict):
        await put(world, anna, PutBackup(5, first))


async def test_secrets_of_another_account_or_under_a_weak_code_are_refused(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    weak = bytearray(blob(anna))
    weak[34:38] = (1).to_bytes(4, "big")
    for raw, code in ((blob(bernd), "backup_invalid"), (bytes(178), "backup_invalid"), (bytes(weak), "backup_weak")):
        with refused(code, Invalid):
            await put(world, anna, PutBackup(0, raw))
    with refused("backup_invalid", Invalid):
        await put(world, anna, PutBackup(0, blob(anna), passkey=blob(anna)))
    assert (await get_backup(world.ports, anna.actor, GetBackup())).version == 0


async def test_entries_are_listed_as_they_came_and_the_manifest_names_them_all(world: World) -> None:
    writer = Writer(world, await world.person())
    for count in (3, 1):
        command = writer.add(count)
        await writer.send(command)
    await add_entries(world.ports, writer.person.actor, command)
    page = await list_entries(world.ports, writer.person.actor, ListEntries(1, 2))
    assert [entry.raw for entry in page.entries] == writer.kept[1:3]
    assert (page.backup.count, page.backup.xor, page.backup.manifest) == (4, entries_xor(writer.kept), command.manifest)
    assert (await list_entries(world.ports, (await world.person()).actor, ListEntries())).entries == []


@pytest.mark.parametrize("wrong", [{"version": 1}, {"version": 3}, {"count": 7}, {"xor": bytes(32)}])
async def test_a_manifest_that_names_something_else_is_refused(world: World, wrong: dict[str, Any]) -> None:
    writer = Writer(world, await world.person())
    await writer.send(writer.add(2))
    with refused("manifest_stale", Conflict):
        await writer.send(writer.add(1, **wrong))
    assert (await get_backup(world.ports, writer.person.actor, GetBackup())).count == 2


async def test_of_devices_that_add_at_once_one_gets_through_and_nothing_is_half_done(world: World) -> None:
    anna = await world.person()
    rivals = [Writer(world, anna) for _ in range(6)]
    tried = await asyncio.gather(*(rival.send(rival.add(5)) for rival in rivals), return_exceptions=True)
    assert sum(outcome is None for outcome in tried) == 1
    assert {str(outcome) for outcome in tried if outcome} == {"manifest_stale"}
    assert await world.database.backup_entries.count_documents({}) == 5


async def test_a_new_code_and_entries_that_come_at_once_are_both_kept(world: World) -> None:
    """They change different things: a device that backs up by itself never spoils what its person does."""
    anna = await world.person()
    writer = Writer(world, anna)
    for version in range(8):
        code = PutBackup(version, blob(anna), None)
        await asyncio.gather(put(world, anna, code), writer.send(writer.add(2)))
    kept = await get_backup(world.ports, anna.actor, GetBackup())
    assert (kept.version, kept.manifest_version, kept.count) == (8, 8, 16)


async def test_entries_of_another_account_are_refused(world: World) -> None:
    anna, bernd = Writer(world, await world.person()), Writer(world, await world.person())
    with refused("backup_invalid", Invalid):
        await add_entries(world.ports, anna.person.actor, bernd.add(1))


async def test_with_a_new_backup_key_the_old_entries_go_and_numbers_go_on(world: World) -> None:
    writer = Writer(world, await world.person())
    await put(world, writer.person, PutBackup(0, blob(writer.person)))
    await writer.send(writer.add(3))
    await put(world, writer.person, PutBackup(1, blob(writer.person), fresh=True))
    kept = await get_backup(world.ports, writer.person.actor, GetBackup())
    assert (kept.generation, kept.count, kept.manifest, kept.manifest_version) == (1, 0, None, 1)
    writer.kept = []
    await writer.send(writer.add(2))
    page = await list_entries(world.ports, writer.person.actor, ListEntries())
    assert [entry.n for entry in page.entries] == [4, 5]


async def test_there_is_an_end_to_what_is_kept(world: World) -> None:
    anna = await world.person()
    small = replace(world.ports, policy=replace(world.ports.policy, max_backup_entries=4))
    writer = Writer(replace(world, ports=small), anna)
    await writer.send(writer.add(4))
    with refused("quota_exceeded", Conflict):
        await writer.send(writer.add(1))
