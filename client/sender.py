"""Sealing what was written: for exactly the devices that verify now, under a chain that fits them (e2ee.md §4, §5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from client.errors import NotReady
from client.hub import Hub
from client.rosters import Rosters
from client.store import Store
from client.store.chains import About, Stamps
from client.store.outgoing import Outgoing
from client.when import now_ms
from crypto import b64
from crypto.dkx.primitive import ZEROS16
from crypto.dkx.rest import ContentType, Rest
from crypto.dkx.roster import Roster
from crypto.dkx.sealing import packet
from crypto.dkx.sealing.body import ChainBody
from crypto.dkx.sealing.chain import SendingChain
from crypto.dkx.sealing.keys import OwnDevice
from crypto.dkx.sealing.message import seal
from crypto.dkx.sealing.packet import Address
from crypto.dkx.sealing.record import ChainRecord

PARTIES = 2
"""Every room has a renter and an owner, in its roster as soon as they have devices."""


class Sender:
    def __init__(self, store: Store, rosters: Rosters, hub: Hub) -> None:
        self._store, self._trust, self._rosters, self._hub = store, rosters.trust, rosters, hub
        self._checked: set[str] = set()

    async def seal(self, waiting: Outgoing) -> Mapping[str, Any]:
        """The payload of ``message:send``, kept on disk together with the chain it moved.

        Alarm while an identity has changed; NotReady while somebody's device has no usable prekey; Offline.
        """
        roster = await self._rosters.newest(waiting.room)
        if sum(member.role.may_change for member in roster.members) < PARTIES:
            roster = await self._rosters.complete(roster)
        accounts = [member.account.hex() for member in roster.members]
        for account in accounts:
            await self._trust.account(account)
        self._trust.check_unchanged(accounts)
        chain, addresses = await self._chain(waiting.room, roster, accounts)
        with self._store.transaction():
            packets = [] if addresses is None else self._tell_devices(chain, addresses, self._stamps(roster))
            message = self._message(waiting, roster, chain) | ({"keys": packets} if packets else {})
            self._store.outgoing.keep_sealed(waiting.n, message)
        return message

    async def _chain(
        self, room: str, roster: Roster, accounts: Sequence[str]
    ) -> tuple[SendingChain, list[Address] | None]:
        """The chain to go on with, or a new one and the devices that need its key."""
        await self._discard_if_rolled_back(room)
        chain = self._store.chains.sending(room)
        if chain is not None and not chain.reason_to_rotate(now_ms(), roster.hash, self._rosters.peers(roster)):
            return chain, None
        own = self._store.identity.own()
        addresses = await self._trust.addresses(accounts, but=own.device)
        return self._begin(room, roster, own), addresses

    def _begin(self, room: str, roster: Roster, own: OwnDevice) -> SendingChain:
        in_log = self._store.log.count_before(room, 2**62, own.device.hex(), "")
        return SendingChain.begin(
            bytes.fromhex(room),
            own.device,
            roster_hash=roster.hash,
            peers_hash=self._rosters.peers(roster),
            now_ms=now_ms(),
            sent_before=in_log + self._store.outgoing.count_acked(room),
        )

    async def _discard_if_rolled_back(self, room: str) -> None:
        """Once per start: a restored copy of this directory would use an index again that the hub has seen."""
        if room in self._checked:
            return
        chain = self._store.chains.sending(room)
        if chain is not None:
            answer = await self._hub.get(f"/v1/rooms/{room}/chains/{chain.id.hex()}")
            if chain.is_rolled_back(answer["index"]):
                self._trust.warn("rolled_back", room)
                self._store.chains.discard(room)
        self._checked.add(room)

    def _tell_devices(self, chain: SendingChain, addresses: Sequence[Address], lists: Stamps) -> list[dict[str, str]]:
        own = self._store.identity.own()
        about = About(chain.sent_before, chain.created, lists)
        self._store.chains.keep_record(ChainRecord.of(chain, own.account), about)
        body = ChainBody(
            start=chain.index,
            ck=chain.ck,
            csk=chain.csk.public,
            roster_hash=chain.roster_hash,
            devlist=self._store.identity.devlist.place,
            created=chain.created,
            sent_before=chain.sent_before,
        )
        sealed = (packet.seal(body, own, address, room=chain.room, chain=chain.id) for address in addresses)
        return [{"to": keys.to_dev.hex(), "pkt": b64.encode(keys.raw)} for keys in sealed]

    def _message(self, waiting: Outgoing, roster: Roster, chain: SendingChain) -> dict[str, Any]:
        after = self._store.log.newest_named(waiting.room)
        rest = Rest(
            ctype=ContentType(waiting.ctype),
            sent_at=waiting.written,
            after_seq=after.seq if after else 0,
            after_hash=(after.name or ZEROS16) if after else ZEROS16,
            peers_hash=chain.peers_hash,
            body=waiting.body,
        )
        envelope, moved = seal(chain, bytes.fromhex(waiting.cid), rest)
        self._store.chains.keep_sending(moved)
        return {
            "room": waiting.room,
            "cid": waiting.cid,
            "env": b64.encode(envelope),
            "chain": chain.id.hex(),
            "idx": chain.index,
            "dl": self._stamps(roster),
            "roster": roster.version,
        }

    def _stamps(self, roster: Roster) -> dict[str, list[int]]:
        pins = {member.account: self._trust.pins.get(member.account) for member in roster.members}
        stamps = {a.hex(): list(pin.current.place) for a, pin in pins.items() if pin and pin.current}
        if len(stamps) < len(roster.members):
            raise NotReady("a member's devices are not known")
        return stamps
