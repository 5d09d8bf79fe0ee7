"""Who is in a room: rosters believed against pinned identities, and what all its device lists are called together."""

import asyncio
from itertools import pairwise, product

from client.errors import NotReady
from client.hub import Hub
from client.store import Store
from client.trust import Trust
from client.when import now_ms
from crypto import b64
from crypto.dkx.devlist import DevList
from crypto.dkx.error import DkxError, RosterError, RosterForbiddenError, RosterGapError
from crypto.dkx.peers import peers_hash
from crypto.dkx.primitive import HOUR_MS
from crypto.dkx.roster import Member, Role, Roster, check_successor
from crypto.dkx.sealing.account_pin import AccountPin
from crypto.dkx.sealing.signing import next_roster

REMEMBERED_MS = 48 * HOUR_MS
"""How long a replaced list may still be the one a sender knew (e2ee.md §5)."""
MAX_COMPARED = 64


class Rosters:
    def __init__(self, store: Store, trust: Trust, hub: Hub) -> None:
        self._store, self.trust, self._hub = store, trust, hub
        self._fetching = asyncio.Lock()

    async def newest(self, room: str) -> Roster:
        """The newest roster believed, fetched when there is none. Alarm."""
        return self._store.log.roster(room) or await self.refresh(room, from_seq=0)

    async def refresh(self, room: str, from_seq: int) -> Roster:
        """Fetch the newest roster; ``from_seq`` is the row of the log that told of it, 0 for the first."""
        async with self._fetching:
            sheet = await self._hub.get(f"/v1/rooms/{room}")
            return await self.believe(Roster.parse(b64.decode(sheet["roster"])), from_seq)

    async def believe(self, new: Roster, from_seq: int) -> Roster:
        """Keep a roster that verifies: signer, pinned identities, its own row, the one before. Alarm."""
        room = new.room.hex()
        for member in new.members:
            pin = await self.trust.account(member.account.hex())
            if pin.aik != member.aik:
                raise self.trust.alarm("roster_identity", member.account.hex(), room)
        self._check_own_row(new)
        try:
            self._check(new, self._store.log.roster(room))
        except DkxError as error:
            raise self.trust.alarm(error.code, new.signer_account.hex(), room) from error
        self._store.log.keep_roster(new, from_seq)
        return new

    def _check_own_row(self, new: Roster) -> None:
        """We stand in it as who we are; a roster older than our first device may not know us yet."""
        own = self._store.identity.own()
        if new.names(own.account, own.aik):
            return
        if new.member(own.account) is None and new.created < self._store.identity.cert.not_before:
            raise NotReady("the room's roster is older than this device")
        raise self.trust.alarm("own_row", own.account.hex(), new.room.hex())

    async def complete(self, roster: Roster) -> Roster:
        """Take in a party that had no device when the room was opened. NotReady while it still has none."""
        room, listed = roster.room.hex(), {member.account.hex() for member in roster.members}
        sheet = await self._hub.get(f"/v1/rooms/{room}")
        missing = [row for row in sheet["members"] if row["role"] <= Role.OWNER and row["user"] not in listed]
        if not missing:
            return roster
        pins = [(await self.trust.account(row["user"]), Role(row["role"])) for row in missing]
        members = [*roster.members, *(Member(pin.account, pin.aik, role) for pin, role in pins)]
        new = next_roster(self._store.identity.own(), roster, members, now_ms=now_ms())
        answer = await self._hub.command(f"/v1/rooms/{room}/roster", {"roster": b64.encode(new.raw)})
        return await self.believe(new, from_seq=answer["seq"])

    def _check(self, new: Roster, known: Roster | None) -> None:
        """A first contact may begin at any version; from then on each follows the one before."""
        pin = self.trust.pins.get(new.signer_account)
        holder = next((known for known in pin.lists if known.device(new.signer_device)), None) if pin else None
        if holder is None:
            raise RosterError("made by a device nobody knows")
        new.verify(holder)
        if known is None:
            return
        try:
            check_successor(known, new)
        except RosterGapError:
            self._check_across_gap(known, new)

    def _check_across_gap(self, known: Roster, new: Roster) -> None:
        """The hub serves the newest roster only: across missed ones, its signer must have had the right before."""
        signer = known.member(new.signer_account)
        if signer is None or not signer.role.may_change:
            raise RosterForbiddenError("signed by nobody who might")
        self.trust.warn("roster_gap", new.room.hex(), data={"from": known.version, "to": new.version})

    def peers(self, roster: Roster) -> bytes:
        """peers_hash of the newest lists of all members."""
        return peers_hash((pin.account, pin.current.hash) for pin in self._pins(roster) if pin.current)

    def explains(self, roster: Roster, named: bytes) -> bool:
        """Whether lists that are current, or were within the last 48 hours, have this peers_hash."""
        choices = [_recent(pin) for pin in self._pins(roster) if pin.lists]
        for tried, combination in enumerate(product(*choices)):
            if tried >= MAX_COMPARED:
                return False
            if peers_hash((known.account, known.hash) for known in combination) == named:
                return True
        return False

    def _pins(self, roster: Roster) -> list[AccountPin]:
        return [pin for member in roster.members if (pin := self.trust.pins.get(member.account))]


def _recent(pin: AccountPin) -> list[DevList]:
    """Newest first: the current list and those that were replaced less than 48 hours ago."""
    since = now_ms() - REMEMBERED_MS
    older = [old for old, successor in pairwise(pin.lists) if successor.created > since]
    return [pin.lists[-1], *reversed(older)]
