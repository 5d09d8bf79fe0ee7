"""Key packets in, chain records out: believed only from a device of a member of the roster they name (e2ee.md §4)."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from client.errors import Alarm, NotReady
from client.rosters import Rosters
from client.store import Store
from client.when import now_ms
from crypto import b64
from crypto.dkx.devlist import DevList
from crypto.dkx.error import ChainConflictError, DevListMissingError, DkxError, KeyPacketError
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.roster import Roster
from crypto.dkx.sealing.accept import accept_chain, accept_forward
from crypto.dkx.sealing.body import ChainBody, ForwardBody
from crypto.dkx.sealing.keys import Party
from crypto.dkx.sealing.packet import open_packet
from crypto.dkx.sealing.prekey import is_rolled_back
from crypto.dkx.sealing.record import ChainRecord

MAX_EARLY = 500
SKEW_MS = 10 * 60_000
"""How far the clocks of two devices may be apart."""
MAX_ANSWERS = 4
"""Packets kept for one chain: its device and others of our own may all answer."""


class Keyring:
    """Reads packets when a message needs them; ``note`` keeps those that come ahead of their message."""

    def __init__(self, store: Store, rosters: Rosters) -> None:
        self._store, self._trust, self._rosters = store, rosters.trust, rosters
        self._early: dict[tuple[str, str, str], list[str]] = {}

    def note(self, room: str, device: str, chain: str, packet: str) -> None:
        """A packet told live for a chain of ``device``. Its message may never come, so only the newest are kept."""
        known = self._early.pop((room, device, chain), [])
        self._early[room, device, chain] = [*known[1 - MAX_ANSWERS :], packet]
        while len(self._early) > MAX_EARLY:
            del self._early[next(iter(self._early))]

    async def record(self, room: str, device: str, chain: bytes, packet: str | None) -> ChainRecord:
        """The record of a chain, learned from ``packet`` or an early one if it is new.

        DkxError when there is none or it is not believed; Alarm when the sender's identity has changed.
        """
        early = self._early.pop((room, device, chain.hex()), [])
        failed: Exception | None = None
        for raw in (packet, *early):
            try:
                if raw is not None:
                    await self._learn(room, raw)
            except (DkxError, b64.Base64Error, Alarm, NotReady) as error:
                failed = error
        record = self._store.chains.record(room, device, chain)
        if record is None:
            raise failed or KeyPacketError("no key yet")
        return record

    async def _learn(self, room: str, raw: str) -> None:
        packet = KeyPacket.parse(b64.decode(raw))
        if packet.room.hex() != room:
            raise KeyPacketError("of another room")
        body = self._open(packet, await self._sender(packet))
        record = await self._accept(packet, body)
        known = self._store.chains.record(room, record.device.hex(), record.chain)
        try:
            merged = known.merged(record) if known else record
        except ChainConflictError as error:
            self._trust.warn(error.code, room, data={"device": packet.from_dev.hex()})
            return
        before = self._store.chains.about(room, record.device.hex(), record.chain)
        sent_before = body.sent_before if isinstance(body, ChainBody) else before.sent_before
        self._store.chains.keep_record(merged, replace(before, sent_before=sent_before, created=body.created))

    async def _sender(self, packet: KeyPacket) -> Party:
        """The pinned keys of the sending device; lists are fetched again before it is called unknown."""
        party = self._trust.pins.party(packet.from_dev)
        if party is None:
            await self._refresh_all(packet.room.hex())
            party = self._trust.pins.party(packet.from_dev)
        if party is None:
            raise DevListMissingError("from a device nobody listed")
        return party

    async def _refresh_all(self, room: str) -> None:
        for member in (await self._rosters.newest(room)).members:
            await self._trust.refresh(member.account.hex())

    def _open(self, packet: KeyPacket, sender: Party) -> ChainBody | ForwardBody:
        prekey = self._store.identity.prekey(packet.spk_id)
        if prekey is None or prekey.document.id != packet.spk_id:
            raise KeyPacketError("made for a prekey that is gone")
        one_time = self._store.identity.one_time(packet.opk_id) if packet.opk_id else None
        body = open_packet(packet, sender, self._store.identity.own(), prekey.key, one_time)
        self._store.identity.one_time_used(packet.opk_id, now_ms())
        if is_rolled_back(prekey.replaced, body.created):
            self._trust.warn("spk_rollback", packet.room.hex(), data={"device": sender.device.hex()})
            self._store.chains.discard(packet.room.hex())
        return body

    async def _accept(self, packet: KeyPacket, body: ChainBody | ForwardBody) -> ChainRecord:
        roster = await self._roster(packet.room.hex(), body.roster_hash)
        if isinstance(body, ForwardBody):
            versions = {member.account: self._lists(member.account) for member in roster.members}
            record = accept_forward(packet, body, self._store.identity.devlist, roster, versions)
            return self._rosters.attributed(record)
        self._check_in_time(packet.from_dev, body.created)
        try:
            return accept_chain(packet, body, roster, self._holding(roster, packet.from_dev))
        except DevListMissingError:
            await self._trust.refresh((self._trust.pins.owner(packet.from_dev) or b"").hex())
            return accept_chain(packet, body, roster, self._holding(roster, packet.from_dev))

    def _check_in_time(self, device: bytes, created: int) -> None:
        """A device that was removed begins no chain afterwards, whoever passes it on."""
        lists = self._lists(self._trust.pins.owner(device) or b"")
        for before, after in pairwise(lists):
            if before.device(device) and not after.device(device) and created > after.created + SKEW_MS:
                raise KeyPacketError("from a device that was removed before")

    async def _roster(self, room: str, name: bytes) -> Roster:
        roster = self._store.log.roster_by_hash(room, name)
        if roster is None:
            await self._rosters.catch_up(room)
            roster = self._store.log.roster_by_hash(room, name)
        if roster is None:
            raise KeyPacketError("made for a roster that is not known")
        return roster

    def _holding(self, roster: Roster, device: bytes) -> Mapping[bytes, DevList]:
        """For each member the current list, or for the owner of a former device the last list that had it."""
        held = {}
        for member in roster.members:
            lists = self._lists(member.account)
            if lists:
                held[member.account] = next((known for known in reversed(lists) if known.device(device)), lists[-1])
        return held

    def _lists(self, account: bytes) -> tuple[DevList, ...]:
        pin = self._trust.pins.get(account)
        return pin.lists if pin else ()


def why_not(error: Exception) -> str:
    """The reason shown in place of a message whose key is not there."""
    if isinstance(error, Alarm):
        return "key_changed"
    if isinstance(error, NotReady | DevListMissingError) or str(error) == "no key yet":
        return "no_key"
    return "bad_key" if isinstance(error, DkxError) else "no_key"
