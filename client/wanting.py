"""Keys that are missing: asked for here, and answered for others who were meant to have them (e2ee.md §4)."""

import asyncio
from collections.abc import Mapping
from typing import Final

from client.errors import HubRefused, NotReady
from client.hub import Hub
from client.keyring import Keyring
from client.rosters import Rosters
from client.store import Store
from client.store.chains import About
from client.store.log import Entry
from crypto import b64
from crypto.dkx.devlist import DevList
from crypto.dkx.sealing import packet
from crypto.dkx.sealing.body import ChainBody, ForwardBody
from crypto.dkx.sealing.packet import Address
from crypto.dkx.sealing.record import ChainRecord

ASK_EVERY_S: Final = 60.0
MISSING: Final = frozenset({"no_key", "bad_key"})
NEVER: Final = "key_not_meant"
"""The message is older than this device: nobody will answer."""


class Wanting:
    """The hub only carries: whether a device may have a key is judged here, by the lists this device believes."""

    def __init__(self, store: Store, rosters: Rosters, keyring: Keyring, hub: Hub) -> None:
        self._store, self._rosters, self._keyring, self._hub = store, rosters, keyring, hub
        self._trust = rosters.trust
        self._asked: dict[tuple[str, str, bytes], float] = {}
        self._answering = asyncio.Lock()

    async def ask(self) -> bool:
        """Ask for each chain whose messages cannot be read, once a minute. True if packets have come: read again."""
        came = False
        for (room, device, chain), entries in self._missing().items():
            now = asyncio.get_running_loop().time()
            if now - self._asked.get((room, device, chain), -ASK_EVERY_S) >= ASK_EVERY_S:
                self._asked[room, device, chain] = now
                came = await self._ask(room, device, chain, entries) or came
        return came

    def _missing(self) -> dict[tuple[str, str, bytes], list[Entry]]:
        chains: dict[tuple[str, str, bytes], list[Entry]] = {}
        for entry in self._store.log.unreadable():
            if entry.reason in MISSING and entry.device and entry.chain:
                chains.setdefault((entry.room, entry.device, entry.chain), []).append(entry)
        return chains

    async def _ask(self, room: str, device: str, chain: bytes, entries: list[Entry]) -> bool:
        named = {"device": device, "chain": chain.hex()}
        try:
            answer = await self._hub.call("POST", f"/v1/rooms/{room}/keys/wanted", named)
        except HubRefused as refusal:
            if refusal.code == NEVER:
                self._store.log.give_up(entries, "before_device")
            return False
        for raw in answer["packets"]:
            self._keyring.note(room, device, chain.hex(), raw)
        return bool(answer["packets"])

    async def answer_all(self) -> None:
        """What others waited for while this device was away."""
        for want in (await self._hub.get("/v1/keys/wanted"))["wanted"]:
            await self.answer(want)

    async def answer(self, want: Mapping[str, str]) -> None:
        """Give a device the key of a chain, if it was meant to have it then and belongs to a member now."""
        async with self._answering:
            record = self._store.chains.record(want["room"], want["device"], bytes.fromhex(want["chain"]))
            own, to = self._store.identity.own(), bytes.fromhex(want["to"])
            if record is None or to == own.device:
                return
            about = self._store.chains.about(want["room"], want["device"], record.chain)
            if not await self._may_have(record, about, to):
                return
            address = await self._address(to)
            made = packet.seal(self._body(record, about), own, address, room=record.room, chain=record.chain)
        body = {name: want[name] for name in ("device", "chain", "to")} | {"pkt": b64.encode(made.raw)}
        await self._hub.call("PUT", f"/v1/rooms/{want['room']}/keys", body)

    def _body(self, record: ChainRecord, about: About) -> ChainBody | ForwardBody:
        keys = (record.start, record.ck, record.csk, record.roster_hash)
        if record.device != self._store.identity.own().device:
            return ForwardBody(*keys, owner_device=record.device, created=about.created)
        place = self._store.identity.devlist.place
        return ChainBody(*keys, devlist=place, created=about.created, sent_before=about.sent_before)

    async def _may_have(self, record: ChainRecord, about: About, to: bytes) -> bool:
        """In the lists valid when the chain began and in the newest, of a member of the roster then and now."""
        own = self._store.identity.own()
        owner = self._trust.pins.owner(to)
        if owner is None:
            return False
        pin = await self._trust.refresh(owner.hex())
        if pin.current is None or pin.current.device(to) is None:
            return False
        newest = await self._rosters.newest(record.room.hex())
        then = self._store.log.roster_by_hash(record.room.hex(), record.roster_hash)
        if not all(roster and roster.names(owner, pin.aik) for roster in (then, newest)):
            return False
        if record.device == own.device:
            return _was_listed(pin.lists, (about.lists or {}).get(owner.hex()), to)
        row = pin.current.device(to)
        return owner == own.account and row is not None and row.added <= about.created

    async def _address(self, to: bytes) -> Address:
        account = (self._trust.pins.owner(to) or b"").hex()
        addresses = await self._trust.addresses([account], but=self._store.identity.own().device)
        found = next((address for address in addresses if address.party.device == to), None)
        if found is None:
            raise NotReady("the device that asks has no prekey yet")
        return found


def _was_listed(lists: tuple[DevList, ...], place: list[int] | None, device: bytes) -> bool:
    return any(known.device(device) for known in lists if place is not None and known.place == tuple(place))
