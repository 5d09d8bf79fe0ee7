"""The keys of every chain, kept on the hub under the backup key: a new or restored device reads with them (e2ee.md §7).

Sealed here before they leave. Several devices of one account add to the same backup; what the hub keeps is compared
with its manifest each time, so that a hub which drops or mixes entries is noticed.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from client.errors import Alarm, HubRefused, NotReady
from client.hub import Hub
from client.rosters import Rosters
from client.store import Store
from client.when import now_ms
from crypto import b64
from crypto.dkx.backup import Entry, Manifest, entries_xor
from crypto.dkx.devlist import DevList
from crypto.dkx.error import BackupError, ChainConflictError
from crypto.dkx.primitive import ZEROS32
from crypto.dkx.roster import Roster
from crypto.dkx.sealing.backup_entry import RestoredChain, open_entry, seal_entry
from crypto.dkx.sealing.manifest import Contents, open_manifest, seal_manifest
from crypto.dkx.sealing.record import ChainRecord

BATCH: Final = 100
TRIES: Final = 6
STALE, FULL = "manifest_stale", "quota_exceeded"


@dataclass(frozen=True, slots=True)
class Seen:
    """How far this device has followed what the hub keeps: ``count`` entries to ``last``, ``xor`` of their hashes."""

    generation: int = 0
    last: int = 0
    count: int = 0
    xor: str = ZEROS32.hex()
    manifest: int = 0

    def after(self, entries: Sequence[bytes], last: int) -> "Seen":
        xor = entries_xor(entries, bytes.fromhex(self.xor)).hex()
        return replace(self, last=last, count=self.count + len(entries), xor=xor)

    def names(self, contents: Contents) -> bool:
        return (self.count, self.xor) == (contents.count, contents.xor.hex())


class Backup:
    def __init__(self, store: Store, hub: Hub, rosters: Rosters) -> None:
        self._store, self._hub, self._rosters, self._trust = store, hub, rosters, rosters.trust
        self._busy, self._full = asyncio.Lock(), False

    async def fetch(self) -> int:
        """Learn every chain the backup holds; answers how many entries are missing that its manifest names."""
        async with self._busy:
            return await self._follow()

    async def upload(self) -> None:
        """Add what it lacks. Devices that add at the same time take turns. NotReady while others have newer keys."""
        async with self._busy:
            tries = 0
            while self._store.chains.unbacked(1) and tries < TRIES:
                if await self._follow():
                    return
                tries = 0 if await self._add(self._store.chains.unbacked(BATCH)) else tries + 1

    async def _add(self, records: Sequence[ChainRecord]) -> bool:
        seen, bk = self._seen, self._store.identity.keys().bk
        account = self._store.identity.own().account
        entries = [seal_entry(record, account, bk).raw for record in records]
        then = replace(seen.after(entries, seen.last), manifest=seen.manifest + 1)
        contents = Contents(then.manifest, then.count, bytes.fromhex(then.xor), now_ms())
        manifest = seal_manifest(account, contents, bk).raw
        body = {"entries": [b64.encode(raw) for raw in entries], "manifest": b64.encode(manifest)}
        try:
            kept = await self._hub.call("POST", "/v1/backup/entries", body) if entries else {"last": seen.last}
        except HubRefused as refusal:
            if refusal.code == FULL and not self._full:
                self._full = True
                self._trust.warn("backup_full")
            if refusal.code != STALE:
                raise
            return False
        with self._store.transaction():
            self._mark(records)
            self._seen = replace(then, last=kept["last"]) if entries else seen
        return True

    async def _follow(self) -> int:
        """Entries in the order they came, each page on disk before the next is asked for."""
        bk = self._store.identity.keys().bk
        while True:
            seen = self._seen
            page = await self._hub.get("/v1/backup/entries", after=seen.last)
            if page["generation"] != seen.generation:
                self._start_over(page["generation"])
            elif page["entries"]:
                raws = [b64.decode(raw) for raw in page["entries"]]
                await self._learn(raws, bk, seen.after(raws, page["last"]))
            else:
                return self._compare(page, bk)

    def _start_over(self, generation: int) -> None:
        """There is another backup key: what was kept under the old one is gone, and comes anew."""
        with self._store.transaction():
            self._store.chains.forget_backed()
            self._seen = Seen(generation, manifest=self._seen.manifest)

    def _compare(self, page: Mapping[str, Any], bk: bytes) -> int:
        seen = self._seen
        if page["manifest"] is None:
            self._seen = replace(seen, manifest=page["manifest_version"])
            return 0
        try:
            manifest = Manifest.parse(b64.decode(page["manifest"]))
            contents = open_manifest(manifest, bk, at_least=max(1, seen.manifest))
        except BackupError:
            self._trust.warn("backup_rolled_back")
            return 1
        self._seen = replace(seen, manifest=contents.version)
        if not seen.names(contents):
            missing = max(1, contents.count - seen.count)
            self._trust.warn("backup_incomplete", data={"missing": missing})
            return missing
        return 0

    async def _learn(self, raws: Iterable[bytes], bk: bytes, then: Seen) -> None:
        chains = [chain for raw in raws if (chain := self._open(raw, bk))]
        rooms = {chain.room.hex() for chain in chains}
        await self._prepare(rooms)
        rosters = [roster for room in rooms for roster in self._store.log.rosters(room)]
        lists = {pin.account: pin.lists for pin in self._trust.pins.all()}
        with self._store.transaction():
            for chain in chains:
                self._store.chains.set_backed(chain.room.hex(), chain.device.hex(), chain.chain, chain.start)
                self._keep(chain, rosters, lists)
            self._seen = then

    def _open(self, raw: bytes, bk: bytes) -> RestoredChain | None:
        try:
            return open_entry(Entry.parse(raw), bk)
        except BackupError:
            self._trust.warn("backup_altered")
            return None

    async def _prepare(self, rooms: Collection[str]) -> None:
        """Rosters and lists by which authors are found; a room that is not ours any more has none for us."""
        for room in rooms:
            try:
                await self._rosters.catch_up(room)
            except (Alarm, NotReady):
                continue
            except HubRefused as refusal:
                if refusal.kind != "not_found":
                    raise
        rosters = [roster for room in rooms for roster in self._store.log.rosters(room)]
        for account in {member.account for roster in rosters for member in roster.members}:
            with suppress(Alarm, NotReady):
                await self._trust.fill(account.hex())

    def _keep(self, chain: RestoredChain, rosters: Sequence[Roster], lists: Mapping[bytes, Sequence[DevList]]) -> None:
        """What does not fit any roster we know is left in the backup."""
        room, device = chain.room.hex(), chain.device.hex()
        known = self._store.chains.record(room, device, chain.chain)
        try:
            record = self._rosters.attributed(chain.record(rosters, lists))
            record = known.merged(record) if known else record
        except BackupError:
            return
        except ChainConflictError as error:
            self._trust.warn(error.code, room, data={"device": device})
            return
        self._store.chains.keep_record(record, self._store.chains.about(room, device, chain.chain))

    def _mark(self, records: Iterable[ChainRecord]) -> None:
        for record in records:
            self._store.chains.set_backed(record.room.hex(), record.device.hex(), record.chain, record.start)

    @property
    def _seen(self) -> Seen:
        kept = self._store.identity.under_way("backup")
        return Seen(**kept) if kept else Seen()

    @_seen.setter
    def _seen(self, seen: Seen) -> None:
        self._store.identity.keep_under_way("backup", asdict(seen))
